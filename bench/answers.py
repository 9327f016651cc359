"""Rows 3, 6, 7, 8 and 12: what an answer costs, and that everybody gets one."""

import asyncio
from typing import Any

from bench.ground import Ground
from bench.installation import AGENT
from bench.invariants import Verdict, check
from bench.load import Wave, percentile
from bench.table import Row

WITH_TOOL: dict[str, Any] = {
    **AGENT,
    "flow": [{"type": "model", "id": "answer", "model": "fake/bench", "tools": [{"type": "clock"}]}],
}


async def everybody(ground: Ground) -> list[Row]:
    people = int(ground.of(100, 1000))
    rows = []
    for latency in (3.0,) if ground.quick else (8.0, 20.0):
        ground.model.latency = latency
        async with ground.bare("answer") as (url, _):
            bare = await ground.load(url).wave(people / 5, people, people, settle=latency + 10)
        async with ground.gateway() as gateway:
            load = ground.load(gateway.callback)
            wave = await load.wave(people / 5, people, people, settle=latency + 15)
            await asyncio.sleep(0.5)
            load.history.calls = list(ground.model.calls)
            rows.append(_everybody(people, latency, bare, wave, check(load.history)))
    return rows


def _everybody(people: int, latency: float, bare: Wave, wave: Wave, verdict: Verdict) -> Row:
    p50, p99 = (1000 * (percentile(wave.answers, share) - latency) for share in (0.5, 0.99))
    bare_p50 = 1000 * (percentile(bare.answers, 0.5) - latency)
    lost, twice = people - wave.answered, len(verdict.doubled)
    return Row(
        "3",
        f"answered, {people} people in 5 s, model {latency:.0f} s",
        f"{bare.answered}/{people}, +{bare_p50:.0f} ms",
        f"{wave.answered}/{people}, {twice} twice, +{p50:.0f} ms p99 +{p99:.0f} ms",
        "all, 0 twice, +60 ms p99 +300 ms",
        lost == 0 and twice == 0 and p50 <= 60 and p99 <= 300,
        p50 / bare_p50,
        harm=lost + twice,
    )


async def cost_of_a_turn(ground: Ground) -> list[Row]:
    ground.model.latency = 0.2
    alone = await ground.raw_models("litellm", 5)
    async with ground.gateway() as gateway:
        load, count = ground.load(gateway.callback), int(ground.of(60, 300))
        before, helpers = gateway.program.cpu(), gateway.program.helpers_cpu()
        wave = await load.wave(20, count, count, settle=10)
        own = 1000 * (gateway.program.cpu() - before) / count
        beside = 1000 * (gateway.program.helpers_cpu() - helpers) / count
    cpu, most = own + beside, 2.5 if ground.way == "through litellm" else 3.0
    shown = f"{cpu:.2f} ms" + (f", {own:.2f} of it in the gateway" if beside else "")
    return [
        Row("6", "CPU of a complete turn at 20/s", f"{alone['cpu']:.2f} ms litellm alone", shown,
            f"<= litellm + 1.5 ms, gateway <= {most} ms", cpu <= alone["cpu"] + 1.5 and own <= most,
            cpu / alone["cpu"], harm=count - wave.answered)
    ]  # fmt: skip


async def sustained(ground: Ground) -> list[Row]:
    """More than can be answered is offered, and all of it must be answered in the end."""
    ground.model.latency = 0.2
    alone = await ground.raw_models("litellm", 100)
    async with ground.gateway() as gateway:
        load, count = ground.load(gateway.callback), int(ground.of(300, 3000))
        wave = await load.wave(300, count, 1000, settle=60)
        rate = wave.answered / wave.seconds
    return [
        Row("7", "answers a second, model 0.2 s, 300/s offered",
            f"{alone['per_s']:.0f}/s litellm, one process", f"{rate:.0f}/s",
            ">= 0.8 x litellm and >= 300/s", rate >= max(300, 0.8 * alone["per_s"]),
            rate / alone["per_s"], harm=count - wave.answered)
    ]  # fmt: skip


async def tool_round(ground: Ground) -> list[Row]:
    ground.model.latency, ground.model.tool, ground.model.arguments = 0.2, "clock", {}
    try:
        async with ground.gateway(WITH_TOOL) as gateway:
            load, count = ground.load(gateway.callback), int(ground.of(40, 150))
            before = gateway.program.cpu()
            wave = await load.wave(10, count, count, settle=10)
            cpu = 1000 * (gateway.program.cpu() - before) / count
    finally:
        ground.model.tool = ""
    by_round = {(call.id, call.round): call for call in ground.model.calls}
    gaps = [
        1000 * (by_round[id, 1].began - call.ended)
        for (id, round_), call in by_round.items()
        if round_ == 0 and (id, 1) in by_round
    ]
    p50 = percentile(gaps, 0.5)
    return [
        Row("8", "tool round: model done to its next call", "", f"{p50:.1f} ms, {cpu:.1f} ms CPU a turn",
            "<= 4 ms p50, <= 10 ms CPU", p50 <= 4 and cpu <= 10, harm=count - wave.answered)
    ]  # fmt: skip


async def model_client(ground: Ground) -> list[Row]:
    ground.model.latency = 0.2
    alone = await ground.raw_models("litellm", 100)
    rows = []
    for number, client in (("12", "ours directly"), ("12a", "ours through litellm")):
        ours = await ground.raw_models(client, 100)
        rows.append(
            Row(number, f"model client at 100 in flight, {client}",
                f"litellm p50 {alone['p50']:.0f} ms, {alone['cpu']:.2f} ms CPU",
                f"p50 {ours['p50']:.0f} ms, {ours['cpu']:.2f} ms CPU"
                + (f" and {ours['helpers']:.2f} in its process" if ours["helpers"] else ""),
                "p50 <= litellm + 2 ms",
                ours["p50"] <= alone["p50"] + 2, ours["cpu"] / alone["cpu"])
        )  # fmt: skip
    return rows
