"""Whoever judges whole conversations sees what is missing, doubled, out of order, or counts for another."""

from collections import Counter
from types import SimpleNamespace

import pytest

from bench.chaos.talked import conversations
from bench.chaos.talks import People, Talk
from bench.chaos.whole import BESIDE, PLACES, SAID, agent
from runtime.agents.agent import Agent
from runtime.simulator.history import Shown

END = {
    "talks": "1", "rounds": "2", "by": "api_hy/an", "ok": "True", "order": "False", "later": '{"no": "0a"}',
    "remind": "False",
}  # fmt: skip


class Seen:
    """Implements Crowded, as far as it is read."""

    def __init__(self, texts):
        self.texts = texts

    def everybody_saw(self):
        """A surface may list its bubbles first."""
        return [Shown("a", "p", float(at), text) for at, text in enumerate(self.texts)][::-1]


def chat(*places, **end):
    said = " ".join(f"{name}={value}" for name, value in {**END, **end}.items())
    return [f"〔Q7E {place}〕{said + '|' if place == PLACES[-1] else '好'}" for place in places]


def found(texts, *, decided=("an True",), told=("0a",), orders=1, stuck=""):
    people = People(Seen(texts), SimpleNamespace(home=None))
    people.talks.append(Talk("Q7E", "p", 1, stuck=stuck))
    people.in_doubt = lambda words: False
    shop = SimpleNamespace(told={"Q7E": [*told]}, orders=Counter({"orders Q7E": orders}))
    return [
        one.invariant for one in conversations(people, SimpleNamespace(decided={"Q7E": [*decided]}), shop)
    ]


WHOLE = (*PLACES, "r")
CASES = {
    "whole": ({"texts": chat(*WHOLE)}, []),
    "nothing of its middle": ({"texts": chat("0", "1", *WHOLE[3:])}, ["I1"]),
    "no reminder": ({"texts": chat(*PLACES)}, ["I1"]),
    "no reminder, as it was too late to set one": ({"texts": chat(*PLACES, remind="True")}, []),
    "twice": ({"texts": chat("0", *WHOLE)}, ["I3"]),
    "out of order": ({"texts": chat("1", "0", *WHOLE[2:])}, ["I4"]),
    "asked again below another answer": (
        {"texts": [*chat(*PLACES), "好\n\n回到刚才的问题：\n〔Q7E 1〕几位？", *chat("r")]}, [],
    ),
    "counted twice": ({"texts": chat(*WHOLE, rounds="3")}, ["I2"]),
    "two decisions": ({"texts": chat(*WHOLE), "decided": ("an True", "bo False")}, ["I3"]),
    "another decision": ({"texts": chat(*WHOLE), "decided": ("bo False",)}, ["I1"]),
    "two answers": ({"texts": chat(*WHOLE), "told": ("0a", "0b")}, ["I3"]),
    "another answer": ({"texts": chat(*WHOLE), "told": ("0b",)}, ["I1"]),
    "no order": ({"texts": chat(*WHOLE), "orders": 0}, ["I1"]),
    "no order, as nobody could know": ({"texts": chat(*WHOLE, order="True"), "orders": 0}, []),
    "stood still": ({"texts": chat("0"), "stuck": "1"}, ["I1"]),
}  # fmt: skip


@pytest.mark.parametrize(("given", "broken"), CASES.values(), ids=CASES)
def test_what_is_wrong_with_a_conversation_is_told(given, broken):
    assert found(**given) == broken


def test_its_agent_has_everything_that_waits_or_acts():
    made = Agent.load(agent("http://127.0.0.1:9", ["p"], {"through": "p", "members": ["boss"]}))
    kinds = {block.type for _, block in made.walk()}
    assert kinds >= {"ask", "approve", "repeat", "agent", "code", "tool", "set", "model", "reply"}
    assert {start.on for start in made.starts} == {"webhook", "event", "schedule"}
    assert made.keywords[0].words == [BESIDE]
    assert SAID.findall("〔Q7E 4.1〕第几？〔Q7E 5〕") == [("Q7E", "4.1", "第几？"), ("Q7E", "5", "")]
