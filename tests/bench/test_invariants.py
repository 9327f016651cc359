from dataclasses import dataclass, field

import pytest

from bench.invariants import Broken, check, leaks
from runtime.simulator.history import History, ModelCall, Pushed, Shown


@dataclass(frozen=True)
class Case:
    id: str
    broken: set = field(default_factory=set)
    """Invariant and message."""
    acknowledged: dict = field(default_factory=lambda: {"1": 1.1, "2": 2.1})
    shown: tuple = ("A1A", "A2A")
    to: tuple = ("ann", "ann")
    account: str = "wx1"
    calls: tuple = ()
    kills: tuple = ()
    starved: float = 0.0
    states: dict = field(default_factory=dict)
    told: frozenset = frozenset()


def again(ended=2.0, answered=True, begins=3.0):
    return (ModelCall("1", 0, 1.0, ended, answered), ModelCall("1", 0, begins, 4.0))


CASES = [
    Case("all is well"),
    Case("lost", {("I1", "2")}, shown=("A1A",)),
    Case("lost in the store's eyes too", {("I1", "2"), ("I7", "2")}, shown=("A1A",), states={"1": "done"}),
    Case("kept for the person", shown=("A1A",), states={"1": "done", "2": "kept"}),
    Case("told of a failure", shown=("A1A",), states={"1": "done", "2": "failed"}),
    Case("told to try again", shown=("A1A", "忙"), states={"1": "done"}, told=frozenset("2")),
    Case("paid twice", {("I2", "1")}, calls=again()),
    Case("paid again after a kill in the call", calls=again(answered=False), kills=(2.0,)),
    Case("paid again after a kill before the record", calls=again(), kills=(2.2,)),
    Case("paid again long before a kill", {("I2", "1")}, calls=again(), kills=(9.0,)),
    Case("paid again before a kill of a process without a core", calls=again(), kills=(2.9,), starved=0.6),
    Case("paid again before it had no core", {("I2", "1")}, calls=again(), kills=(9.0,), starved=1.6),
    Case("asked again after an error", calls=again(answered=False)),
    Case("asked twice at once", {("I2", "1")}, calls=again(answered=False, begins=1.5)),
    Case("the next round", calls=(ModelCall("1", 0, 1, 2), ModelCall("1", 1, 2, 3))),
    Case("shown twice", {("I3", "1")}, shown=("A1A", "A2A", "A1A"), to=("ann",) * 3),
    Case("shown twice in one bubble", {("I3", "1")}, shown=("A1A A1A", "A2A")),
    Case("two parts", shown=("A1A", "A1p2A A2A")),
    Case("out of order", {("I4", "2")}, shown=("A2A", "A1A")),
    Case("no order between what was sent at once", shown=("A2A", "A1A"), acknowledged={"1": 2.5, "2": 2.6}),
    Case("out of order in one bubble", {("I4", "2")}, shown=("A2A A1A",), to=("ann",)),
    Case("to somebody else", {("I5", "2")}, to=("ann", "bob")),
    Case("never asked", {("I5", "3")}, shown=("A1A", "A2A A3A")),
    Case("on another account", {("I6", "1"), ("I6", "2")}, account="wx2"),
    Case("not in the store", {("I7", "2")}, states={"1": "done"}),
    Case("never ended", {("I7", "2")}, shown=("A1A",), states={"1": "done", "2": "pending"}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_breaks_an_invariant_is_found(case):
    history = History(
        pushed={id: Pushed(id, "wx1", "ann", float(id)) for id in "12"},
        acknowledged=case.acknowledged,
        told=set(case.told),
        calls=list(case.calls),
        shown=[
            Shown(case.account, to, 10.0 + i, text)
            for i, (to, text) in enumerate(zip(case.to, case.shown, strict=False))
        ],
        kills=list(case.kills),
        starved=dict.fromkeys(case.kills, case.starved),
        states=case.states,
    )
    assert {(broken.invariant, broken.id) for broken in check(history).broken} == case.broken


def test_lost_and_doubled_are_counted():
    history = History(
        pushed={id: Pushed(id, "wx1", "ann", 1.0) for id in "123"},
        acknowledged={"1": 1.0, "2": 1.0, "3": 1.0},
        shown=[Shown("wx1", "ann", 2.0, "A1A"), Shown("wx1", "ann", 3.0, "A1A")],
        states={"1": "done", "2": "done", "3": "uncertain"},
    )
    verdict = check(history)
    assert (verdict.lost, verdict.doubled, verdict.uncertain, verdict.answered) == (("2",), ("1",), ("3",), 1)


def test_a_secret_in_a_log_is_found():
    history = History(secrets={"app_secret": "3f9d1c"})
    places = [("log", b"token 3f9d1c refused"), ("store", b"sealed")]
    assert leaks(history, places) == [Broken("I8", "app_secret", "log holds it")]
