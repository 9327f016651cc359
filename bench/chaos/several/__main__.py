"""`python -m bench.chaos.several`: three gateways on one database behind nginx. Each plan once, some minutes;
`--hours 2` goes on for so long with other dice.

`--kills 1000` runs one plan only, again and again on new databases, until so many gateways were killed: the
first that `--only` names, else the one that kills most. Prints each trial and the sums. The exit code is 1 if
anything was lost, doubled, out of order or taken over too late.
"""

import argparse
import sys
import time
from collections.abc import Iterable

from bench.chaos.judge import Outcome
from bench.chaos.rounds import ended, rounds, shown, until_killed
from bench.chaos.several.fleet import SeveralPlan
from bench.chaos.several.plans import AGAIN_AND_AGAIN, plans
from bench.chaos.several.play import at_home, missing


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos.several", description=__doc__)
    parser.add_argument("--hours", type=float, default=0)
    parser.add_argument("--kills", type=int, default=0, help="kill -9 so many times, and nothing else")
    parser.add_argument("--only", default="", help="plans with this in their name")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--older", default="HEAD~1", help="commit of one of them, where versions differ")
    given = parser.parse_args()
    chosen = [plan for plan in plans(given.older) if given.only in plan.name]
    if not chosen:
        parser.error(f"no plan has {given.only!r} in its name")
    if why := missing():
        parser.error(why)
    print(f"seed {given.seed}", flush=True)
    if given.kills:
        plan = chosen[0] if given.only else AGAIN_AND_AGAIN
        outcomes: Iterable[Outcome] = until_killed(given.kills, given.seed, lambda seed: once(plan, seed))
    else:
        outcomes = rounds(chosen, given.hours * 3600, given.seed, once)
    return ended(list(outcomes))


def once(plan: SeveralPlan, seed: int) -> Outcome:
    return shown(at_home(plan, seed))


if __name__ == "__main__":
    sys.exit(main())
