"""Rows 1, 2 and 4: how fast a message is acknowledged, and that a repeat costs nothing."""

import asyncio
from dataclasses import replace
from statistics import median

from bench.ground import Ground
from bench.load import Load, percentile
from bench.table import Row
from runtime.simulator.wechat.accounts import of_kind

SLO, WORST = 0.1, 0.5
"""Seconds: the median p99 of a passed step, and the slowest repeat."""
RATES = (50, 100, 200, 300, 400, 500, 750, 1000, 1250, 1500, 2000, 2500, 3000)
QUICK_RATES = (100, 250, 500, 1000, 2000)
PEOPLE = 1000
"""Turns that wait for the model; in a quick run a fifth of it."""


async def ceiling(ground: Ground, load: Load, first: int) -> tuple[int, float]:
    """The highest rate a second that was acknowledged in time, and its p99 in ms."""
    best, best_p99 = 0, 0.0
    for rate in [rate for rate in (QUICK_RATES if ground.quick else RATES) if rate >= first]:
        p99s = []
        for _ in range(int(ground.of(1, 3))):
            wave = await load.wave(rate, int(rate * ground.of(1, 4)), PEOPLE, settle=0)
            p99s.append(percentile(wave.acks, 0.99))
            if wave.acknowledged < wave.messages or p99s[-1] > WORST:
                return best, best_p99
        if median(p99s) > SLO:
            break
        best, best_p99 = rate, 1000 * median(p99s)
    return best, best_p99


async def durable_ack(ground: Ground) -> list[Row]:
    limits = {}
    for mode in ("ack", "durable"):
        async with ground.bare(mode) as (url, _):
            limits[mode] = await ceiling(ground, ground.load(url), 500)
    ground.model.latency = 0.2
    async with ground.gateway() as gateway:
        # from here on it is a backlog that is measured too: turns go on when a step is over
        busy, busy_p99 = await ceiling(ground, ground.load(gateway.callback), 50)
    alone, alone_p99, cpu = await _acceptance_alone(ground)
    bare, bare_p99 = limits["ack"]
    stored, stored_p99 = limits["durable"]
    shown = f"{bare}/s p99 {bare_p99:.0f} ms; durable {stored}/s p99 {stored_p99:.0f} ms"
    target = f">= {bare // 2}/s"
    return [
        Row("1", "durable ack, while turns run (model 0.2 s)", shown, f"{busy}/s p99 {busy_p99:.0f} ms",
            target, busy >= bare / 2, busy / max(bare, 1)),
        Row("1a", "durable ack alone (1000 turns wait for the model)", shown,
            f"{alone}/s p99 {alone_p99:.0f} ms, {cpu:.2f} ms CPU", f"{target}, CPU <= 0.8 ms",
            alone >= bare / 2 and cpu <= 0.8, alone / max(bare, 1)),
    ]  # fmt: skip


async def _acceptance_alone(ground: Ground) -> tuple[int, float, float]:
    """With every place for a turn taken, a message is stored and waits: that is the ack and nothing else."""
    ground.model.latency = 120.0
    async with ground.gateway() as gateway:
        load = ground.load(gateway.callback)
        people = int(ground.of(PEOPLE / 5, PEOPLE))
        await load.wave(100, people, people, settle=0)
        await _taken(ground, people)
        best, p99 = await ceiling(ground, load, 50)
        before, count = gateway.program.cpu(), int(200 * ground.of(1, 5))
        await load.wave(200, count, PEOPLE, settle=0)
        return best, p99, 1000 * (gateway.program.cpu() - before) / count


async def ack_beside_slow_turns(ground: Ground) -> list[Row]:
    async with ground.bare("durable") as (url, _):
        wave = await ground.load(url).wave(200, int(200 * ground.of(1, 5)), PEOPLE, settle=0)
        bare = 1000 * percentile(wave.acks, 0.99)
    figures = {}
    for latency in (0.2, 20.0):
        ground.model.latency = latency
        async with ground.gateway() as gateway:
            load = ground.load(gateway.callback)
            if latency > 1:
                people = int(ground.of(PEOPLE / 5, PEOPLE))
                await load.wave(100, people, people, settle=0)
                await _taken(ground, people)
            wave = await load.wave(200, int(200 * ground.of(1, 5)), PEOPLE, settle=0)
            figures[latency] = 1000 * percentile(wave.acks, 0.99)
    slow, fast = figures[20.0], figures[0.2]
    return [
        Row("2", "p99 ack at 200/s beside 1000 turns of 20 s", f"{bare:.0f} ms",
            f"{slow:.0f} ms; model 0.2 s: {fast:.0f} ms", "<= 50 ms, <= 1.2 x at 0.2 s",
            slow <= 50 and slow <= 1.2 * fast, slow / bare)
    ]  # fmt: skip


async def one_call_a_message(ground: Ground) -> list[Row]:
    """Every attempt comes three times at once, and the model is slow enough that WeChat repeats."""
    ground.model.latency = 6.0
    account = replace(of_kind("unverified_subscription"), app_id=ground.account.app_id)
    count = int(ground.of(30, 300))
    ground.platform.accounts[account.app_id] = account
    try:
        async with ground.gateway(account=account, warm=False) as gateway:
            gateway.program.start()
            await gateway.ready()
            load = replace(ground.load(gateway.callback), account=account, copies=3)
            wave = await load.wave(20, count, count, settle=15)
    finally:
        ground.platform.accounts[account.app_id] = ground.account
    calls = sum(ground.model.begun.values()) / count
    twice = sum(number > 1 for number in ground.model.begun.values())
    return [
        Row("4", "model calls a message, sent again and in threes", "1.000",
            f"{calls:.3f}; answered {wave.answered}/{count}", "1.000", calls == 1, calls, harm=twice)
    ]  # fmt: skip


async def _taken(ground: Ground, turns: int) -> None:
    """Until so many calls are open at the model."""
    for _ in range(600):
        if len(ground.model.open) >= turns:
            return
        await asyncio.sleep(0.05)
