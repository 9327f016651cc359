import inspect
import json
import re
from dataclasses import dataclass

import pytest
from jsonschema import Draft202012Validator

from runtime.agents.agent import Agent, walk
from runtime.agents.json_schema import COMMAND, FILE, agent_schema
from runtime.agents.strict_json import to_bytes
from runtime.errors import BadAgent
from runtime.schema import Strict, label

SAY = {"type": "reply", "id": "say", "text": "你好"}


def file(**more):
    return {"format": 1, "id": "a", "name": "甲", **more}


def branch(*flow, id="wish"):
    return {"type": "branch", "id": id, "cases": [{"when": "true", "flow": list(flow)}]}


FULL = file(
    description="简介",
    language="en",
    timezone="Europe/Berlin",
    suggestions=["几点开门？"],
    variables=[{"name": "shop", "title": "店名", "default": "茶铺"}],
    memory={"type": "none", "turns": 0},
    limits={"seconds": 30, "rounds": 3, "tokens": 1000},
    texts={"greeting": "你好", "waiting": "…", "busy": "忙", "failure": "错", "unsupported": "看不懂"},
    keywords=[{"words": ["退款", "退货"], "match": "contains", "text": "七天内可退"}],
    flow=[
        {"type": "knowledge", "id": "docs", "text": "九点开门", "query": "{{ message.text }}?", "top": 1},
        {"type": "set", "id": "kept", "title": "记下", "values": {"x": "1"}},
        branch({"type": "handoff", "id": "human", "text": "稍等"}, branch(id="inner")),
        {
            "type": "model",
            "id": "answer",
            "temperature": 0.0,
            "prompt": {"template": "customer_service", "values": {"shop": "{{ shop }}"}},
            "tools": [{"type": "clock"}, {"type": "http_request", "url": "https://example.com/{{ id }}"}],
        },
        {"type": "tool", "id": "time", "tool": {"type": "clock"}, "arguments": {"timezone": "UTC"}},
        SAY,
    ],
)


def test_what_is_written_is_what_was_read_without_defaults():
    agent = Agent.load(FULL)
    written = agent.to_json()
    assert Agent.load(written) == agent
    assert Agent.load(json.loads(to_bytes(written))) == agent
    assert written["flow"][3]["temperature"] == 0.0
    assert Agent.load(file(flow=[SAY], timezone="Asia/Shanghai", memory={"turns": 10})).to_json() == file(
        flow=[SAY]
    )


def test_the_fields_of_a_file_are_in_the_order_of_the_format():
    shuffled = dict(reversed(FULL.items()))
    assert list(Agent.load(shuffled).to_json()) == list(FULL)


def test_every_block_is_walked_with_its_path():
    paths = {block.id: path for path, block in walk(Agent.load(FULL).flow)}
    assert paths["docs"] == "flow.0"
    assert paths["human"] == "flow.2.cases.0.flow.0"
    assert paths["inner"] == "flow.2.cases.0.flow.1"


@dataclass
class Bad:
    id: str
    more: dict
    field: str
    words: str = ""
    schema_knows: bool = True


