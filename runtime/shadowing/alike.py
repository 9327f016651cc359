"""Whether two answers to the same message come to the same: by the checks that a replay goes by."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.agents.agent import Agent
from runtime.errors import HongyanError
from runtime.lang import Text
from runtime.models.completion import Models
from runtime.testing.check import told_by
from runtime.testing.recording import Turned, recorded
from runtime.testing.seen import Seen
from runtime.testing.suite import Case

LONGEST = 4_000
"""Characters of an answer of which the words are compared."""
MOST_WHY = 5
HANDED = Text("一个转人工，另一个没有。", "One hands the person to a human, the other does not.")


@dataclass(frozen=True)
class Alike:
    """See store.messages.shadowed.Pair."""

    alike: bool | None
    agree: float
    near: float
    why: Sequence[Mapping[str, str]] = ()


def case_of(agent: Agent, turned: Turned) -> Case | None:
    """What was so in the turn that took place, and what tools gave; None for what cannot be compared."""
    try:
        return Case.model_validate({"id": "shadow", **recorded(agent, [turned], among=True)})
    except (HongyanError, ValueError):  # longer than a test may be
        return None


async def alike(case: Case, live: Turned, handed: bool, seen: Seen, judge: Models) -> Alike:
    """`handed`: whether the live one gave the person to a human."""
    verdicts = [await check.judge(seen, judge) for line in case.lines for check in line.checks]
    missed = [one.says for one in verdicts if not one.ok]
    if handed != bool(getattr(seen.events[-1], "handoff", False)):
        missed.append(HANDED)
    all = len(verdicts) + (HANDED in missed)
    agree = 1 - len(missed) / all if all else 1.0
    why = [_by_language(one) for one in missed[:MOST_WHY] if one.zh != told_by(seen.text).zh]
    return Alike(not missed, agree, nearness(live.reply, seen.text), why)


def nearness(one: str, other: str) -> float:
    """0 to 1: how many pairs of neighbouring characters both have (Dice's coefficient), in any language."""
    a, b = _pairs(one), _pairs(other)
    all = a.total() + b.total()
    return 2 * (a & b).total() / all if all else 1.0


def _pairs(text: str) -> Counter[str]:
    plain = "".join(text[:LONGEST].casefold().split())
    return Counter(plain[n : n + 2] for n in range(max(1, len(plain) - 1)) if plain)


def _by_language(text: Text) -> dict[str, Any]:
    return {name: said[:500] for name, said in text.by_language().items()}
