"""What is told about an agent before somebody meets it."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from runtime.agents.agent import Agent
from runtime.agents.check import check, refuse_errors
from runtime.agents.scope import MESSAGE
from runtime.errors import BadAgent, HongyanError
from runtime.models.providers import Endpoint
from runtime.models.senses import UsualModels
from runtime.settings import CHECKOUT
from runtime.templating.prompts import Prompts

SAY = {"type": "reply", "id": "say", "text": "好"}
ASK = {"type": "model", "id": "answer", "prompt": {"text": "你是店员"}}
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
    Case(
        "two tools of one name",
        [{**DEMO, "tools": [{**HTTP, "name": "a"}, {"type": "clock"}, {**HTTP, "name": "clock"}]}],
        errors=["flow.0.tools.2.name"],
    ),
    Case(
        "tools that look like ours, to which what is to be kept would go",
        [{**DEMO, "tools": [{**HTTP, "name": name} for name in ("remember", "Keep-Of-Person", "f0rget")]}],
        errors=[f"flow.0.tools.{i}.name" for i in range(3)],
    ),
    Case("an empty flow answers nothing", [], errors=["flow"]),
    Case("a template that is broken", [{**SAY, "text": "{{ x"}], errors=["flow.0.text"]),
    Case("a name that nothing sets", [{**SAY, "text": "{{ who }}"}], errors=["flow.0.text"]),
    Case("a variable is known", [{**SAY, "text": "{{ who }}"}], more={"variables": [{"name": "who"}]}),
    Case("an earlier block is known", [DEMO, {**SAY, "text": "{{ answer.text }}"}]),
    Case(
        "what every message has is known",
        [{**SAY, "text": "".join(f"{{{{ message.{name} }}}}" for name in MESSAGE)}],
    ),
    Case("the files of a conversation are known", [{**SAY, "text": "{{ conversation.files|length }}"}]),
    Case("a later block is not", [{**DEMO, "input": "{{ say.text }}"}, SAY], errors=["flow.0.input"]),
    Case("a block after the reply", [SAY, {**SAY, "id": "z"}]),
    Case("a block after a handoff", [{"type": "handoff", "id": "h"}, SAY], warnings=["flow.1"]),
    Case(
        "a block after a branch whose ways all reply", [{**ENDING}, {**SAY, "id": "z"}], warnings=["flow.1"]
    ),
    Case("a block after a branch with an open way", [{**ENDING, "otherwise": []}, {**SAY, "id": "z"}]),
    Case(
        "what is switched off leaves nothing to later blocks",
        [{**DEMO, "disabled": True}, {**SAY, "text": "{{ answer.text }}"}],
        warnings=["flow.1.text"],
    ),
    Case(
        "what is inside of what is switched off, too",
        [
            {**BRANCH, "disabled": True, "otherwise": [DEMO]},
            {**SAY, "text": "{{ answer.text }}{{ way.case }}"},
        ],
        warnings=["flow.1.text", "flow.1.text"],
    ),
    Case(
        "what is wrong in it stands in nobody's way",
        [{**SAY, "disabled": True, "text": "{{ x"}, {**SAY, "id": "z"}],
    ),
    Case("alone it answers nothing", [{**SAY, "disabled": True}], errors=["flow"]),
    Case(
        "who is used only by it is of no use",
        [
            {"type": "knowledge", "id": "docs", "text": "一"},
            {**DEMO, "disabled": True, "input": "{{ docs.text }}"},
            SAY,
        ],
        warnings=["flow.0"],
    ),
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
    Case(
        "knowledge is read as it is, and used nowhere",
        [{"type": "knowledge", "id": "k", "text": "{{ not a template"}, SAY],
        warnings=["flow.0"],
    ),
    Case(
        "what is found is used in a way of its own block",
        [
            {
                "type": "knowledge",
                "id": "k",
                "text": "x",
                "otherwise": [{**SAY, "id": "z", "text": "{{ k.text }}"}],
            },
            SAY,
        ],
    ),
]

DOCS = {"type": "knowledge", "id": "docs", "text": "资料"}
FOOD = {"type": "set", "id": "food", "values": {"name": "面"}}
WAYS = {**BRANCH, "cases": [{"when": "1", "flow": [FOOD]}]}


def say(text, **more):
    return {**SAY, "text": text, **more}


SCOPE = [
    Case(
        "a sibling way is not earlier",
        [{**WAYS, "otherwise": [say("{{ food.name }}")]}],
        errors=["flow.0.otherwise.0.text"],
    ),
    Case(
        "nor is one that was moved there",
        [{**WAYS, "cases": [*WAYS["cases"], {"when": "2", "flow": [say("{{ food.name }}")]}]}],
        errors=["flow.0.cases.1.flow.0.text"],
    ),
    Case("ways join after a branch", [WAYS, say("{{ food.name }}")]),
    Case(
        "ways of ways join", [{**BRANCH, "id": "o", "otherwise": [WAYS]}, say("{{ food.name }}{{ o.case }}")]
    ),
    Case(
        "a branch is not known in its own ways",
        [{**WAYS, "otherwise": [say("{{ way.case }}")]}],
        errors=["flow.0.otherwise.0.text"],
    ),
    Case(
        "a branch's condition sees what is before it",
        [DOCS, {**BRANCH, "otherwise": [SAY], "cases": [{"when": "docs.text == ''", "flow": []}]}],
    ),
    Case(
        "but not what is in it",
        [{**WAYS, "otherwise": [SAY], "cases": [{"when": "food.name", "flow": [FOOD]}]}],
        errors=["flow.0.cases.0.when"],
    ),
]

FIELDS = [
    Case("a field that a block does not give", [DOCS, say("{{ docs.txet }}")], errors=["flow.1.text"]),
    Case("in brackets", [DOCS, say("{{ docs['txet'] }}")], errors=["flow.1.text"]),
    Case(
        "in a condition",
        [DOCS, {**BRANCH, "cases": [{"when": "docs.txet == 'a'", "flow": []}]}, SAY],
        errors=["flow.1.cases.0.when"],
    ),
    Case(
        "in a prompt's values",
        [
            DOCS,
            {**DEMO, "prompt": {"template": "customer_service", "values": {"passages": "{{ docs.body }}"}}},
        ],
        errors=["flow.1.prompt.values.passages"],
    ),
    Case("a value that a set block does not set", [FOOD, say("{{ food.nam }}")], errors=["flow.1.text"]),
    Case("what it gives", [DOCS, FOOD, say("{{ docs.text }}{{ docs.passages[0] }}{{ food.name }}")]),
    Case("a misspelt field of the message", [say("{{ message.txt }}")], errors=["flow.0.text"]),
    Case("a field that only some messages have", [say("{{ message.latitude }}")], warnings=["flow.0.text"]),
    Case(
        "a field of a text",
        [say("{{ who.name }}")],
        errors=["flow.0.text"],
        more={"variables": [{"name": "who"}]},
    ),
    Case("a field of the agent", [say("{{ agent.nmae }}")], errors=["flow.0.text"]),
    Case(
        "a field of what was said",
        [say("{% if conversation %}{{ conversation[-1].answer }}{% endif %}")],
        errors=["flow.0.text"],
    ),
    Case(
        "a name of its own", [say("{% for docs in [1] %}{{ docs.x }}{% endfor %}")], warnings=["flow.0.text"]
    ),
]

NEVER = [
    Case("a division by zero", [say("{{ 1/0 }}")], errors=["flow.0.text"]),
    Case("a remainder by zero", [say("{{ message.text|length % 0 }}")], errors=["flow.0.text"]),
    Case(
        "where it is rarely met",
        [say("{% if message.text == 'x' %}{{ 1//0 }}{% endif %}")],
        errors=["flow.0.text"],
    ),
    Case(
        "in a condition",
        [{**BRANCH, "cases": [{"when": "1/0 > 1", "flow": []}], "otherwise": [SAY]}],
        errors=["flow.0.cases.0.when"],
    ),
    Case("a number added to a text", [say("{{ message.text + 1 }}")], errors=["flow.0.text"]),
    Case("a filter without what it needs", [say("{{ message.text|replace('a') }}")], errors=["flow.0.text"]),
    Case(
        "too much work",
        [say("{% for a in range(9999) %}{% for b in range(99) %}.{% endfor %}{% endfor %}")],
        errors=["flow.0.text"],
    ),
    Case(
        "the last answer, of which there is none yet",
        [say("{{ conversation[-1].reply }}")],
        warnings=["flow.0.text"],
    ),
    Case("asked for first", [say("{% if conversation %}{{ conversation[-1].reply }}{% endif %}")]),
    Case("a number of what was written", [say("{{ message.text|int + 1 }}")]),
    Case("a part of what was written", [say("{{ message.text.split('-')[1] }}")]),
]

JSON = {"type": "http_request", "name": "order", "method": "POST", "url": "https://example.com/"}


def posts(body, **more):
    return [{**DEMO, "tools": [{**JSON, "body": body, **more}]}]


BODY = ["flow.0.tools.0.body"]
TEXT = {"arguments": [{"name": "city"}]}
TOOLS = [
    Case("a body without its end", posts('{"city": "{{ city }}"'), errors=BODY),
    Case("a comma too many", posts('{"city": "{{ city }}",}'), errors=BODY),
    Case("single quotes", posts("{'city': '{{ city }}'}"), errors=BODY),
    Case("a text without quotes", posts('{"city": {{ city }}}', **TEXT), errors=BODY),
    Case("said by its header", posts("city", headers={"content-type": "application/json"}), errors=BODY),
    Case("a text in quotes", posts('{"city": "{{ city }}"}', **TEXT)),
    Case("a number without quotes", posts('{"n": {{ n }}}', arguments=[{"name": "n", "type": "integer"}])),
    Case("a list as JSON", posts('{"all": {{ all|tojson }}}')),
    Case(
        "a loop",
        posts('[{% for x in message.text %}"{{ x }}",{% endfor %}1]'),
    ),
    Case("no JSON", posts("city={{ city }}")),
    Case("a field of an earlier block", [DOCS, *posts('{"text": "{{ docs.text }}"}')]),
]

PRIVATE = [
    "http://127.0.0.1", "http://127.0.0.1:8000", "http://localhost", "http://10.0.0.5", "http://192.168.1.1",
    "http://172.16.0.1", "http://169.254.169.254", "http://100.100.100.200", "http://[::1]", "http://0.0.0.0",
    "http://2130706433", "http://0x7f000001", "http://0177.0.0.1", "http://127.1", "http://[::ffff:10.0.0.1]",
    "https://erp.local", "https://db.internal", "http://LOCALHOST:3000", "http://[fe80::1]",
]  # fmt: skip


ERP = {"headers": {"X-Key": "{{ secret.erp }}"}}
SECRETS = [
    Case("a secret that is set", posts("", **ERP)),
    Case("in the query", posts("", url="https://example.com/?key={{ secret.erp }}")),
    Case("in the body", posts('{"key": "{{ secret.erp }}"}')),
    Case("one that is not set", posts("{{ secret.crm }}"), errors=["flow.0.tools.0"]),
    Case(
        "in the path", posts("", url="https://example.com/{{ secret.erp }}/x"), errors=["flow.0.tools.0.url"]
    ),
    Case("changed", posts("{{ secret.erp | upper }}"), errors=["flow.0.tools.0"]),
    Case("all of them", posts("{{ secret }}"), errors=["flow.0.tools.0"]),
    Case("in a reply", [say("{{ secret.erp }}")], errors=["flow.0.text"]),
    Case("in a prompt", [{**DEMO, "prompt": {"text": "{{ secret.erp }}"}}], errors=["flow.0.prompt.text"]),
    Case(
        "in a condition",
        [{**BRANCH, "cases": [{"when": "secret.erp", "flow": []}], "otherwise": [SAY]}],
        errors=["flow.0.cases.0.when"],
    ),
    Case(
        "in an argument",
        [
            {
                "type": "tool",
                "id": "t",
                "tool": {"type": "calculator"},
                "arguments": {"expression": "{{ secret.erp }}"},
            },
            SAY,
        ],
        errors=["flow.0.arguments.expression"],
    ),
    Case(
        "a key in clear",
        posts("", headers={"Authorization": "Bearer abcdef123"}),
        warnings=["flow.0.tools.0.headers.Authorization"],
    ),
]


class Secrets:
    def names(self):
        return ["erp"]


@dataclass(frozen=True)
class Endpoints:
    """What the owner set up."""

    there: dict = field(default_factory=dict)
    default: str = ""
    secrets = Secrets()
    speaks: str = ""
    draws: str = ""
    home: Path = Path("/nowhere")

    def find(self, name):
        return self.there.get(name)

    def endpoints(self):
        return list(self.there.values())

    def default_model(self):
        return self.default

    def usual_models(self):
        return UsualModels(speaking=self.speaks, drawing=self.draws)


PROMPTS = Prompts([CHECKOUT / "templates" / "prompts"])


def found_in(flow, endpoints=Endpoints(), allowed=(), **more):
    agent = Agent.load({"id": "a", "name": "甲", "flow": flow, **more})
    return check(agent, PROMPTS, endpoints, allowed)


@pytest.mark.parametrize(
    "case", [*CASES, *SCOPE, *FIELDS, *NEVER, *TOOLS, *SECRETS], ids=lambda case: case.id
)
def test_an_agent_is_checked(case):
    found = found_in(case.flow, **case.more)
    assert [f.field for f in found if f.level == "error"] == case.errors, found
    assert [f.field for f in found if f.level == "warning"] == case.warnings, found


def test_the_arguments_of_a_tool_are_known_in_its_settings():
    tool = {**HTTP, "arguments": [{"name": "id", "description": "订单号"}]}
    assert found_in([{**DEMO, "tools": [tool]}]) == []


def test_a_model_that_is_set_up_is_fine():
    deepseek = Endpoint(name="deepseek", provider="deepseek", api_key="k" * 20, models=("deepseek-chat",))
    flow = [MODEL, {**ASK, "id": "other"}]
    assert found_in(flow, Endpoints({"deepseek": deepseek}, "deepseek/deepseek-chat")) == []


def test_models_that_see_hear_and_speak_are_looked_at_like_others():
    senses = {"vision": "glm/v", "voice": "nobody/asr", "speech": {"when": "always"}}
    assert [found.field for found in found_in([DEMO], **senses)] == ["vision", "speech.model"]
    assert found_in([DEMO], Endpoints(speaks="x/tts"), speech={"when": "always"}) == []


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_found_in_every_spelling(address):
    tool = {"type": "http_request", "url": f"{address}/orders"}
    (found,) = found_in([{**DEMO, "tools": [tool]}])
    assert (found.level, found.field) == ("error", "flow.0.tools.0.url")


@pytest.mark.parametrize("address", ["https://api.example.com", "http://8.8.8.8", "http://[2606:4700::1111]"])
def test_a_public_address_is_none(address):
    assert found_in([{**DEMO, "tools": [{"type": "http_request", "url": f"{address}/orders"}]}]) == []


def test_a_private_address_that_the_operator_allows_is_fine():
    tool = {"type": "http_request", "url": "http://10.0.0.5:8080/orders"}
    assert found_in([{**DEMO, "tools": [tool]}], allowed=("10.0.0.5:8080",)) == []


def test_the_address_in_a_variable_is_looked_at_too():
    tool = {"type": "http_request", "url": "{{ api }}/orders"}
    variables = [{"name": "api", "default": "http://192.168.1.9"}]
    assert [f.field for f in found_in([{**DEMO, "tools": [tool]}], variables=variables)] == [
        "flow.0.tools.0.url"
    ]


def test_a_refusal_names_block_and_field():
    wrong = {**SAY, "title": "回复顾客", "text": "{{ docs.txet }}"}
    agent = Agent.load({"id": "a", "name": "甲", "flow": [DOCS, wrong]})
    with pytest.raises(BadAgent) as caught:
        refuse_errors(agent, check(agent, PROMPTS, Endpoints()))
    assert caught.value.field == "flow.1.text"
    assert "「回复顾客」的「回复内容」" in caught.value.text.zh
    assert "“回复顾客”, Text" in caught.value.text.en
    assert "txet" in caught.value.text.en


def test_a_misspelt_name_comes_with_what_may_be_meant():
    (found,) = found_in([{**SAY, "text": "{{ mesage.text }}"}])
    assert "message" in found.text.en


def test_a_knowledge_base_that_is_not_there_is_named_with_its_field(tmp_path):
    for id in ("tea", "faq"):
        (tmp_path / "knowledge" / id).mkdir(parents=True)
    (tmp_path / "knowledge" / "tea" / "base.json").write_text("{}", encoding="utf-8")
    flow = [
        {"type": "knowledge", "id": "docs", "bases": ["tea", "faq"]},
        {"type": "model", "id": "m", "tools": [{"type": "search_knowledge", "bases": ["gone", "tea"]}]},
    ]
    told = [
        (one.level, one.field)
        for one in found_in(flow, Endpoints(home=tmp_path))
        if "knowledge base" in one.text.en
    ]
    assert told == [("error", "flow.0.bases.1"), ("error", "flow.1.tools.0.bases.0")]
    agent = Agent.load({"id": "a", "name": "甲", "flow": flow})
    with pytest.raises(HongyanError) as refused:
        refuse_errors(agent, check(agent, PROMPTS, Endpoints(home=tmp_path)))
    assert "faq" in refused.value.text.zh
    with pytest.raises(BadAgent) as error:
        Agent.load({"id": "a", "name": "甲", "flow": [{"type": "knowledge", "id": "docs"}]})
    assert error.value.field == "flow.0.bases"


def test_a_picture_needs_a_model_of_its_own_or_the_usual_one():
    flow = [{"type": "model", "id": "m", "prompt": {"text": "x"}, "tools": [{"type": "image"}]}]
    [found] = [one for one in found_in(flow) if one.field == "flow.0.tools.0.model"]
    assert (found.level, "「模型」页" in found.text.zh) == ("error", True)
    assert not [one for one in found_in(flow, Endpoints(draws="x/draw")) if "tools" in one.field]
