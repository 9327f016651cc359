"""Each kind of check: what passes, and what it says where it does not."""

import asyncio

import pytest
from pydantic import ValidationError

from runtime.lang import Text
from runtime.testing.check import OneCheck
from runtime.testing.checks import KINDS, registry
from runtime.testing.seen import Seen
from runtime.turn.events import BlockStarted, Failed, LookedUp, ModelUsed, Replied, ToolCalled, Waited
from script import Script
from script import says as answers

CALLED = ToolCalled("m", "m.1.0", "get_order", {"id": "A1", "full": True})
LOOKED = LookedUp("docs", "退货", ["shop"], True, {"shop": ["售后.md"]})


def used(cost):
    return ModelUsed("m", "x", 1, 1, cost, 1, 1)


def seen(*events, text="我们九点开门。", seconds=1.5):
    return Seen("几点开门？", [*events, Replied(text, 0)], seconds)


FAILED = Seen("?", [Failed("timeout", Text("太慢", "too slow"))], 1.0)
WAITS = Seen("?", [Waited("请稍等", 0, wait="decision")], 1.0)

CASES = [
    ({"type": "contains", "text": "九点"}, seen(), True, ""),
    ({"type": "contains", "text": "OPEN"}, seen(text="We are open"), True, ""),
    ({"type": "contains", "text": "十点"}, seen(), False, "我们九点开门。"),
    ({"type": "lacks", "text": "十点"}, seen(), True, ""),
    ({"type": "lacks", "text": "九点"}, seen(), False, "我们九点开门。"),
    ({"type": "matches", "pattern": "[九十]点"}, seen(), True, ""),
    ({"type": "matches", "pattern": "^十点"}, seen(), False, "我们九点开门。"),
    ({"type": "matches", "pattern": "(a+)+$"}, seen(text="a" * 40 + "b"), False, ""),
    ({"type": "json", "path": "items.0.n", "equals": 2}, seen(text='{"items": [{"n": 2}]}'), True, ""),
    ({"type": "json", "path": "ok", "equals": True}, seen(text='好的：{"ok": 1}'), False, "1"),
    ({"type": "json", "path": "a.b", "equals": 1}, seen(text="没有 JSON"), False, "None"),
    ({"type": "calls", "tool": "get_order", "arguments": {"id": "A1"}}, seen(CALLED), True, ""),
    (
        {"type": "calls", "tool": "get_order", "arguments": {"id": "A2"}},
        seen(CALLED),
        False,
        "get_order(id='A1'",
    ),
    ({"type": "calls", "tool": "pay"}, seen(), False, "没有"),
    ({"type": "calls_not", "tool": "pay"}, seen(CALLED), True, ""),
    ({"type": "calls_not", "tool": "get_order"}, seen(CALLED), False, "get_order"),
    ({"type": "cites", "source": "售后.md"}, seen(LOOKED), True, ""),
    ({"type": "cites", "source": "别的.md"}, seen(LOOKED), False, "售后.md"),
    ({"type": "passes", "block": "say"}, seen(BlockStarted("say", "reply", "回答")), True, ""),
    ({"type": "passes", "block": "other"}, seen(BlockStarted("say", "reply", "回答")), False, "say"),
    ({"type": "waits", "wait": "decision"}, WAITS, True, ""),
    ({"type": "waits", "wait": "message"}, WAITS, False, "decision"),
    ({"type": "waits", "wait": "message"}, seen(), False, "没有"),
    ({"type": "fails"}, FAILED, True, ""),
    ({"type": "fails", "code": "timeout"}, FAILED, True, ""),
    ({"type": "fails", "code": "no_answer"}, FAILED, False, "timeout"),
    ({"type": "fails"}, seen(), False, "我们九点开门。"),
    ({"type": "within", "seconds": 2}, seen(), True, ""),
    ({"type": "within", "seconds": 1}, seen(), False, "1.5"),
    ({"type": "costs", "yuan": 0.01}, seen(used(0.001)), True, ""),
    ({"type": "costs", "yuan": 0.01}, seen(used(0.01)), False, "0.071"),
    ({"type": "costs", "yuan": 1}, seen(used(None)), False, "价格"),
]


@pytest.mark.parametrize(("asked", "what", "ok", "says"), CASES)
async def test_each_kind_passes_what_is_so_and_says_what_is_there_instead(asked, what, ok, says):
    check = registry()[asked["type"]].model_validate(asked)
    verdict = await check.judge(what, Script())
    assert (verdict.ok, says in verdict.says.zh) == (ok, True), verdict.says.zh


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}.{0,500}(?:[A-Z]\d{17}){1,5}", True),
        ("(?:(?:x{50}){50}){50}", False),
        ("(?x) (?:(?:x{5 0}) { 5 0 } ) # } \n {000050,}", False),
        ("(?:" * 450 + "x" + ")" * 450, False),
    ],
)
def test_a_pattern_that_would_fill_the_memory_is_refused_before_it_is_made(pattern, fits):
    asked = {"type": "matches", "pattern": pattern}
    if fits:
        registry()["matches"].model_validate(asked)
    else:
        with pytest.raises(ValidationError):
            registry()["matches"].model_validate(asked)


async def test_others_go_on_while_a_slow_pattern_looks():
    check = registry()["matches"].model_validate({"type": "matches", "pattern": "(a|aa|aaa)+$"})
    looking = asyncio.create_task(check.judge(seen(text="a" * 5000 + "b"), Script()))
    turns = 0
    while not looking.done():
        turns += 1
        await asyncio.sleep(0.01)
    assert "太慢" in looking.result().says.zh
    assert turns > 2


def test_each_kind_is_tried_above_or_judged():
    tried = {asked["type"] for asked, *_ in CASES}
    assert tried == registry().keys() - {"judged"}
    assert all(issubclass(kind, OneCheck) and kind.about.zh for kind in KINDS)


@pytest.mark.parametrize(
    ("said", "ok", "says"),
    [
        ('{"reason": "礼貌", "passes": true}', True, "礼貌"),
        ('判断：{"reason": "没有道歉", "passes": false}', False, "没有道歉"),
        ('{"reason": "…", "passes": "yes"}', False, "没有给出判断"),
        ("passes", False, "没有给出判断"),
    ],
)
async def test_a_model_judges_with_its_reason(said, ok, says):
    models = Script([answers(said)])
    check = registry()["judged"].model_validate({"type": "judged", "rubric": "要道歉"})
    verdict = await check.judge(seen(), models)
    assert (verdict.ok, says in verdict.says.zh) == (ok, True)
    assert "要道歉" in models.requests[0].messages[1]["content"]
