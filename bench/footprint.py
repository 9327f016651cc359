"""Row 30, and `make footprint`: what each process weighs, and whether a hundred chats at once are quick.

An owner has two cores and 4 GB. Memory in MB: of one process with pages that somebody walked through and
left, of a gateway, of litellm's child, of the child that searches. What counts is a process' own memory and
its share of what others map as well (PSS), so that all of them add up to what the machine has to have; what
is resident, with libraries that it shares, is shown beside it. The exit code of the module is 1 where a
budget is missed. `--memory`: the weights alone, as `make test` has them.
"""

import asyncio
import http.cookiejar
import random
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import NamedTuple

import psutil
import uvloop

from bench.ground import Ground, ground
from bench.installation import WAYS
from bench.knowledge import searching_child, text
from bench.load import percentile
from bench.rest import LATENCY, ladder
from bench.site import PASSWORD, running
from bench.table import Row, table
from runtime.knowledge.index.index import Index
from runtime.knowledge.passage import Passage
from runtime.knowledge.search.filling import Filling

PAGES, GATEWAY, MODELS, SEARCH = 300, 100, 280, 200
"""MB."""
CHATS, ADDED = 100, 0.5
"""At a time, and seconds that an answer may come after the model's own."""
WALKED = ("", "build?agent=shop", "play?agent=shop", "publish?agent=shop", "bases", "models", "security")
RESTS = 2.0
MEMORY = "--memory"


async def budgets(ground: Ground) -> list[Row]:
    weighed = await weights(ground)
    p50, p95, failed = await _chats(ground)
    return [
        *weighed,
        Row("30", f"{CHATS} chats at a time, above the model", "",
            f"p50 +{1000 * p50:.0f} ms, p95 +{1000 * p95:.0f} ms, {failed} failed",
            f"p95 <= +{1000 * ADDED:.0f} ms, 0 failed", p95 <= ADDED and not failed),
    ]  # fmt: skip


async def weights(ground: Ground) -> list[Row]:
    """What each process weighs: no matter of time, so it holds on a busy machine, too."""
    with_pages = await asyncio.to_thread(_with_pages)
    gateway, models = await _gateway(ground)
    search = await _search()
    parts = (
        ("one process with pages, idle", with_pages, PAGES),
        ("a gateway, idle", gateway, GATEWAY),
        ("litellm's process", models, MODELS),
        ("the search's process", search, SEARCH),
    )
    return [
        Row("30", f"memory of {what}", "", f"{has.own:.0f} MB ({has.resident:.0f} resident)",
            f"<= {most} MB", has.own <= most)
        for what, has, most in parts
    ]  # fmt: skip


class Weight(NamedTuple):
    """In MB, see above."""

    own: float
    resident: float

    @classmethod
    def of(cls, *pids: int) -> "Weight":
        found = [psutil.Process(pid).memory_full_info() for pid in pids]
        return cls(sum(one.pss for one in found) / 2**20, sum(one.rss for one in found) / 2**20)


def _with_pages() -> Weight:
    with running(200) as (site, server):
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        form = urllib.parse.urlencode({"password": PASSWORD}).encode()
        request = urllib.request.Request(f"{site}/login", form, {"Origin": site})
        opener.open(request, timeout=30).close()
        for path in WALKED:
            opener.open(f"{site}/{path}", timeout=30).read()
        time.sleep(RESTS)
        return Weight.of(server.pid)


async def _gateway(ground: Ground) -> tuple[Weight, Weight]:
    """Of a gateway that asked through litellm, and of litellm's process."""
    through = {"fake": WAYS["through litellm"]}
    async with ground.gateway(providers=through) as gateway:
        await asyncio.sleep(RESTS)
        helpers = (one.pid for one in gateway.program.helpers())
        return Weight.of(gateway.program.pid), Weight.of(*helpers)


async def _search() -> Weight:
    """With its encoder, and a base that it has searched."""
    draw = random.Random(1)  # nothing is kept secret by it
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder) / "small.sqlite")
        index.replace("a.md", "1", [], [Passage(text(draw)) for _ in range(64)])
        async with searching_child() as child:
            await Filling(child).step(index)
            weighs = Weight.of(child.pid)
        index.close()
    return weighs


async def _chats(ground: Ground) -> tuple[float, float, int]:
    """Seconds above the model's, median and 95th percentile, and how many failed."""
    ground.model.latency = LATENCY
    async with ground.gateway() as gateway:
        took, failures, _ = await ladder(gateway, CHATS, ground.of(3, 8))
    return (
        percentile(took, 0.5) - LATENCY,
        percentile(took, 0.95) - LATENCY,
        sum(failures.values()),
    )


async def _measured(*, only_memory: bool) -> list[Row]:
    async with ground({}, quick=True, way="directly", stored=0) as stage:
        return await (weights if only_memory else budgets)(stage)


def main() -> int:
    rows = uvloop.run(_measured(only_memory=MEMORY in sys.argv[1:]))
    print(table(rows))
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
