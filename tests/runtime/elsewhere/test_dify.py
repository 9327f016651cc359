"""A flow of Dify's takes the same way here, and what differs is told."""

import json

import pytest
from dify_files import LEXICAL, START, answer, app, llm, node, when

from runtime.agents.powers import from_elsewhere, may
from runtime.elsewhere import EVERY, imported
from runtime.turn.events import Replied
from script import Script, play, says, services, wrote
from talking import Talk


def brought(content, **more):
    return imported(content, "desk.yml", lang="en", **more)


async def answered(found, text, *answers):
    events = await play(found.agent, wrote(text), Script([says(one) for one in answers or ("ok",)]))
    assert isinstance(events[-1], Replied), events[-1]
    return events[-1].text


def rows(found, state):
    return {
        row.title or row.theirs: (row.ours.en, row.why.en) for row in found.report.rows if row.state == state
    }


JOIN = app(
    nodes=[
        START,
        node(
            "how",
            "if-else",
            cases=when(
                ("a", ["sys", "query"], "contains", "refund"), ("b", ["sys", "query"], "start with", "bug")
            ),
        ),
        llm("pay", "You pay back."),
        llm("fix", "You mend."),
        answer("other", "neither"),
        node(
            "both", "variable-aggregator", output_type="string", variables=[["pay", "text"], ["fix", "text"]]
        ),
        answer("end", "so: {{#both.output#}} {{ not ours }}"),
    ],
    edges=[
        ("start", "how"),
        ("how", "pay", "a"),
        ("how", "fix", "b"),
        ("how", "other", "false"),
        ("pay", "both"),
        ("fix", "both"),
        ("both", "end"),
    ],
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("refund please", "so: ok {{ not ours }}"),
        ("bug here", "so: ok {{ not ours }}"),
        ("a bug", "neither"),
    ],
)
async def test_ways_that_meet_again_go_on_together_and_the_other_does_not(text, said):
    found = brought(JOIN)
    assert await answered(found, text) == said
    assert found.report.counted("lost") == 0
    assert found.report.nodes == 7


async def test_what_is_said_on_the_way_does_not_end_the_turn():
    found = brought(
        app(
            nodes=[
                START,
                node("how", "if-else", cases=when(("a", ["sys", "query"], "not empty", ""))),
                answer("first", "one moment"),
                llm("think", "You think."),
                answer("last", "{{#think.text#}}"),
            ],
            edges=[
                ("start", "how"),
                ("how", "first", "a"),
                ("how", "think", "false"),
                ("first", "think"),
                ("think", "last"),
            ],
        )
    )
    assert await answered(found, "hi", "done") == "one moment\n\ndone"


async def test_a_loop_over_a_list_and_code_compute_the_same():
    program = "import json\ndef main(text: str) -> dict:\n    return {'parts': text.split(',')}"
    each = "def main(one):\n    return {'loud': one.upper()}"
    found = brought(
        app(
            "workflow",
            nodes=[
                node(
                    "start", "start", variables=[{"variable": "query", "type": "paragraph", "required": True}]
                ),
                node(
                    "split",
                    "code",
                    code=program,
                    code_language="python3",
                    outputs={"parts": {"type": "array[string]"}},
                    variables=[{"variable": "text", "value_selector": ["start", "query"]}],
                ),
                node(
                    "each",
                    "iteration",
                    iterator_selector=["split", "parts"],
                    output_selector=["loud", "loud"],
                ),
                node("first", "iteration-start", inside="each"),
                node(
                    "loud",
                    "code",
                    code=each,
                    outputs={"loud": {}},
                    inside="each",
                    variables=[{"variable": "one", "value_selector": ["each", "item"]}],
                ),
                node(
                    "joined",
                    "template-transform",
                    template="{{ all | join('+') }}",
                    variables=[{"variable": "all", "value_selector": ["each", "output"]}],
                ),
                node("end", "end", outputs=[{"variable": "out", "value_selector": ["joined", "output"]}]),
            ],
            edges=[
                ("start", "split"),
                ("split", "each"),
                ("first", "loud"),
                ("each", "joined"),
                ("joined", "end"),
            ],
        )
    )
    assert found.report.counted("lost") == 0
    assert await answered(found, "a,b") == "A+B"


async def test_a_form_before_a_flow_is_asked_for():
    fields = [
        {"variable": "query", "type": "paragraph", "required": True},
        {
            "variable": "city",
            "label": "Which city",
            "type": "select",
            "options": ["Xi'an", "Beijing"],
            "required": True,
        },
    ]
    found = brought(
        app(
            "workflow",
            nodes=[
                node("start", "start", variables=fields),
                node(
                    "end",
                    "end",
                    outputs=[
                        {"variable": "a", "value_selector": ["start", "city"]},
                        {"variable": "b", "value_selector": ["start", "query"]},
                    ],
                ),
            ],
            edges=[("start", "end")],
        )
    )
    talk = Talk(found.agent, services())
    assert "Which city" in (await talk.says("hello")).text
    assert "Beijing" in (await talk.says("Beijing")).text


