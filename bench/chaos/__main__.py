"""`python -m bench.chaos`: every plan once, some minutes; `--hours 2` goes on for so long with other dice.

Prints each trial and the sums. The exit code is 1 when anything was lost or doubled, or an invariant broke.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from bench.chaos.plans import mount_small_disk, on_small_disk, plans, unmount
from bench.chaos.trial import Outcome, Plan, run


def try_once(plan: Plan, seed: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="hongyan-chaos-") as folder:
        home = Path(folder)
        if not on_small_disk(plan):
            return uvloop.run(run(plan, home, seed))
        mount_small_disk(home)
        try:
            return uvloop.run(run(plan, home, seed))
        finally:
            unmount(home)


def chosen(only: str) -> list[Plan]:
    return [plan for plan in plans() if only in plan.name]


def rounds(seconds: float) -> Iterator[int]:
    """The first, and others for as long as there is time."""
    end, number = time.time() + seconds, 0
    while number == 0 or time.time() < end:
        yield number
        number += 1


def show(outcome: Outcome) -> None:
    print(
        f"{outcome.plan}: {outcome.kills} kills, slowest start {outcome.slowest_start:.1f} s; "
        f"{outcome.verdict}, {outcome.failed} told of a failure",
        flush=True,
    )
    for broken in outcome.broken[:10]:
        print(f"  {broken.invariant} {broken.id}: {broken.what}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--hours", type=float, default=0)
    parser.add_argument("--only", default="", help="plans with this in their name")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    outcomes = []
    print(f"seed {given.seed}")
    for number in rounds(given.hours * 3600):
        for plan in chosen(given.only):
            if plan.unwell:
                print(f"{plan.name}: skipped, {plan.unwell}", flush=True)
                continue
            outcomes.append(try_once(plan, given.seed + number))
            show(outcomes[-1])
    return total(outcomes)


def total(outcomes: list[Outcome]) -> int:
    verdicts = [outcome.verdict for outcome in outcomes]
    print(
        f"runs {len(outcomes)}, kills {sum(outcome.kills for outcome in outcomes)}, "
        f"messages {sum(verdict.messages for verdict in verdicts)}, "
        f"lost {sum(len(verdict.lost) for verdict in verdicts)}, "
        f"doubled {sum(len(verdict.doubled) for verdict in verdicts)}, "
        f"uncertain {sum(len(verdict.uncertain) for verdict in verdicts)}"
    )
    return 1 if any(outcome.broken for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
