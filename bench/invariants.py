"""Whether a recorded run was right: the invariants I1 to I8 over its history."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from runtime.simulator.history import ANSWER, History, ModelCall, Pushed, Shown

AROUND_A_KILL = 0.5
"""Seconds before a kill in which something may have happened without being recorded, by a process that has a
core whenever it wants one."""


@dataclass(frozen=True)
class Broken:
    """`id`: of the message, or what else the invariant is about."""

    invariant: str
    id: str
    what: str


@dataclass(frozen=True)
class Verdict:
    messages: int
    acknowledged: int
    answered: int
    kept: int
    lost: tuple[str, ...]
    """Acknowledged, and neither answered nor in an end state."""
    doubled: tuple[str, ...]
    """Answered or paid for more than once."""
    uncertain: tuple[str, ...]
    """Cut off while it was sent: nobody can know."""
    broken: tuple[Broken, ...]

    def __str__(self) -> str:
        return (
            f"{self.messages} messages, {self.acknowledged} acknowledged, {self.answered} answered, "
            f"{self.kept} kept, {len(self.lost)} lost, {len(self.doubled)} doubled, "
            f"{len(self.uncertain)} uncertain"
        )


def check(history: History) -> Verdict:
    """Hold a finished run against I1 to I7. I8 is `leaks`, because it needs the bytes."""
    answers = history.answers()
    broken = [
        *_ended(history, answers),
        *_paid_once(history),
        *_shown_once(history, answers),
        *_in_order(history, answers),
        *_to_the_right_person(history, answers),
        *_adds_up(history),
    ]
    by_invariant = defaultdict(list)
    for found in broken:
        by_invariant[found.invariant].append(found.id)
    return Verdict(
        messages=len(history.pushed),
        acknowledged=len(history.acknowledged),
        answered=len(answers),
        kept=sum(state == "kept" for id, state in history.states.items() if id not in answers),
        lost=tuple(dict.fromkeys(by_invariant["I1"])),
        doubled=tuple(dict.fromkeys(by_invariant["I2"] + by_invariant["I3"])),
        uncertain=tuple(id for id, state in history.states.items() if state == "uncertain"),
        broken=tuple(broken),
    )


def leaks(history: History, places: Iterable[tuple[str, bytes]]) -> list[Broken]:
    """I8: no secret in any of these (name, bytes): logs, exports, databases, responses."""
    return [
        Broken("I8", name, f"{place} holds it")
        for place, data in places
        for name, secret in history.secrets.items()
        if secret.encode() in data
    ]


def _ended(history: History, answers: Mapping[str, list[Shown]]) -> list[Broken]:
    """I1: what was acknowledged comes to an end that somebody can see."""
    ends = {"kept", "uncertain", "failed", "shed", "pending"}  # what is still pending breaks I7
    return [
        Broken(
            "I1",
            id,
            f"{_seen(answers, id)} parts seen, and then {history.states.get(id, 'not in the store')}",
        )
        for id in history.acknowledged
        if _seen(answers, id) < history.parts
        and history.states.get(id) not in ends
        and not _refused_visibly(history, id)
    ]


def _seen(answers: Mapping[str, list[Shown]], id: str) -> int:
    """How many different parts of an answer were shown."""
    texts = (shown.text for shown in answers.get(id, ()))
    return len({match[2] for text in texts for match in ANSWER.finditer(text) if match[1] == id})


def _refused_visibly(history: History, id: str) -> bool:
    """The person was told to try again, because it could not be stored."""
    return id in history.told and bool(history.states) and id not in history.states


def _paid_once(history: History) -> list[Broken]:
    """I2: a model round that was answered is not paid again, nor is one begun beside another."""
    rounds: defaultdict[tuple[str, int], list[ModelCall]] = defaultdict(list)
    for call in sorted(history.calls, key=lambda call: call.began):
        rounds[call.id, call.round].append(call)
    return [
        Broken("I2", id, f"round {number} was run again")
        for (id, number), calls in rounds.items()
        for before, after in pairwise(calls)
        if after.began < before.ended or (before.answered and not _killed_around(history, before))
    ]


def _killed_around(history: History, call: ModelCall) -> bool:
    return any(
        call.began <= kill <= call.ended + AROUND_A_KILL + history.starved.get(kill, 0.0)
        for kill in history.kills
    ) or any(
        call.began <= ended and began <= call.ended + AROUND_A_KILL for began, ended in history.unrecorded
    )


def _shown_once(history: History, answers: Mapping[str, list[Shown]]) -> list[Broken]:
    """I3: no part of an answer reaches the person twice."""
    found = []
    for id, shown in answers.items():
        parts = Counter(match[2] for one in shown for match in ANSWER.finditer(one.text) if match[1] == id)
        found += [Broken("I3", id, f"shown {count} times") for count in parts.values() if count > 1]
    return found


def _in_order(history: History, answers: Mapping[str, list[Shown]]) -> list[Broken]:
    """I4: a person's answers come in the order in which the messages were accepted.

    Only messages that were acknowledged before the next was sent have an order that all agree on: not by the
    request to write again.
    """
    people: defaultdict[tuple[str, str], list[Pushed]] = defaultdict(list)
    for pushed in sorted(history.pushed.values(), key=lambda pushed: pushed.at):
        if pushed.id in answers and pushed.id in history.acknowledged:
            people[pushed.account, pushed.person].append(pushed)
    return [
        Broken("I4", later.id, f"answered before {earlier.id}")
        for messages in people.values()
        for earlier, later in pairwise(messages)
        if history.acknowledged[earlier.id] < later.at
        and earlier.id not in history.refused
        and _place(history, answers, later.id) < _place(history, answers, earlier.id)
    ]


def _place(history: History, answers: Mapping[str, list[Shown]], id: str) -> tuple[float, int]:
    """When an answer was first shown; within one bubble, how far down."""
    first = min(answers[id], key=lambda shown: shown.at)
    return first.at, first.text.find(f"A{id}")


def _to_the_right_person(history: History, answers: Mapping[str, list[Shown]]) -> list[Broken]:
    """I5 and I6: an answer goes to who wrote, on the account they wrote to."""
    found = []
    for id, shown in answers.items():
        pushed = history.pushed.get(id)
        for one in shown:
            if pushed is None or one.person != pushed.person:
                found.append(Broken("I5", id, f"shown to {one.person}"))
            elif one.account != pushed.account:
                found.append(Broken("I6", id, f"shown on {one.account}"))
    return found


def _adds_up(history: History) -> list[Broken]:
    """I7: every acknowledged message is in the store, and nothing there is still on its way at the end."""
    if not history.states:
        return []
    missing = history.acknowledged.keys() - history.states.keys() - history.told
    pending = [id for id, state in history.states.items() if state == "pending"]
    return [
        *(Broken("I7", id, "not in the store") for id in sorted(missing)),
        *(Broken("I7", id, "still pending") for id in pending),
    ]
