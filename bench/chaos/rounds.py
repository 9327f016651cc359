"""Plans again and again, and what each of them came to, told in lines."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from bench.chaos.judge import Outcome
from bench.chaos.trial import Plan

P = TypeVar("P", bound=Plan)


def until_killed(kills: int, seed: int, once: Callable[[int], Outcome]) -> Iterator[Outcome]:
    """One plan again and again, on a new home each time."""
    outcomes: list[Outcome] = []
    while sum(outcome.kills for outcome in outcomes) < kills:
        outcomes.append(once(seed + len(outcomes)))
        print(f"  so far: {total(outcomes)}", flush=True)
        yield outcomes[-1]


def rounds(
    chosen: Sequence[P], seconds: float, seed: int, once: Callable[[P, int], Outcome]
) -> Iterator[Outcome]:
    """Each plan once, and again for as long as there is time."""
    end, number = time.time() + seconds, 0
    while number == 0 or time.time() < end:
        for plan in chosen:
            if plan.unwell:
                print(f"{plan.name}: skipped, {plan.unwell}", flush=True)
            else:
                yield once(plan, seed + number)
        number += 1


def ended(outcomes: Sequence[Outcome]) -> int:
    """The exit code."""
    print(total(outcomes))
    return 1 if any(outcome.broken for outcome in outcomes) else 0


def shown(outcome: Outcome) -> Outcome:
    show(outcome)
    return outcome


def show(outcome: Outcome) -> None:
    took = f"taken over in {max(outcome.taken_over):.1f} s at most; " if outcome.taken_over else ""
    print(
        f"{outcome.plan}: {outcome.kills} kills, slowest start {outcome.slowest_start:.1f} s; {took}"
        f"{outcome.verdict} ({outcome.unseen} not seen), {outcome.repeats} repeats, "
        f"{outcome.aside} put aside",
        flush=True,
    )
    for name, counts in (("failures", outcome.failures), ("problems", outcome.problems)):
        if counts:
            print(f"  {name}: {dict(counts)}", flush=True)
    for broken in outcome.broken[:10]:
        print(f"  {broken.invariant} {broken.id}: {broken.what}", flush=True)


def total(outcomes: list[Outcome]) -> str:
    verdicts = [outcome.verdict for outcome in outcomes]
    return (
        f"runs {len(outcomes)}, kills {sum(outcome.kills for outcome in outcomes)}, "
        f"messages {sum(verdict.messages for verdict in verdicts)}, "
        f"repeats {sum(outcome.repeats for outcome in outcomes)}, "
        f"acknowledged {sum(verdict.acknowledged for verdict in verdicts)}, "
        f"answered {sum(verdict.answered for verdict in verdicts)}, "
        f"lost {sum(len(verdict.lost) for verdict in verdicts)}, "
        f"doubled {sum(len(verdict.doubled) for verdict in verdicts)}, "
        f"uncertain {sum(len(verdict.uncertain) for verdict in verdicts)} "
        f"({sum(outcome.unseen for outcome in outcomes)} of them not seen), "
        f"put aside {sum(outcome.aside for outcome in outcomes)}, "
        f"broken promises {sum(len(outcome.broken) for outcome in outcomes)}, "
        f"slowest start {max((outcome.slowest_start for outcome in outcomes), default=0):.1f} s, "
        f"taken over in {max((max(outcome.taken_over, default=0) for outcome in outcomes), default=0):.1f} s"
    )