CANNOT = app(
    nodes=[
        START,
        node(
            "pay",
            "tool",
            provider_id="acme/pay",
            tool_name="charge",
            provider_type="builtin",
            tool_parameters={},
        ),
        node(
            "js",
            "code",
            code="function main(){ return require('fs') }",
            code_language="javascript",
            outputs={"x": {}},
        ),
        node(
            "call",
            "http-request",
            method="post",
            url="https://api.example.com/{{#sys.query#}}",
            headers="X-Api-Key:abcdef0123456789",
            body={"type": "json", "data": '{"a": "{{#pay.text#}}"}'},
            authorization={
                "type": "api-key",
                "config": {"type": "bearer", "api_key": "sk-0123456789abcdef0123"},
            },
        ),
        node("look", "knowledge-retrieval", dataset_ids=["1"], query_variable_selector=["sys", "query"]),
        answer("end", "{{#js.x#}}|{{#gone.text#}}|{{#look.result#}}"),
        node("note", "", text=LEXICAL),
    ],
    edges=[("start", "pay"), ("pay", "js"), ("js", "call"), ("call", "look"), ("look", "end")],
    workflow={
        "environment_variables": [
            {"name": "TOKEN", "value": "sk-0123456789abcdef0123", "value_type": "secret"}
        ]
    },
)


def test_what_cannot_come_is_told_with_its_reason_and_keys_stay_behind():
    found = brought(CANNOT)
    lost = rows(found, "lost")
    assert "acme/pay" in lost["pay"][1]
    assert "JavaScript" in lost["js"][1]
    nearly = rows(found, "nearly")
    assert "gone.text" in nearly["end"][1]
    assert "look" in nearly["look"][1]
    text = json.dumps(found.agent.to_json())
    assert "sk-0123456789abcdef0123" not in text
    assert "abcdef0123456789" not in text
    assert "for the team" in text
    held = from_elsewhere(found.agent)
    assert [one.key for one in may(held) if one.allowed] == []
    assert {one.key.split("@")[0] for one in may(held)} >= {"change", "base:look", "secret:call_key"} - {
        "change"
    }


def test_a_stub_stands_where_it_is_wanted():
    plain, one, every = (brought(CANNOT, stubs=stubs).agent for stubs in ((), ("js",), (EVERY,)))
    kinds = [[block.type for _, block in agent.walk()].count("set") for agent in (plain, one, every)]
    assert kinds == [0, 1, 2]
    said = next(block for _, block in one.walk() if block.type == "reply").text
    stub = next(block for _, block in one.walk() if block.type == "set")
    assert stub.disabled
    assert "js" in stub.values["x"]
    assert "require('fs')" in stub.values["settings"]
    assert f"{stub.id}.x }}}}" in said
    shown = [row.block for row in brought(CANNOT, stubs=("js",)).report.rows if row.node == "js"]
    assert shown == [stub.id]


MODES = [
    ("chat", "0.1.5", {}, ["model", "reply"]),
    ("completion", "", {}, ["model", "reply"]),
    (
        "agent-chat",
        "0.6.0",
        {"agent_mode": {"tools": [{"provider_id": "time", "tool_name": "current_time"}]}},
        ["model", "reply"],
    ),
    (
        "chat",
        "0.7.0",
        {"dataset_configs": {"datasets": {"datasets": [{"dataset": {"id": "1", "enabled": True}}]}}},
        ["knowledge", "model", "reply"],
    ),
]


@pytest.mark.parametrize(("mode", "version", "more", "blocks"), MODES)
def test_an_app_without_a_flow_is_a_model_and_a_reply(mode, version, more, blocks):
    settings = {
        "pre_prompt": "Sell {{ what }}.",
        "user_input_form": [{"text-input": {"variable": "what", "label": "What", "default": "tea"}}],
        "opening_statement": "Hi",
        "suggested_questions": ["how?"],
        "model": {"name": "gpt-4o", "completion_params": {"temperature": 0.2}},
        **more,
    }
    content = json.dumps(
        {"kind": "app", "version": version, "app": {"mode": mode, "name": "Shop"}, "model_config": settings}
    )
    agent = brought(content.encode()).agent
    assert [block.type for _, block in agent.walk()] == blocks
    assert agent.texts.greeting == "Hi"
    assert agent.variables[0].default == "tea"
    model = next(block for _, block in agent.walk() if block.type == "model")
    assert model.prompt.text.startswith("Sell {{ what }}.")
    assert [tool.type for tool in model.tools] == (["clock"] if mode == "agent-chat" else [])
