"""`python -m bench`: measure the targets beside their bare limits, in one run, and print one table.

The bare limit of a row is measured just before it. On a shared machine believe CPU, losses and ratios first.
The exit code is 1 only when a message was lost, or answered or paid for twice.
"""

import argparse
import os
import platform
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import psutil
import uvloop

from bench import (
    acks,
    answers,
    asked,
    described,
    documents,
    every_page,
    flows,
    footprint,
    knowledge,
    life,
    pages,
    phrases,
    rest,
    sealed,
    several,
    soak,
    sockets,
    stored,
    waiting,
)
from bench.ground import Ground, ground
from bench.installation import WAYS
from bench.table import Row, table

ROWS: dict[int, Callable[[Ground], Awaitable[list[Row]]]] = {
    1: acks.durable_ack,
    2: acks.ack_beside_slow_turns,
    3: answers.everybody,
    4: acks.one_call_a_message,
    5: life.killed,
    6: answers.cost_of_a_turn,
    7: answers.sustained,
    8: answers.tool_round,
    9: rest.chat_api,
    10: life.cold_start,
    11: life.memory,
    12: answers.model_client,
    13: soak.all_providers,
    14: pages.build_page,
    15: documents.reading,
    16: knowledge.base,
    17: flows.walked,
    18: waiting.many,
    20: several.cost_of_postgresql,
    21: several.two_beside_one,
    22: several.everybody_on_two,
    23: stored.many,
    24: described.built,
    25: every_page.first_pages,
    26: phrases.found,
    27: sealed.cost,
    28: sockets.idle,
    29: sockets.written,
    30: footprint.budgets,
    31: asked.shop,
}
ONE_WAY = {31, 30, 28, 27, 23, 24, 25, 26, 10, 12, 13, 14, 15, 16, 17, 18}
"""Rows without a model, or with both ways in them. Every other is measured for each way of asking."""


async def measure(numbers: list[int], *, quick: bool, stored: int = 0) -> list[Row]:
    rows = list[Row]()
    figures: dict[tuple[str, int], dict[str, float]] = {}
    for number in numbers:
        for way in ["directly"] if number in ONE_WAY else WAYS:
            # A ground for each: what one row leaves behind must not weigh on the next.
            async with ground(figures, quick=quick, way=way, stored=stored) as stage:
                began = time.time()
                found = await ROWS[number](stage)
                print(f"row {number} {way} took {time.time() - began:.0f} s", file=sys.stderr, flush=True)
            rows += found if way == "directly" else [_beside(row, way) for row in found]
    return rows


def _beside(row: Row, way: str) -> Row:
    return replace(row, number=f"{row.number}L", what=f"{row.what}, {way}")


def _spent() -> float:
    """CPU seconds of the machine that were not ours."""
    times = psutil.cpu_times()
    ours = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return float(times.user + times.system + times.nice + times.softirq - ours)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="about six minutes, and coarser: smaller waves, one repeat"
    )
    parser.add_argument("--only", default="", help="rows to measure, e.g. 1,5")
    parser.add_argument("--stored", type=int, default=0, help="messages of row 23, e.g. 10000000 (20 GB)")
    given = parser.parse_args()
    numbers = [int(number) for number in given.only.split(",")] if given.only else list(ROWS)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    began, before = time.time(), _spent()
    rows = uvloop.run(measure(numbers, quick=given.quick, stored=given.stored))
    others = (_spent() - before) / (time.time() - began)
    print(table(rows))
    print(f"CPU that others used meanwhile: {100 * others:.0f} % of a core")
    harm = sum(row.harm for row in rows)
    print(f"lost or doubled: {harm}")
    return 1 if harm else 0


if __name__ == "__main__":
    sys.exit(main())
