"""What is told about an agent before somebody meets it."""

from dataclasses import dataclass, field

import pytest
from builder_world import ASK, SAY

from builder.actions import models
from builder.actions.checks import check
from runtime.agent import Agent

BRANCH = {"type": "branch", "id": "way", "cases": [{"title": "一", "when": "1", "flow": []}], "otherwise": []}
ENDING = {**BRANCH, "cases": [{"when": "1", "flow": [{**SAY, "id": "x"}]}], "otherwise": [{**SAY, "id": "y"}]}
DEMO = {**ASK, "model": "demo/hongyan"}
MODEL = {**ASK, "model": "deepseek/deepseek-chat"}
HTTP = {"type": "http_request", "name": "order", "url": "https://example.com/{{ id }}"}


@dataclass
class Case:
    id: str
    flow: list
    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    more: dict = field(default_factory=dict)


CASES = [
    Case("a reply is enough", [SAY]),
    Case("an empty flow answers nothing", [], errors=["flow"]),
    Case("a template that is broken", [{**SAY, "text": "{{ x"}], errors=["flow.0.text"]),
    Case("a name that nothing sets", [{**SAY, "text": "{{ who }}"}], errors=["flow.0.text"]),
    Case("a variable is known", [{**SAY, "text": "{{ who }}"}], more={"variables": [{"name": "who"}]}),
    Case("an earlier block is known", [DEMO, {**SAY, "text": "{{ answer.text }}"}]),
    Case("a later block is not", [{**DEMO, "input": "{{ say.text }}"}, SAY], errors=["flow.0.input"]),
    Case("a block after the reply", [SAY, {**SAY, "id": "z"}], warnings=["flow.1"]),
    Case(
        "a block after a branch whose ways all reply", [{**ENDING}, {**SAY, "id": "z"}], warnings=["flow.1"]
    ),
    Case("a block after a branch with an open way", [{**ENDING, "otherwise": []}, {**SAY, "id": "z"}]),
    Case(
        "a flow in which nothing answers", [{"type": "set", "id": "s", "values": {"a": "b"}}], errors=["flow"]
    ),
    Case("what every template sees", [{**SAY, "text": "{{ message.text }}{{ now }}{{ agent.name }}"}]),
    Case(
        "a condition that is broken",
        [{**BRANCH, "cases": [{"when": "1 +", "flow": []}], "otherwise": [SAY]}],
        errors=["flow.0.cases.0.when"],
    ),
    Case(
        "a condition over an unknown name",
        [{**BRANCH, "cases": [{"when": "mood == 1", "flow": []}], "otherwise": [SAY]}],
        errors=["flow.0.cases.0.when"],
    ),
    Case(
        "blocks inside a branch are checked",
        [{**BRANCH, "otherwise": [{**SAY, "text": "{{ who }}"}]}],
        errors=["flow.0.otherwise.0.text"],
    ),
    Case(
        "a prompt that is broken",
        [{**MODEL, "prompt": {"text": "{% if %}"}}],
        errors=["flow.0.prompt.text"],
        warnings=["flow.0.model"],
    ),
    Case(
        "a prompt template that is missing",
        [{**MODEL, "prompt": {"template": "nothing"}}],
        errors=["flow.0.prompt.template"],
        warnings=["flow.0.model"],
    ),
    Case("a model without a key", [MODEL], warnings=["flow.0.model"]),
    Case("the same model is told once", [MODEL, {**MODEL, "id": "again"}], warnings=["flow.0.model"]),
    Case("no model at all", [ASK], warnings=["flow.0.model"]),
    Case("the demo model needs nothing", [DEMO]),
    Case(
        "an unset value is named",
        [{"type": "set", "id": "s", "values": {"a": "{{ q }}"}}, SAY],
        errors=["flow.0.values.a"],
    ),
    Case(
        "a tool without what it needs",
        [{"type": "tool", "id": "sum", "tool": {"type": "calculator"}}, SAY],
        warnings=["flow.0.arguments"],
    ),
    Case(
        "a tool that needs what the turn has",
        [{"type": "tool", "id": "look", "tool": {**HTTP, "url": "https://a.example/{{ shop }}"}}, SAY],
        more={"variables": [{"name": "shop"}]},
    ),
    Case("knowledge is read as it is", [{"type": "knowledge", "id": "k", "text": "{{ not a template"}, SAY]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_an_agent_is_checked(case, studio):
    agent = Agent.load({"id": "a", "name": "甲", "flow": case.flow, **case.more})
    found = check(agent, studio.prompts, studio.control)
    assert [f.field for f in found if f.level == "error"] == case.errors
    assert [f.field for f in found if f.level == "warning"] == case.warnings


def test_the_arguments_of_a_tool_are_known_in_its_settings(studio):
    tool = {**HTTP, "arguments": [{"name": "id", "description": "订单号"}]}
    agent = Agent.load({"id": "a", "name": "甲", "flow": [{**DEMO, "tools": [tool]}]})
    assert check(agent, studio.prompts, studio.control) == []


def test_a_model_that_is_set_up_is_fine(studio):
    models.set_up(studio, name="deepseek", provider="deepseek", api_key="k" * 20, models=["deepseek-chat"])
    agent = Agent.load({"id": "a", "name": "甲", "flow": [MODEL, {**ASK, "id": "other"}]})
    assert check(agent, studio.prompts, studio.control) == []
