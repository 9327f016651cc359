"""A fix makes its problem go away and brings no new one; where nothing is certain none is offered."""

import pytest

from runtime.agents.check import check
from runtime.agents.edits.fixing import FIXES, fix_of, fixed, problems
from runtime.errors import BadAgent
from runtime.store.control.control import Control
from runtime.templating.prompts import GIVEN, Prompts

ASK = {"type": "model", "id": "ask", "model": "demo/hongyan", "prompt": {"text": "你是店员"}}
SAY = {"type": "reply", "id": "say", "text": "{{ ask.text }}"}
DOCS = {"type": "knowledge", "id": "docs", "text": "一"}
HTTP = {"type": "http_request", "name": "order", "url": "https://example.com/{{ id }}"}
WAITS = {"type": "ask", "id": "form", "fields": [{"name": "phone", "type": "text"}]}
ROUNDS = {"type": "repeat", "id": "again", "over": "{{ message.text }}", "at_once": 3, "flow": [WAITS]}
LOOK = {"type": "knowledge", "id": "look", "bases": ["prcies"]}
SEND = {"type": "tool", "id": "send", "tool": {**HTTP, "method": "POST", "url": "https://example.com/"}}
KEEP = {"type": "set", "id": "keep", "values": {"person.size": "{{ message.text }}"}}


def way(when, *flow):
    return {"type": "branch", "id": "way", "cases": [{"title": "一", "when": when, "flow": list(flow)}]}


TABLE = [
    ("misspelt", [{**ASK, "id": "answer"}, {**SAY, "text": "{{ anwser.text }}{{answer}}"}], "flow.1.text"),
    ("misspelt", [ASK, {**SAY, "text": "{{ ask.txt | upper }} ask.txt"}], "flow.1.text"),
    ("misspelt", [ASK, way("'x' in ask.tex", SAY)], "flow.1.cases.0.when"),
    ("misspelt", [{**SAY, "text": "{{ massage.text }}"}], "flow.0.text"),
    ("misspelt", [{**SAY, "text": "{{ message.txet }}"}], "flow.0.text"),
    ("switched_off", [{**ASK, "disabled": True}, SAY], "flow.1.text"),
    ("unused", [DOCS, ASK, SAY], "flow.0"),
    ("taken", [ASK, SAY, {**SAY, "text": "好"}], "flow.2.id"),
    ("taken", [ASK, way("true", {**ASK}), SAY], "flow.1.cases.0.flow.0.id"),
    ("reserved", [{**ASK, "id": "message"}, {**SAY, "text": "{{ message.text }}"}], "flow.0.id"),
    ("tool_twice", [{**ASK, "tools": [HTTP, {**HTTP, "method": "PUT"}]}, SAY], "flow.0.tools.1.name"),
    ("cannot_wait", [ROUNDS, {**SAY, "text": "好"}], "flow.0.flow.0"),
    ("other_base", [LOOK, {**SAY, "text": "{{ look.text }}"}], "flow.0.bases.0"),
    ("unheeded", [SEND, {**SAY, "text": "好"}], "flow.0"),
    ("undeclared", [KEEP, {**SAY, "text": "好"}], "flow.0.values.person.size"),
]  # fmt: skip
UNCERTAIN = [
    [{**SAY, "text": "{{ nothing_like_it.text }}"}],
    [{**SAY, "text": "{{ x"}],
    [DOCS, {**SAY, "text": "好"}],
    [],
]


@pytest.fixture
def judge(tmp_path):
    control = Control.in_folder(tmp_path / "data")
    base = control.home / "knowledge" / "prices"
    base.mkdir(parents=True)
    (base / "base.json").write_text("{}", "utf-8")
    return lambda agent: check(agent, Prompts([GIVEN]), control)


def told(data, judge):
    return {(one.field, one.text.en) for one in problems(data, judge)}


def shop(flow):
    return {"format": 1, "id": "shop", "name": "店", "flow": flow}


@pytest.mark.parametrize(
    ("code", "flow", "field"), TABLE, ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_fix_makes_its_problem_go_away_and_brings_no_new_one(code, flow, field, judge):
    before = shop(flow)
    [found] = [one for one in problems(before, judge) if one.code]
    assert (found.code, found.field) == (code, field)
    fix = fix_of(before, found)
    assert all(fix.title.by_language().values())
    after = fixed(before, field, code, judge)
    assert told(after, judge) == told(before, judge) - {(field, found.text.en)}
    with pytest.raises(BadAgent):
        fixed(after, field, code, judge)  # it is gone


def test_every_code_has_its_row():
    assert {code for code, _, _ in TABLE} == FIXES.keys()


@pytest.mark.parametrize("flow", UNCERTAIN, ids=lambda _: "")
def test_where_nothing_is_certain_nothing_is_offered(flow, judge):
    found = problems(shop(flow), judge)
    assert found
    assert [fix_of(shop(flow), one) for one in found] == [None] * len(found)


def test_a_fix_that_would_bring_another_problem_is_not_taken(judge):
    broken = shop([{**ASK, "disabled": True, "input": "{{ nobody.text }}"}, SAY])
    with pytest.raises(BadAgent, match="another problem"):
        fixed(broken, "flow.1.text", "switched_off", judge)
