"""Two people's work on one agent becomes one, and what they disagree on is told with both."""

import copy
import random
from dataclasses import dataclass, field
from typing import Any

from runtime.agents.merging.three_way import merged
from runtime.agents.raw_flows import flows, walk

SAY = {"type": "reply", "id": "say", "text": "你好"}
ASK = {"type": "ask", "id": "ask", "text": "哪一天？"}
SET = {"type": "set", "id": "set", "values": {"a": "1"}}
MODEL = {"type": "model", "id": "answer", "prompt": {"text": "客气"}, "temperature": 1}
ONE = {"title": "一", "when": "x", "flow": [ASK]}
TWO = {"title": "二", "when": "y", "flow": []}
FORK = {"type": "branch", "id": "wish", "cases": [ONE, TWO], "otherwise": [MODEL]}


def agent(*flow, **more):
    return {"id": "shop", "name": "茶铺", "flow": list(flow), **more}


@dataclass(frozen=True)
class Case:
    id: str
    base: dict[str, Any]
    mine: dict[str, Any]
    theirs: dict[str, Any]
    becomes: dict[str, Any]
    clashes: tuple[str, ...] = ()
    chosen: dict[str, Any] = field(default_factory=dict)


CASES = [
    Case(
        "different blocks",
        agent(SAY, MODEL),
        agent({**SAY, "text": "我"}, MODEL),
        agent(SAY, {**MODEL, "temperature": 0}),
        agent({**SAY, "text": "我"}, {**MODEL, "temperature": 0}),
    ),
    Case(
        "different fields of one block, and a setting",
        agent(MODEL),
        agent({**MODEL, "prompt": {"text": "我的"}}),
        agent({**MODEL, "temperature": 0}, description="卖茶"),
        agent({**MODEL, "prompt": {"text": "我的"}, "temperature": 0}, description="卖茶"),
    ),
    Case(
        "one field: both texts are told, and mine stands until somebody decides",
        agent(SAY),
        agent({**SAY, "text": "我"}),
        agent({**SAY, "text": "他"}),
        agent({**SAY, "text": "我"}),
        ("say/text",),
    ),
    Case(
        "one field, and theirs was chosen",
        agent(SAY),
        agent({**SAY, "text": "我"}),
        agent({**SAY, "text": "他"}),
        agent({**SAY, "text": "他"}),
        chosen={"say/text": "theirs"},
    ),
    Case("one added, one deleted", agent(SAY, ASK), agent(SET, SAY, ASK), agent(SAY), agent(SET, SAY)),
    Case(
        "both added behind the same block",
        agent(SAY),
        agent(SAY, SET),
        agent(SAY, ASK),
        agent(SAY, SET, ASK),
    ),
    Case(
        "both added a block of one id: two blocks, and what is mine follows",
        agent(SAY),
        agent({**SAY, "text": "{{ set.a }}"}, SET),
        agent(SAY, {**SET, "values": {"a": "2"}}),
        agent(
            {**SAY, "text": "{{ set_2.a }}"}, {**SET, "id": "set_2"}, {**SET, "values": {"a": "2"}}
        ),
    ),
    Case(
        "moved by me, changed by them",
        agent(FORK, SAY),
        agent({**FORK, "otherwise": [MODEL, SAY]}),
        agent(FORK, {**SAY, "text": "他"}),
        agent({**FORK, "otherwise": [MODEL, {**SAY, "text": "他"}]}),
    ),
    Case(
        "put in order by one, added by the other",
        agent(SAY, ASK, SET),
        agent(SET, SAY, ASK),
        agent(SAY, ASK, SET, MODEL),
        agent(SET, SAY, ASK, MODEL),
    ),
    Case(
        "a deleted block that the other went on with stays until somebody decides",
        agent(SAY, ASK),
        agent(ASK),
        agent({**SAY, "text": "他"}, ASK),
        agent({**SAY, "text": "他"}, ASK),
        ("say",),
    ),
    Case(
        "and goes when that was chosen",
        agent(SAY, ASK),
        agent(ASK),
        agent({**SAY, "text": "他"}, ASK),
        agent(ASK),
        chosen={"say": "mine"},
    ),
    Case(
        "a case of a branch renamed by one, with a block put into it by the other, and a third case",
        agent(FORK),
        agent({**FORK, "cases": [{**ONE, "title": "壹"}, TWO]}),
        agent({**FORK, "cases": [{**ONE, "flow": [ASK, SET]}, TWO, {"title": "三", "when": "z"}]}),
        agent(
            {**FORK, "cases": [{**ONE, "title": "壹", "flow": [ASK, SET]}, TWO, {"title": "三", "when": "z"}]}
        ),
    ),
    Case(
        "variables of both, one of them under one name",
        agent(SAY, variables=[{"name": "a", "default": "1"}]),
        agent(SAY, variables=[{"name": "a", "default": "1"}, {"name": "b", "default": "我"}]),
        agent(SAY, variables=[{"name": "b", "default": "他"}]),
        agent(SAY, variables=[{"name": "b", "default": "我"}]),
        ("/variables/b/default",),
    ),
    Case(
        "what moved into each other has no place in both: all flows are told",
        agent(FORK, {**FORK, "id": "other", "cases": [], "otherwise": []}),
        agent({**FORK, "id": "other", "cases": [], "otherwise": [FORK]}),
        agent({**FORK, "otherwise": [MODEL, {**FORK, "id": "other", "cases": [], "otherwise": []}]}),
        agent({**FORK, "id": "other", "cases": [], "otherwise": [FORK]}),
        ("/flow",),
    ),
]  # fmt: skip


def test_what_only_one_changed_is_taken_and_what_both_changed_is_told():
    for case in CASES:
        found = merged(case.base, case.mine, case.theirs, case.chosen)
        assert tuple(one.key for one in found.clashes) == case.clashes, case.id
        assert found.data == case.becomes, case.id


def draft(dice, depth=0, left=None):
    left = left if left is not None else [SAY, ASK, SET, MODEL, FORK, {**FORK, "id": "other"}]
    flow = []
    for _ in range(dice.randrange(4)):
        if left:
            one = copy.deepcopy(left.pop(dice.randrange(len(left))))
            one["note"] = dice.choice("abc")
            if "cases" in one:
                one["cases"] = [{"when": when, "flow": draft(dice, depth + 1, left)} for when in "xy"]
                one["otherwise"] = draft(dice, depth + 1, left)
            flow.append(one)
    return flow


def ids(data):
    return sorted(block["id"] for flow in flows(data).values() for block in walk(flow))


def test_of_any_three_drafts_no_block_is_lost_or_doubled_and_one_persons_work_is_taken_whole():
    dice = random.Random(5)
    for _ in range(120):
        base, mine, theirs = (agent(*draft(dice), note=dice.choice("ab")) for _ in "123")
        assert merged(base, mine, base).data == mine
        assert merged(base, base, theirs).data == theirs
        found = merged(base, mine, theirs)
        there = ids(found.data)
        assert len(there) == len(set(there))
        both = set(ids(mine)) & set(ids(theirs))
        added = set(ids(mine)) | set(ids(theirs)) - set(ids(base))
        if ("", ("flow",)) not in {(one.block, one.path) for one in found.clashes}:
            assert both <= set(there)
            assert added - set(ids(base)) <= set(there)
