"""Rows 20 to 22: what PostgreSQL costs, and what a second gateway brings."""

import asyncio
import contextlib
import resource
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from statistics import median

from bench import nginx, postgres
from bench.ground import Ground
from bench.installation import Installation
from bench.invariants import check
from bench.load import percentile
from bench.table import Row

DURABLE = {"fsync": "on", "max_connections": "100", "shared_buffers": "256MB"}
LATENCY = 1.0
"""Seconds that the model takes. Were it more, one gateway would wait for want of turns at once, and two would
look better than they are."""
TOGETHER = 48
"""Callbacks at once: more than two gateways can work on."""
BEFORE = 2 * LATENCY
"""Seconds before it is counted: until then turns begin, and none ends."""
SECONDS = 10.0
FIGURES = ("answered", "acks", "gateways", "load")


async def cost_of_postgresql(ground: Ground) -> list[Row]:
    """In pairs, since both suffer from the same neighbours."""
    ground.model.latency = 0.2
    pairs, lost = list[tuple[float, float]](), 0
    count = int(ground.of(60, 300))
    async with postgres.running(**DURABLE) as server:
        for number in range(int(ground.of(1, 3))):
            async with ground.gateway() as one:
                sqlite, missed = await _cost(ground, one, count)
            async with ground.gateways(1, f"{server.url}?schema=cost{number}") as [two]:
                other, missed_too = await _cost(ground, two, count)
            pairs.append((sqlite, other))
            lost += missed + missed_too
    sqlite, other = (median(one[n] for one in pairs) for n in (0, 1))
    ratio = median(b / a for a, b in pairs)
    return [
        Row("20", "CPU of a complete turn in the gateway, PostgreSQL beside SQLite", f"{sqlite:.2f} ms",
            f"{other:.2f} ms", "<= 1.5 x SQLite's", ratio <= 1.5, ratio, harm=lost)
    ]  # fmt: skip


async def _cost(ground: Ground, gateway: Installation, count: int) -> tuple[float, int]:
    """ms of CPU a message, and how many were not answered."""
    before = gateway.program.cpu()
    wave = await ground.load(gateway.callback).wave(20, count, count, settle=20)
    return 1000 * (gateway.program.cpu() - before) / count, count - wave.answered


@dataclass(frozen=True)
class Rush:
    """Messages a second that were taken and answered, until the last of them was. Acks a second meanwhile say
    little alone: one gateway puts off turns for them. Cores in use: of the gateways, and of people, platform
    and model."""

    answered: float
    acks: float
    gateways: float
    load: float
    lost: int


async def two_beside_one(ground: Ground) -> list[Row]:
    """Through nginx both, in pairs: a second hop costs one gateway as much as it costs two."""
    ground.model.latency = LATENCY
    pairs = list[tuple[Rush, Rush]]()
    async with postgres.running(**DURABLE) as server:
        for number in range(int(ground.of(1, 3))):
            found = []
            for count in (1, 2):
                where = f"{server.url}?schema=rush{number}_{count}"
                async with ground.gateways(count, where) as all, _front(all) as url:
                    found.append(await _rush(ground, url, all))
            pairs.append((found[0], found[1]))
    ratio = median(two.answered / one.answered for one, two in pairs)
    ones, twos = zip(*pairs, strict=True)
    return [
        Row("21", f"messages taken and answered a second (model {LATENCY:.0f} s), two gateways beside one",
            _told(ones), _told(twos), ">= 1.4 x one", ratio >= 1.4, ratio,
            harm=sum(one.lost for one in (*ones, *twos)))
    ]  # fmt: skip


def _told(found: Sequence[Rush]) -> str:
    answered, acks, gateways, load = (median(getattr(one, name) for one in found) for name in FIGURES)
    return f"{answered:.0f}/s (acks {acks:.0f}/s); cores: gateways {gateways:.2f}, load {load:.2f}"


async def _rush(ground: Ground, url: str, all: list[Installation]) -> Rush:
    load, began = ground.load(url), time.monotonic()
    rushing = asyncio.create_task(load.crowd(TOGETHER, BEFORE + SECONDS, settle=120))
    await asyncio.sleep(BEFORE)
    before = _spent(all), _own_cpu(), len(load.history.acknowledged)
    await asyncio.sleep(SECONDS)
    after = _spent(all), _own_cpu(), len(load.history.acknowledged)
    wave = await rushing
    answered = wave.answered / (time.monotonic() - began - LATENCY)
    gateways, people, acks = ((b - a) / SECONDS for a, b in zip(before, after, strict=True))
    return Rush(answered, acks, gateways, people, wave.messages - wave.answered)


def _spent(all: list[Installation]) -> float:
    """CPU seconds of the gateways."""
    return sum(one.program.cpu() for one in all)


def _own_cpu() -> float:
    """CPU seconds of this process: people, platform and model."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextlib.asynccontextmanager
async def _front(all: list[Installation]) -> AsyncIterator[str]:
    """The callback's address behind nginx."""
    async with nginx.before([one.port for one in all]) as port:
        yield f"http://127.0.0.1:{port}{all[0].path}"


async def everybody_on_two(ground: Ground) -> list[Row]:
    people, latency = int(ground.of(200, 1000)), ground.of(5.0, 20.0)
    ground.model.latency = latency
    async with (
        postgres.running(**DURABLE) as server,
        ground.gateways(2, f"{server.url}?schema=everybody") as all,
        _front(all) as url,
    ):
        load = ground.load(url)
        wave = await load.wave(people / 5, people, people, settle=latency + 40)
        await asyncio.sleep(1)
        load.history.calls = list(ground.model.calls)
        verdict = check(load.history)
    p50, p99 = (percentile(wave.answers, share) - latency for share in (0.5, 0.99))
    lost, twice = people - wave.answered, len(verdict.doubled)
    return [
        Row("22", f"{people} people in 5 s on two gateways, model {latency:.0f} s", "",
            f"{wave.answered}/{people}, {twice} twice, +{1000 * p50:.0f} ms p99 +{1000 * p99:.0f} ms",
            "all, 0 twice", lost == 0 and twice == 0, harm=lost + twice)
    ]  # fmt: skip
