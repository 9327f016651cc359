"""Whether several gateways came to their end as they must: as one does, and taken over in time."""

from collections.abc import Iterator
from dataclasses import replace

from bench.chaos import judge as of_one
from bench.chaos.judge import Outcome
from bench.chaos.several.fleet import Fleet, Left
from bench.invariants import Broken
from bench.load import Wave

TAKEN_OVER = 12.0
"""Seconds from a death until others go on with what was in hand."""


def judge(fleet: Fleet, wave: Wave) -> Outcome:
    outcome = of_one.judge(fleet, wave)
    took = list(_took(fleet))
    late = [
        Broken("P8", left.mark, f"was taken over only after {seconds:.1f} s")
        for left, seconds in took
        if seconds > TAKEN_OVER
    ]
    return replace(
        outcome,
        broken=(*outcome.broken, *late),
        taken_over=tuple(sorted(seconds for _, seconds in took)),
    )


def _took(fleet: Fleet) -> Iterator[tuple[Left, float]]:
    """Of what each had in hand, how long nobody went on with it: until its model is asked, or its person is
    told something, or whoever took it over is lost too. Only a person's oldest: the others wait for it."""
    history = fleet.load.history
    asked: dict[str, list[float]] = {}
    for call in history.calls:
        asked.setdefault(call.id, []).append(call.began)
    told: dict[str, list[float]] = {}
    for shown in history.shown:
        told.setdefault(shown.person, []).append(shown.at)
    again: dict[str, list[float]] = {}
    for left in fleet.left:
        again.setdefault(left.mark, []).append(left.at)
    begun: set[tuple[float, str]] = set()
    for left in fleet.left:
        person = history.pushed[left.mark].person
        if (left.at, person) in begun:
            continue
        begun.add((left.at, person))
        signs = [*asked.get(left.mark, ()), *told.get(person, ()), *again[left.mark]]
        if after := [at for at in signs if at > left.at]:  # else it had been sent, and nobody knows more
            yield left, min(after) - left.at