BAD = [
    Bad("a misspelt field", {"nmae": "x"}, "nmae", "不认识的字段"),
    Bad("an owner", {"created_by": "me"}, "created_by", "不认识的字段"),
    Bad("no name", {"name": ""}, "name", "不能为空"),
    Bad("an id that is a path", {"id": "../a"}, "id", "小写字母"),
    Bad("an id with a tail", {"id": "a\n"}, "id", "小写字母", schema_knows=False),
    Bad("a later format", {"format": 2}, "format", "升级"),
    Bad("true is no format", {"format": True}, "format", "格式"),
    Bad("no such time zone", {"timezone": "Mars/Base"}, "timezone", "时区", schema_knows=False),
    Bad("a path to a time zone", {"timezone": "../etc/passwd"}, "timezone", "时区", schema_knows=False),
    Bad("a folder of time zones", {"timezone": "Asia"}, "timezone", "时区", schema_knows=False),
    Bad("a language we do not speak", {"language": "fr"}, "language", "'zh' 或 'en'"),
    Bad("no such block", {"flow": [{"type": "python", "id": "x"}]}, "flow.0.type", "没有「python」这种积木"),
    Bad("a block without a type", {"flow": [{"id": "x"}]}, "flow.0.type", "还没选积木"),
    Bad("a block that is no object", {"flow": ["x"]}, "flow.0", "应为对象"),
    Bad("a nested mistake", {"flow": [branch({"type": "reply", "id": "say"})]}, "flow.0.cases.0.flow.0.text"),
    Bad("an unknown field of a block", {"flow": [SAY | {"code": "x"}]}, "flow.0.code", "不认识的字段"),
    Bad(
        "no such tool",
        {"flow": [{"type": "model", "id": "m", "prompt": {"text": "x"}, "tools": [{"type": "shell"}]}]},
        "flow.0.tools.0.type",
        "没有「shell」这种工具",
    ),
    Bad("an id that templates cannot say", {"flow": [SAY | {"id": "say-it"}]}, "flow.0.id", "小写字母"),
    Bad("an id twice", {"flow": [SAY, branch(SAY)]}, "flow.1.cases.0.flow.0.id", "重复", schema_knows=False),
    Bad("a reserved id", {"flow": [SAY | {"id": "message"}]}, "flow.0.id", "另有用途", schema_knows=False),
    Bad("a keyword", {"variables": [{"name": "not"}]}, "variables.0.name", "另有用途", schema_knows=False),
    Bad(
        "a variable named like a block",
        {"variables": [{"name": "say"}], "flow": [SAY]},
        "flow.0.id",
        "重复",
        schema_knows=False,
    ),
    Bad("too many blocks in a row", {"flow": [SAY] * 201}, "flow", "最多 200 项"),
    Bad(
        "too many blocks in all",
        {"flow": [branch(*[SAY] * 190, id=f"b{i}") for i in range(3)]},
        "flow",
        "最多 500 块",
        schema_knows=False,
    ),
]


@pytest.mark.parametrize("case", BAD, ids=lambda c: c.id)
def test_what_is_wrong_is_told_with_its_place(case):
    with pytest.raises(BadAgent) as caught:
        Agent.load(file(**case.more))
    assert caught.value.field == case.field
    assert case.words in caught.value.text.zh
    assert Agent.check(file(**case.more))[0].field == case.field


def test_everything_that_is_wrong_is_told_at_once():
    wrong = file(name="", flow=[{"type": "reply", "id": "say"}, {"type": "nope"}])
    assert [problem.field for problem in Agent.check(wrong)] == ["name", "flow.0.text", "flow.1.type"]
    assert Agent.check(FULL) == []


def test_a_million_blocks_are_refused_quickly():
    assert Agent.check(file(flow=[SAY] * 1_000_000))[0].field == "flow"


# The JSON schema


VALIDATOR = Draft202012Validator(agent_schema())


def test_the_schema_on_disk_is_the_one_of_the_code():
    assert FILE.read_bytes() == to_bytes(agent_schema()), f"it is stale: run {COMMAND}"


def test_the_schema_is_one():
    Draft202012Validator.check_schema(agent_schema())


def test_the_schema_accepts_what_is_valid():
    assert list(VALIDATOR.iter_errors(FULL)) == []
    assert list(VALIDATOR.iter_errors(Agent.load(FULL).to_json())) == []


@pytest.mark.parametrize("case", [c for c in BAD if c.schema_knows], ids=lambda c: c.id)
def test_the_schema_refuses_what_is_wrong(case):
    assert not VALIDATOR.is_valid(file(**case.more))


def test_the_schema_names_every_block_and_tool_and_nothing_of_our_forms():
    definitions = agent_schema()["$defs"]
    assert {"branch_block", "model_block", "clock_tool"} <= definitions.keys()
    assert "widget" not in str(agent_schema())


def test_an_empty_list_is_told_in_a_sentence():
    flow = [{"type": "set", "id": "s", "values": {}}]
    (found,) = Agent.check({"id": "a", "name": "A", "flow": flow})
    assert found.text.en == "is still empty; add at least one"
    assert "至少" in found.text.zh


def groups(model, path=()):
    """Settings within settings, by their path."""
    for name, info in model.model_fields.items():
        if inspect.isclass(info.annotation) and issubclass(info.annotation, Strict):
            yield ".".join((*path, name)), info
            yield from groups(info.annotation, (*path, name))


@pytest.mark.parametrize(("path", "info"), list(groups(Agent)), ids=lambda one: str(one)[:20])
def test_a_group_of_settings_is_told_by_its_title(path, info):
    title = label(info, path)
    assert title.zh != title.en
    assert re.search("[\u4e00-\u9fff]", title.zh)
