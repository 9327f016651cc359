"""Two states of an agent beside each other: what is told of them, and the one flow that holds both."""

import copy
import json
import random
from dataclasses import dataclass
from typing import Any

from builder_world import add

from builder.actions import history
from builder.actions.compare import compared
from runtime.access.actor import OWNER
from runtime.agents.difference import difference, laid
from runtime.agents.drawn_together import GHOST, drawn_together
from runtime.agents.raw_flows import walk
from runtime.agents.words_difference import GONE, NEW, words_difference

SAY = {"type": "reply", "id": "say", "text": "你好"}
ASK = {"type": "ask", "id": "ask", "text": "哪一天？"}
MODEL = {"type": "model", "id": "answer", "prompt": {"text": "你是客服。\n请客气。"}, "tools": []}
TO_PERSON = {"title": "找人", "when": "'人' in message.text", "flow": [{"type": "handoff", "id": "human"}]}
TO_CLOCK = {
    "title": "时间",
    "when": "true",
    "flow": [{"type": "tool", "id": "time", "tool": {"type": "clock"}}],
}
ORDER = {"type": "http_request", "name": "order"}
BEGUN = {"id": "s", "on": "schedule", "flow": [ASK]}
FORK = {"type": "branch", "id": "wish", "cases": [TO_PERSON, TO_CLOCK], "otherwise": [MODEL, SAY]}


def agent(*flow, **more):
    return {"id": "shop", "name": "茶铺", "flow": list(flow), **more}


def fork(**changes):
    return {**FORK, **changes}


@dataclass(frozen=True)
class Case:
    id: str
    before: dict[str, Any]
    after: dict[str, Any]
    blocks: dict[str, str]
    """Kinds by block, as "moved changed"."""
    fields: tuple[str, ...] = ()
    """Paths, of blocks and of settings."""


CASES = [
    Case("nothing", agent(FORK), agent(FORK), {}),
    Case("one came", agent(SAY), agent(ASK, SAY), {"ask": "added"}),
    Case("one went", agent(ASK, SAY), agent(SAY), {"ask": "removed"}),
    Case("one of two passed the other", agent(ASK, SAY), agent(SAY, ASK), {"say": "moved"}),
    Case(
        "moved out of a branch and changed is both",
        agent(FORK),
        agent(fork(otherwise=[MODEL]), {**SAY, "text": "好"}),
        {"say": "moved changed"},
        ("text",),
    ),
    Case(
        "what is inside of a block that moved did not move",
        agent(FORK, ASK),
        agent(ASK, FORK),
        {"ask": "moved"},
    ),
    Case(
        "a case in front moves nothing, and what is new in it is told",
        agent(FORK),
        agent(fork(cases=[{"title": "新", "when": "x", "flow": [ASK]}, TO_PERSON, TO_CLOCK])),
        {"wish": "changed", "ask": "added"},
        ("cases.新.title", "cases.新.when"),
    ),
    Case(
        "cases in another order are told by their names",
        agent(FORK),
        agent(fork(cases=[TO_CLOCK, TO_PERSON])),
        {"wish": "changed"},
        ("cases",),
    ),
    Case(
        "a case of another name is the same case",
        agent(FORK),
        agent(fork(cases=[{**TO_PERSON, "title": "人工"}, TO_CLOCK])),
        {"wish": "changed"},
        ("cases.人工.title",),
    ),
    Case(
        "a prompt and a new tool, field by field",
        agent(MODEL),
        agent({**MODEL, "prompt": {"text": "你是店长。"}, "tools": [ORDER]}),
        {"answer": "changed"},
        ("prompt.text", "tools.order.type", "tools.order.name"),
    ),
    Case(
        "wrapped into a new branch is moved",
        agent(SAY),
        agent({"type": "branch", "id": "fork", "otherwise": [SAY]}),
        {"fork": "added", "say": "moved"},
    ),
    Case(
        "settings, and the flow of a start",
        agent(SAY, variables=[{"name": "a", "default": "1"}]),
        agent(SAY, variables=[{"name": "a", "default": "2"}], starts=[BEGUN]),
        {"ask": "added"},
        ("variables.a.default", "starts.s.id", "starts.s.on"),
    ),
    Case(
        "a draft that is no agent",
        {"name": 3, "flow": [None, "x", {"type": "reply"}, SAY, {**SAY, "text": "again"}], "starts": 7},
        {"flow": {"no": "list"}, "variables": "none"},
        {"say": "removed"},
        ("variables", "starts", "name"),
    ),
]  # fmt: skip


