"""What asking a model costs one process: litellm alone, or runtime.models.routed with and without it.

python -m bench.raw_models litellm --url http://127.0.0.1:8090 --together 100 --seconds 4
"""

import argparse
import asyncio
import importlib
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import psutil
import uvloop

from bench.load import percentile
from runtime.models.completion import Request
from runtime.models.providers import Endpoint
from runtime.models.routed import RoutedModels

QUESTION = [{"role": "user", "content": "你好，请介绍一下你自己"}]
Ask = Callable[[], Awaitable[Any]]


@asynccontextmanager
async def litellm_alone(url: str) -> AsyncIterator[Ask]:
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    litellm: Any = importlib.import_module("litellm")
    litellm.suppress_debug_info = True
    yield lambda: litellm.acompletion(
        model="hosted_vllm/bench", api_base=f"{url}/v1", api_key="none", messages=QUESTION
    )
    await litellm.close_litellm_async_clients()


class OneEndpoint:
    """runtime.models.providers.Endpoints with the fake model in it."""

    def __init__(self, url: str, provider: str) -> None:
        given = {"name": "fake", "provider": provider, "api_base": f"{url}/v1", "api_key": "none"}
        self._endpoint = Endpoint.model_validate(given)

    def endpoints(self) -> list[Endpoint]:
        return [self._endpoint]

    def find(self, name: str) -> Endpoint | None:
        return self._endpoint

    def default_model(self) -> str:
        return "fake/bench"


@asynccontextmanager
async def ours(url: str, provider: str) -> AsyncIterator[Ask]:
    models = RoutedModels(OneEndpoint(url, provider))
    yield lambda: models.complete(Request("fake/bench", QUESTION))
    await models.close()


CLIENTS: dict[str, Callable[[str], AbstractAsyncContextManager[Ask]]] = {
    "litellm": litellm_alone,
    "ours through litellm": lambda url: ours(url, "deepseek"),
    "ours directly": lambda url: ours(url, "openai_compatible"),
}


async def measure(ask: Ask, together: int, seconds: float) -> dict[str, float]:
    """`together` callers, each with one call in flight. Milliseconds."""
    await asyncio.gather(*(ask() for _ in range(4)))
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def caller() -> None:
        while (began := time.perf_counter()) < end:
            await ask()
            took.append(time.perf_counter() - began)

    began, spent, helpers = time.perf_counter(), time.process_time(), _helpers()
    await asyncio.gather(*(caller() for _ in range(together)))
    return {
        "per_s": len(took) / (time.perf_counter() - began),
        "p50": 1000 * percentile(took, 0.5),
        "p99": 1000 * percentile(took, 0.99),
        "cpu": 1000 * (time.process_time() - spent) / len(took),
        "helpers": 1000 * (_helpers() - helpers) / len(took),
    }


def _helpers() -> float:
    """CPU seconds of the processes that were started: litellm's."""
    times = [helper.cpu_times() for helper in psutil.Process().children(recursive=True)]
    return float(sum(time.user + time.system for time in times))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("client", choices=CLIENTS)
    parser.add_argument("--url", required=True)
    parser.add_argument("--together", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=4)
    given = parser.parse_args()

    async def run() -> dict[str, float]:
        async with CLIENTS[given.client](given.url) as ask:
            return await measure(ask, given.together, given.seconds)

    print(json.dumps(uvloop.run(run())))


if __name__ == "__main__":
    main()
