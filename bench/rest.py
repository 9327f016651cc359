"""Row 9: the chat API."""

import asyncio
import json
import time
from collections import Counter

from bench.client import Client
from bench.ground import Ground
from bench.installation import Installation
from bench.load import percentile
from bench.table import Row

LATENCY = 0.2


async def chat_api(ground: Ground) -> list[Row]:
    ground.model.latency = LATENCY
    many = int(ground.of(200, 1000))
    alone = {together: await ground.raw_models("litellm", together) for together in (100, many)}
    async with ground.gateway() as gateway:
        took, failed, _ = await ladder(gateway, 100, ground.of(2, 5))
        _, failed_at_many, rate = await ladder(gateway, many, ground.of(2, 8))
    added, failures = 1000 * (percentile(took, 0.5) - LATENCY), failed + failed_at_many
    target = 0.8 * alone[many]["per_s"]
    return [
        Row("9", f"chat API: added p50 at 100; throughput at {many}",
            f"litellm +{alone[100]['p50'] - 1000 * LATENCY:.0f} ms; {alone[many]['per_s']:.0f}/s",
            f"+{added:.0f} ms; {rate:.0f}/s, {sum(failures.values())} failed",
            f"<= +15 ms; >= {target:.0f}/s, 0 failed",
            added <= 15 and rate >= target and not failures, rate / alone[many]["per_s"])
    ]  # fmt: skip


async def ladder(
    gateway: Installation, together: int, seconds: float
) -> tuple[list[float], Counter[str], float]:
    """Times of those answered, failures by kind, and answers a second."""
    client = Client(f"{gateway.url}/v1/chat/completions", keep=True)
    body = json.dumps({"model": "bench", "messages": [{"role": "user", "content": "你好 Q1E"}]}).encode()
    headers = f"Authorization: Bearer {gateway.key}\r\nContent-Type: application/json\r\n"
    raw = client.raw("POST", client.path, body, headers)
    took, failures = list[float](), Counter[str]()
    began = time.perf_counter()

    async def caller() -> None:
        while (start := time.perf_counter()) < began + seconds:
            try:
                answer = await client.request(raw, 60)
            except (OSError, TimeoutError) as e:
                failures[type(e).__name__] += 1
                continue
            if answer.status == 200 and b"A1A" in answer.body:
                took.append(time.perf_counter() - start)
            else:
                failures[f"http {answer.status}"] += 1

    await asyncio.gather(*(caller() for _ in range(together)))
    return took, failures, len(took) / (time.perf_counter() - began)
