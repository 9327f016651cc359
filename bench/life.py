"""Rows 5, 10 and 11: kill -9, cold start, memory."""

import asyncio
import time

from bench.client import Client
from bench.ground import API_LATENCY, Ground
from bench.installation import Installation
from bench.invariants import check
from bench.load import percentile
from bench.table import Row
from runtime.simulator.wechat.wire import Wire

IN_FLIGHT = 100


async def killed(ground: Ground) -> list[Row]:
    rows = []
    for _ in range(int(ground.of(1, 3))):
        ground.model.latency = latency = ground.of(4.0, 8.0)
        async with ground.gateway() as gateway:
            load = ground.load(gateway.callback)
            running = asyncio.create_task(load.wave(50, IN_FLIGHT, IN_FLIGHT, settle=60))
            await asyncio.sleep(2.5)
            gateway.program.kill()
            killed_at = time.time()
            load.history.kills.append(killed_at)
            await asyncio.sleep(0.5)
            gateway.program.start()
            restarted_at = time.time()
            wave = await running
            await asyncio.sleep(2)
            load.history.calls = list(ground.model.calls)
            verdict = check(load.history)
        resumed = [shown.at for shown in load.history.shown if shown.at > killed_at]
        first = min(resumed, default=restarted_at + 99) - restarted_at - latency
        extra = sum(count - 1 for count in ground.model.begun.values())
        lost = IN_FLIGHT - wave.answered
        rows.append(
            Row("5", f"kill -9 with 100 in flight, model {latency:.0f} s", "0/100",
                f"{wave.answered}/100, {len(verdict.doubled)} twice, {extra} extra calls, "
                f"first at +{first:.1f} s",
                "100/100, 0 twice, <= 100 extra, <= +3 s",
                lost == 0 and not verdict.doubled and extra <= IN_FLIGHT and first <= 3,
                harm=lost + len(verdict.doubled))
        )  # fmt: skip
    return rows


async def cold_start(ground: Ground) -> list[Row]:
    """From the start of the process until a message is acknowledged; one is tried every 50 ms."""
    ground.model.latency = 0.2
    took = []
    for _ in range(int(ground.of(2, 5))):
        async with ground.gateway(warm=False) as gateway:
            gateway.program.start()
            took.append(await _first_ack(ground, gateway))
    worst = max(took)
    return [
        Row("10", "cold start to the first ack", "0.5 s",
            f"{percentile(took, 0.5):.2f} s, slowest {worst:.2f} s", "<= 2 s", worst <= 2,
            percentile(took, 0.5) / 0.5)
    ]  # fmt: skip


async def _first_ack(ground: Ground, gateway: Installation) -> float:
    wire, client = Wire(ground.account), Client(gateway.callback)
    while True:
        push = wire.push(_hello(ground.account.original_id), time.time())
        raw = client.raw("POST", f"{client.path}?{push.query_string}", push.body)
        try:
            if (await client.request(raw, 5)).status == 200:
                return time.time() - gateway.program.started_at
        except (OSError, TimeoutError):
            await asyncio.sleep(0.05)
        if gateway.program.exit_code() is not None:
            raise ChildProcessError("the gateway ended at its start")


def _hello(account: str) -> dict[str, str | int]:
    return {
        "ToUserName": account,
        "FromUserName": "o_cold",
        "CreateTime": int(time.time()),
        "MsgType": "text",
        "Content": "你好",
        "MsgId": time.time_ns() // 1000,
    }


async def memory(ground: Ground) -> list[Row]:
    ground.model.latency = API_LATENCY
    async with ground.gateway() as gateway:
        await asyncio.sleep(3)
        idle, people = gateway.program.rss(), int(ground.of(300, 10_000))
        beside = gateway.program.helpers_rss()
        wave = await ground.load(gateway.callback).wave(60, people, people, settle=120)
        grown = gateway.program.rss() - idle
        more = f", litellm's process {beside:.0f} MB; {gateway.program.helpers_rss() - beside:+.0f} MB"
    return [
        Row("11", f"memory idle; after {people} people", "52 MB",
            f"{idle:.0f} MB; +{grown:.0f} MB{more if beside else ''}",
            "<= 150 MB; <= +60 MB", idle <= 150 and grown <= 60, idle / 52, harm=people - wave.answered)
    ]  # fmt: skip