def test_what_differs_is_told_by_block_and_field():
    for case in CASES:
        found = difference(case.before, case.after)
        assert {one.id: " ".join(one.kinds) for one in found.blocks} == case.blocks, case.id
        told = [field for one in found.blocks for field in one.fields] + list(found.settings)
        assert sorted(".".join(field.path) for field in told) == sorted(case.fields), case.id
        assert bool(found) == bool(case.blocks or case.fields)
        json.dumps(compared(case.before, case.after))


def test_both_states_are_in_one_drawing_with_a_ghost_where_something_was():
    before = agent(ASK, FORK)
    after = agent(fork(cases=[TO_CLOCK], otherwise=[MODEL]), {**SAY, "text": "好"})
    drawn = drawn_together(before, after, difference(before, after))
    assert [one["id"] for one in walk(drawn.flows["flow"])] == [
        "ask", "wish", "human", "time", "answer", f"say{GHOST}", "say",
    ]  # fmt: skip
    assert drawn.marks == {
        "ask": ["removed"],
        "human": ["removed"],
        "wish": ["changed"],
        "wish.cases.0": ["removed"],
        "say": ["moved", "changed"],
        f"say{GHOST}": ["left"],
    }


def test_of_any_two_drafts_each_block_is_drawn_once_and_every_change_is_marked():
    """Also of those that hold two blocks of one id."""
    dice = random.Random(7)
    kinds = [ASK, SAY, MODEL, FORK, {"type": "tool", "id": "time"}, {"type": "handoff", "id": "human"}]

    def draft(depth=0):
        flow = []
        for block in dice.sample(kinds, dice.randrange(4)):
            one = copy.deepcopy({**block, "text": dice.choice("ab")})
            if "cases" in one:
                one["cases"] = [{"when": dice.choice("xyz"), "flow": draft(depth + 1)} for _ in "12"] * (
                    depth < 2
                )
                one["otherwise"] = draft(depth + 1) if depth < 2 else []
            flow.append(one)
        return flow

    for _ in range(300):
        before, after = agent(*draft()), agent(*draft())
        found = difference(before, after)
        drawn = drawn_together(before, after, found)
        ids = [one["id"] for one in walk(drawn.flows["flow"])]
        assert len(ids) == len(set(ids))
        there = laid(before).spots.keys() | laid(after).spots.keys()
        assert {id.removesuffix(GHOST) for id in ids} == there
        assert {one.id for one in found.blocks} <= drawn.marks.keys()
        assert {one.id for one in found.blocks if "moved" in one.kinds} == {
            id.removesuffix(GHOST) for id in ids if id.endswith(GHOST)
        }


def test_a_text_is_told_word_by_word_and_both_can_be_read_out_of_it():
    assert words_difference("你是茶铺的客服。\n请客气。", "你是{{ shop }}的客服。\n请客气。") == [
        ("=", "你是"), ("-", "茶铺"), ("+", "{{ shop }}"), ("=", "的客服。\n请客气。"),
    ]  # fmt: skip
    dice = random.Random(1)
    pairs = [["".join(dice.choices("ab \n{}你", k=dice.randrange(30))) for _ in "12"] for _ in range(300)]
    repeats = ["a b\n" * 20_000, "b a\n" * 20_000]
    for before, after in [*pairs, repeats]:
        pieces = words_difference(before, after)
        assert "".join(text for kind, text in pieces if kind != NEW) == before
        assert "".join(text for kind, text in pieces if kind != GONE) == after


def test_any_two_versions_are_compared_and_the_draft_too(studio):
    add(studio, SAY)
    shop = studio.library.open("shop").data
    history.keep_version(studio, OWNER, "shop", {**shop, "flow": [ASK, SAY]}, "问一句")
    (kept,) = history.versions(studio, "shop")
    found = history.compare(studio, OWNER, "shop", history.NOW, kept["key"])
    assert [(one["id"], list(one["kinds"])) for one in found["blocks"]] == [("ask", ["added"])]
    assert found["marks"] == {"ask": ["added"]}
    assert history.compare(studio, OWNER, "shop", kept["key"], kept["key"])["blocks"] == []
