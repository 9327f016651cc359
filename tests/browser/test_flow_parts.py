"""The parts of the editor that need no page, run where they live: in a browser."""

import json
import re
from dataclasses import dataclass

import pytest

from builder.flow_editor import catalog, texts
from runtime.settings import CHECKOUT

pytest_plugins = ["flow_fixtures"]

CONTAINS = {"join": "and", "rows": [{"name": "message.text", "is": "contains", "text": "a"}]}
CUT = [{"text": "a "}, {"name": "b.c"}, {"text": "d"}]
TYPED = "undo(push(push(historyOf(0), 1, 'k', 10), 2, 'k', %d)).now"


@dataclass(frozen=True)
class Fact:
    id: str
    module: str
    call: str
    result: object


FACTS = [
    Fact("a fresh id takes the type", "tree", "freshId('model', [])", "model"),
    Fact("a taken id is counted up", "tree", "freshId('model', ['model', 'model_2'])", "model_3"),
    Fact("an id is a name in a template", "tree", "freshId('web-page', [])", "web_page"),
    Fact("put replaces at a path", "tree", "put([{x: 1}], [0, 'x'], 2)", [{"x": 2}]),
    Fact("put leaves the old one", "tree", "(old => (put(old, [0, 'x'], 2), old))([{x: 1}])", [{"x": 1}]),
    Fact("a word in a text", "expression", "parse(\"'a' in message.text\")", CONTAINS),
    Fact("'and' in quotes is text", "expression", "parse(\"x == 'a and b'\").rows.length", 1),
    Fact("and with or is too much for rows", "expression", "parse('a and b or c')", None),
    Fact("a filter is too much for rows", "expression", "parse('message.text | length > 3')", None),
    Fact(
        "letters are compared without their case",
        "expression",
        "write({join: 'and', rows: [{name: 'message.text', is: 'contains', text: 'Human'}]})",
        "'human' in message.text | lower",
    ),
    Fact(
        "and read so",
        "expression",
        "write(parse(\"message.text | lower == 'order'\"))",
        "message.text | lower == 'order'",
    ),
    Fact(
        "how it starts, too",
        "expression",
        "write({join: 'and', rows: [{name: 'message.text', is: 'starts', text: 'Order'}]})",
        "(message.text | lower).startswith('order')",
    ),
    Fact(
        "and where it ends in another value",
        "expression",
        "write(parse(\"(a.b | lower).endswith(c.d | lower) or a.startswith('是')\"))",
        "(a.b | lower).endswith(c.d | lower) or a.startswith('是')",
    ),
    Fact(
        "a tool that asks another agent is called by that one",
        "card",
        "toolName({tools: {agent: {fields: [{name: 'whom', widget: 'agent'}]}}, "
        "agents: [{value: 'r', title: '路线'}]}, "
        "{type: 'agent', name: 'agent_2', whom: 'r'})",
        "路线",
    ),
    Fact("a field is called by its title", "values", "nameFrom('Reason for leave?', [])", "reason_for_leave"),
    Fact("apart from the others", "values", "nameFrom('Days', ['days'])", "days_2"),
    Fact("and not in signs that no template knows", "values", "nameFrom('天数', [])", ""),
    *(
        Fact(f"{what} is had back", "expression", f"write(parse({json.dumps(said)}))", said)
        for what, said in {
            "some words": "['a', 'b '] | select('in', message.text | lower) | list",
            "no words": "not (['吗', '？'] | select('in', message.text) | list) and 'a' in x | lower",
            "one of some": "message.text | lower | trim('。.！!~ ') in ['ok', 'thanks']",
            "a later time": "person.booking and person.booking[:16] > now[:16]",
        }.items()
    ),
    Fact("a number", "expression", "write(parse('set.n | float > 5'))", "set.n | float > 5"),
    Fact("another value", "expression", "parse('a.b in c.d').rows[0].text", "{{ a.b }}"),
    Fact(
        "another value is written as it is",
        "expression",
        "write({join: 'or', rows: [{name: 'a', is: 'equals', text: '{{ b.c }}'}, "
        "{name: 'n', is: 'above', text: '{{ m }}'}]})",
        "a | lower == b.c | lower or n | float > m | float",
    ),
    Fact("nothing is no value", "expression", "parse('a == none')", None),
    Fact("not", "expression", "write(parse('not tool.failed'))", "not tool.failed"),
    Fact("quotes come back", "expression", "write(parse(\"x != 'it\\\\'s'\"))", "x | lower != 'it\\'s'"),
    Fact("a template is cut at its references", "scope", "parts('a {{ b.c }}d')", CUT),
    Fact("a filter is no reference", "scope", "parts('{{ a | upper }}')", [{"text": "{{ a | upper }}"}]),
    Fact("typing is one step", "history", TYPED % 20, 0),
    Fact("a pause makes two", "history", TYPED % 5000, 1),
    Fact("an edit forgets what was undone", "history", "push(undo(push(historyOf(0), 1)), 2).future", []),
]


@pytest.fixture(scope="module")
def library(browser, flow_site):
    page = browser.new_page()
    page.goto(flow_site)
    yield page
    page.close()


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_pure_parts(library, fact):
    run = f"new Function(...Object.keys(all), {json.dumps('return ' + fact.call)})(...Object.values(all))"
    found = f"modules['flow_editor/{fact.module}']"
    assert library.evaluate(
        f"import('/app.js').then(({{ modules }}) => {{ const all = {found}; return {run} }})"
    ) == (fact.result)


STARTERS = sorted((CHECKOUT / "templates" / "agents").glob("*.json"))
CONDITIONS = re.compile(r'"when": ("(?:[^"\\]|\\.)*")')


def test_every_condition_of_a_starter_is_a_form(library):
    found = [one for file in STARTERS for one in CONDITIONS.findall(file.read_text("utf-8"))]
    assert len(found) > 6
    raw = f"[{','.join(found)}].filter((when) => !parse(when))"
    parse = "modules['flow_editor/expression'].parse"
    run = f"import('/app.js').then(({{ modules }}) => {{ const parse = {parse}; return {raw} }})"
    assert library.evaluate(run) == []


def test_both_languages_have_the_same_sentences():
    assert texts()["zh"].keys() == texts()["en"].keys()


def test_every_field_has_a_name_in_both_languages():
    known = catalog()
    kinds = {**known["blocks"], **known["tools"]}
    nameless = [
        (kind, field["name"])
        for kind, about in kinds.items()
        for field in about["fields"]
        if not all(field["title"].values())
    ]
    assert kinds
    assert nameless == []
