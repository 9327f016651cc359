"""A suite runs as people would talk, with nothing that acts, and tells what was missed."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from runtime.errors import BadAgent, NotFound
from runtime.testing.checks import registry
from runtime.testing.junit import junit
from runtime.testing.running import run, run_case
from runtime.testing.suite import Suite, suite_of
from script import Script, agent, calls, says, services

DOCS = Path(__file__).parents[3] / "docs"
WRONG = {"type": "matches", "pattern": "("}
ECHO = agent({"type": "reply", "id": "say", "text": "好：{{ message.text }}"})
POST = {"type": "http_request", "name": "book", "url": "https://api.example.com/", "method": "POST"}
BOOKS = agent({"type": "model", "id": "m", "prompt": {"text": ""}, "tools": [POST]})


def case(*lines, **more):
    return {"id": "one", "lines": list(lines), **more}


def line(says, *checks, **more):
    return {"says": says, "checks": list(checks), **more}


def contains(text):
    return {"type": "contains", "text": text}


async def ran(it, agent=ECHO, models=None):
    [one] = Suite.load({"cases": [it]}).cases
    return await run_case(one, agent, services(models))


async def test_a_case_is_a_conversation_and_each_line_has_its_checks():
    one = await ran(case(line("在吗", contains("在吗")), line("几点", contains("九点"), contains("几点"))))
    assert [seen.text for seen in one.seen] == ["好：在吗", "好：几点"]
    [missed] = one.missed
    assert (one.ok, missed.line, missed.check.text, missed.says.zh) == (False, 2, "九点", "回答是：好：几点")


async def test_what_was_said_before_is_known_in_a_case_and_in_no_other():
    models = Script([says("你好")])
    it = agent({"type": "model", "id": "m", "prompt": {"text": ""}})
    await ran(case(line("我叫小李"), line("我叫什么")), it, models)
    await ran(case(line("我叫什么")), it, models)
    seen = [[message["content"] for message in one.messages] for one in models.requests]
    assert ["我叫小李" in told for told in seen] == [True, True, False]


async def test_a_tool_that_acts_gives_what_the_case_says_or_nothing_and_is_never_called():
    given = [{"tool": "book", "gives": {"ok": True}}]
    for tools, told in ((given, '{"ok": true}'), ([], "没有执行")):
        models = Script([calls(("book", {})), says("订好了")])
        one = await ran(case(line("订位", {"type": "calls", "tool": "book"}), tools=tools), BOOKS, models)
        assert one.ok
        assert told in models.requests[1].messages[-1]["content"]


async def test_of_several_that_fit_a_call_each_is_given_once():
    given = [{"tool": "book", "gives": "满了", "fails": True}, {"tool": "book", "gives": "订好了"}]
    models = Script([calls(("book", {})), calls(("book", {})), calls(("book", {})), says("好")])
    await ran(case(line("订位"), tools=given), BOOKS, models)
    told = [message["content"] for message in models.requests[-1].messages if message["role"] == "tool"]
    assert ["满了" in one for one in told] == [True, False, False]


async def test_choices_are_read_as_their_words():
    it = agent({"type": "reply", "id": "say", "text": "请什么假？\n- [事假](menu:1)\n- [病假](menu:2)"})
    [seen] = (await ran(case(line("请假")), it)).seen
    assert seen.text == "请什么假？\n- 事假\n- 病假"


async def test_a_flow_that_waits_goes_on_with_what_is_played():
    flow = [
        {"type": "approve", "id": "yes", "question": "{{ message.text }}？"},
        {"type": "reply", "id": "say", "text": "批了"},
    ]
    waits = {"type": "waits", "wait": "decision"}
    one = await ran(case(line("请假", waits), line("/approve", contains("批了"))), agent(*flow))
    assert one.missed == []


async def test_a_turn_that_fails_is_missed_unless_that_is_asked_for():
    broken = agent({"type": "reply", "id": "say", "text": "{{ 1/0 }}"})
    one = await ran(case(line("在吗", contains("在")), line("还在吗")), broken)
    assert (len(one.seen), [missed.check for missed in one.missed]) == (1, [None])
    assert (await ran(case(line("在吗", {"type": "fails"})), broken)).ok


async def test_it_is_the_time_that_the_case_says():
    it = agent({"type": "reply", "id": "say", "text": "{{ now }}"}, timezone="Asia/Shanghai")
    one = await ran(case(line("几点"), line("几点", after=2), at="2026-03-05T09:30:00"), it)
    assert [seen.text[:16] for seen in one.seen] == ["2026-03-05 09:30", "2026-03-05 11:30"]


async def test_a_suite_tells_each_case_as_it_ends_and_junit_has_them_all():
    cases = [
        {**case(line("在吗", contains("在吗"))), "id": "good", "title": "好的"},
        {**case(line("在吗\x00", contains("九点"))), "id": "bad"},
    ]
    suite = Suite.load({"format": 1, "cases": cases})
    done = [one async for one in run(suite, ECHO, services())]
    assert {one.case.id: one.ok for one in done} == {"good": True, "bad": False}
    top = ElementTree.fromstring(junit("shop", done, "zh"))
    assert (top.get("tests"), top.get("failures")) == ("2", "1")
    names = {one.get("name"): one.find("failure") is not None for one in top.iter("testcase")}
    assert names == {"good 好的": False, "bad": True}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"cases": [{"id": "a", "lines": []}]}, "cases.0.lines"),
        ({"cases": [case(line("x")), case(line("y"))]}, "cases.1.id"),
        ({"cases": [case(line("x", {"type": "smells"}))]}, "cases.0.lines.0.checks.0.type"),
        ({"cases": [case(line("x", {"type": "contains"}))]}, "cases.0.lines.0.checks.0.text"),
        (
            {"cases": [case(line("x", {"type": "matches", "pattern": "("}))]},
            "cases.0.lines.0.checks.0.pattern",
        ),
        ({"cases": [case(line("x"), at="gestern")]}, "cases.0.at"),
        ({"cases": [case(line("x"), tools=[{"gives": 1}])]}, "cases.0.tools.0.tool"),
        ({"format": 2, "cases": []}, "format"),
    ],
)
def test_a_suite_with_a_mistake_is_refused_by_its_field(data, field):
    with pytest.raises(BadAgent) as e:
        Suite.load(data)
    assert e.value.field == field


def test_a_suite_stands_beside_its_agent_and_is_written_as_it_was_read(tmp_path):
    data = {"format": 1, "cases": [case(line("在吗", contains("在吗"), after=1.0), tools=[{"tool": "book"}])]}
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "shop.json").write_text(json.dumps(data), "utf-8")
    assert suite_of("shop", tmp_path).to_json() == data
    with pytest.raises(NotFound, match=r"tests.other\.json"):
        suite_of("other", tmp_path)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_on_tests_shows_a_suite_and_every_kind_of_check(lang):
    page = (DOCS / lang / "tests.md").read_text("utf-8")
    [shown] = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert Suite.load(json.loads(shown)).cases
    rows = re.findall(r"^\| (`[a-z_`、, ]+) \|", page, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)} - {"type"}
    assert named == set(registry())
