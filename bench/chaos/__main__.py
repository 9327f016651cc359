"""`python -m bench.chaos`: every plan once, some minutes; `--hours 2` goes on for so long with other dice.

`--kills 1000` runs one plan only: kill -9 under load, as quickly as starts allow, until so many are done;
with `--channel NAME` on that surface, its platform played by the simulator as a server. `--talks` holds whole
conversations there (questions, approvals, calls from outside, reminders, starts), killed at every kill point.
For several gateways on one database: `python -m bench.chaos.several`.
Prints each trial and the sums. The exit code is 1 when anything was lost or doubled, or an invariant broke.
"""

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from bench.chaos.channels import Crowd, crowds, play, troubles
from bench.chaos.disk import small_disk
from bench.chaos.judge import Outcome
from bench.chaos.plans import AGAIN_AND_AGAIN, plans
from bench.chaos.play import run
from bench.chaos.rounds import ended, rounds, show, until_killed
from bench.chaos.talking import Talking, talk, talkings
from bench.chaos.talking import troubles as whole_troubles
from bench.chaos.trial import Plan

KILLS = 15
"""On a surface, unless another number is given."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--hours", type=float, default=0)
    parser.add_argument("--kills", type=int, default=0, help="kill -9 so many times, and nothing else")
    parser.add_argument("--only", default="", help="plans with this in their name")
    parser.add_argument("--channel", default="", help="kill -9 on this surface only; all: on each, in turn")
    parser.add_argument("--talks", action="store_true", help="whole conversations only, on each surface")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    chosen = [plan for plan in plans() if given.only in plan.name]
    named = [*crowds(), *talkings()]
    if not (chosen or given.channel or any(given.only in one.name for one in named)):
        parser.error(f"no plan has {given.only!r} in its name")
    print(f"seed {given.seed}")
    if given.talks:
        outcomes = list(talked(given.channel, given.kills, given.seed, given.only))
    elif given.channel:
        outcomes = list(on_channels(given.channel, given.kills, given.seed, given.only))
    elif given.kills:
        outcomes = list(until_killed(given.kills, given.seed, lambda dice: try_once(AGAIN_AND_AGAIN, dice)))
    else:
        outcomes = list(rounds(chosen, given.hours * 3600, given.seed, try_once))
        outcomes += [on(crowd, given.seed) for crowd in crowds() if given.only in crowd.name]
        outcomes += [held(plan, given.seed) for plan in talkings() if given.only in plan.name]
    return ended(outcomes)


def on_channels(channel: str, kills: int, seed: int, only: str) -> Iterator[Outcome]:
    """On a new home again and again, until it was killed so often on each; and whatever else happens there,
    once, unless so many kills were asked for. Raises SystemExit."""
    chosen = [crowd for crowd in crowds() if channel in ("all", crowd.channel)]
    if not chosen:
        known = ", ".join(crowd.channel for crowd in crowds())
        raise SystemExit(f"no such surface is played for many: {channel!r}; there are {known}")
    for crowd in chosen:
        killed = number = 0
        while only in crowd.name and killed < (kills or KILLS):
            outcome = on(crowd, seed + number)
            killed, number = killed + outcome.kills, number + 1
            yield outcome
        for other in troubles(crowd) if not kills else ():
            if only in other.name and not other.unwell:
                yield on(other, seed)


def on(crowd: Crowd, seed: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="hongyan-chaos-") as folder:
        home = Path(folder)
        with small_disk(home) if crowd.on_small_disk else contextlib.nullcontext():
            outcome = uvloop.run(play(crowd, home, seed))
    show(outcome)
    return outcome


def talked(channel: str, kills: int, seed: int, only: str) -> Iterator[Outcome]:
    """Whole conversations on each surface in turn, again until it was killed so often in all. Raises
    SystemExit."""
    plans = [one for one in talkings() if channel in ("", "all", one.channel)]
    if channel and not kills:
        plans += [one for plan in plans for one in whole_troubles(plan) if not one.unwell]
    plans = [one for one in plans if only in one.name]
    if not plans:
        raise SystemExit(f"nobody holds conversations like {only!r} on {channel!r}")
    killed = number = 0
    while number < len(plans) or killed < kills:
        outcome = held(plans[number % len(plans)], seed + number)
        killed, number = killed + outcome.kills, number + 1
        print(f"  so far {killed} kills", flush=True)
        yield outcome


def held(plan: Talking, seed: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="hongyan-chaos-") as folder:
        home = Path(folder)
        with small_disk(home) if plan.on_small_disk else contextlib.nullcontext():
            outcome = uvloop.run(talk(plan, home, seed))
    show(outcome)
    return outcome


def try_once(plan: Plan, seed: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="hongyan-chaos-") as folder:
        home = Path(folder)
        with small_disk(home) if plan.on_small_disk else contextlib.nullcontext():
            outcome = uvloop.run(run(plan, home, seed))
    show(outcome)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
