"""What every block, tool and channel owes, checked for all that are found: a new one needs no change here."""

import importlib
import json
import re
from pathlib import Path
from typing import Any, Literal

import pytest
from jsonschema import Draft202012Validator

from runtime import blocks, channels, tools
from runtime.agents.agent import Agent
from runtime.agents.json_schema import agent_schema
from runtime.channels import Channel
from runtime.models import adapters
from runtime.models.providers import PROVIDERS
from runtime.models.targets import DIRECT, HERE, LITELLM
from runtime.plugins import discover
from runtime.turn.events import BlockFinished, Waited
from runtime.turn.settings import Memory
from script import agent, play

ROOT = Path(__file__).parents[1]
CONTRACTS = {"blocks": blocks, "tools": tools, "channels": channels}
BASES = {"blocks": blocks.Block, "tools": tools.Tool, "channels": Channel}
FOUND = [(kind, name) for kind, contract in CONTRACTS.items() for name in sorted(contract.registry())]
BLOCKS, TOOLS, CHANNELS = ([name for kind, name in FOUND if kind == wanted] for wanted in CONTRACTS)
ICONS = (ROOT / "builder" / "static" / "common" / "icons.js").read_text(encoding="utf-8")
SCHEMA = agent_schema()

CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff」）][,;:!?(]|[,;:!?)][\u4e00-\u9fff「（]")
PHRASE = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")
"""Two words in a row, the second not a name."""

each = pytest.mark.parametrize(("kind", "name"), FOUND)


def plugin(kind, name):
    return CONTRACTS[kind].registry()[name]


def settings(kind, name) -> dict[str, Any]:
    """Every settings object of a plugin, nested ones too, as JSON schema."""
    found = plugin(kind, name)
    schema = (found.Settings if kind == "channels" else found).model_json_schema()
    parts = {name: schema, **schema.get("$defs", {})}
    return {title: part for title, part in parts.items() if title not in {"Block", "Tool"}}


def fields(kind, name):
    """Each setting with its path, except `type`, which nobody fills in."""
    for title, part in settings(kind, name).items():
        for field, about in part.get("properties", {}).items():
            if "const" not in about:
                # pydantic leaves a title out that is also the name of the model below.
                title_below = about.get("$ref", "").rpartition("/")[2]
                yield f"{title}.{field}", {"title": title_below, **about}


def wrong_chinese(text):
    return not CHINESE.search(text) or HALF_WIDTH.search(text) or PHRASE.search(without_examples(text))


def without_examples(text):
    return re.sub(r"例如.*|「.*?」|\{.*?\}+|https?://\S+", "", text)


# Found at all


def test_something_of_each_kind_is_found():
    assert {"model", "reply", "branch"} <= set(BLOCKS)
    assert {"clock", "calculator", "http_request"} <= set(TOOLS)
    assert "wechat" in CHANNELS


@pytest.mark.parametrize("kind", CONTRACTS)
def test_every_file_of_a_folder_is_found_under_its_name(kind):
    files = {path.stem for path in (ROOT / "runtime" / kind).glob("[!_]*")}
    assert {name for found, name in FOUND if found == kind} == files


def test_a_file_that_forgets_its_export_is_loud(tmp_path, monkeypatch):
    folder = tmp_path / "planted"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "_helper.py").write_text("1 / 0", encoding="utf-8")
    (folder / "good.py").write_text("BLOCK = 1", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    package = importlib.import_module("planted")
    assert discover(package, "BLOCK") == {"good": 1}
    (folder / "bad.py").touch()
    importlib.invalidate_caches()
    with pytest.raises(TypeError, match=r"planted\.bad exports no BLOCK"):
        discover(package, "BLOCK")


# Owed by all


COUNTED = re.compile(r"\\\\[wWdDsS][^\]\[]*\]?\{\d*,(\d+)\}")
"""A letter or digit of any language, so many times: pydantic keeps 15 MB for a hundred of them."""


@each
def test_no_pattern_counts_letters_of_all_languages(kind, name):
    found = plugin(kind, name)
    schema = json.dumps((found.Settings if kind == "channels" else found).model_json_schema())
    assert [one[0] for one in COUNTED.finditer(schema) if int(one[1]) > 8] == []


@each
def test_a_plugin_keeps_its_contract(kind, name):
    found = plugin(kind, name)
    assert issubclass(found, BASES[kind])
    if kind != "channels":
        assert found.model_fields["type"].annotation == Literal[name]


@each
def test_a_plugin_has_a_test_of_its_name(kind, name):
    folder = ROOT / "tests" / "runtime" / kind
    # A name that is a block's and a tool's is one of each: test_agent_block.py, test_agent_tool.py.
    assert any((folder / f"test_{one}.py").exists() for one in (name, f"{name}_{kind[:-1]}"))


@each
def test_a_plugin_presents_itself_in_both_languages(kind, name):
    about = plugin(kind, name).about
    assert CHINESE.search(about.title.zh) or about.title.zh == about.title.en, (
        "only a proper name is not translated"
    )
    assert not wrong_chinese(about.hint.zh), about.hint.zh
    assert about.title.en
    assert about.hint.en
    assert not CHINESE.search(about.title.en + about.hint.en)
    assert re.fullmatch(r"#[0-9a-f]{6}", about.color)


@pytest.mark.parametrize(("kind", "name"), [(k, n) for k, n in FOUND if k != "channels"])
def test_what_stands_in_a_flow_has_an_icon_that_can_be_drawn(kind, name):
    assert re.search(rf"^  {plugin(kind, name).about.icon}:", ICONS, re.MULTILINE)


@each
def test_every_setting_is_labelled_in_both_languages(kind, name):
    for path, about in fields(kind, name):
        assert "labels" in about, f"{path} is not made with setting()"
        zh, en = about["labels"]["zh"], about["labels"]["en"]
        assert CHINESE.search(zh) or zh == en, path
        assert not HALF_WIDTH.search(zh), path
        assert en, path
        assert not CHINESE.search(en), path
        assert about["title"] == en, path
        hints = about.get("hints", {"zh": "", "en": ""})
        assert bool(hints["zh"]) == bool(hints["en"]), f"{path}: a hint in one language"
        if hints["zh"]:
            assert not wrong_chinese(hints["zh"]), f"{path}: {hints['zh']}"
            assert not CHINESE.search(hints["en"]), path


FORMS = {
    "agent": Agent.model_json_schema(),
    "memory": Memory.model_json_schema(),
    **{name: plugin("channels", name).Settings.model_json_schema() for name in CHANNELS},
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_a_form_lets_one_choose_has_names(form):
    choices = {name: about for name, about in form["properties"].items() if "enum" in about}
    unnamed = {name: set(about["enum"]) ^ about.get("choices", {}).keys() for name, about in choices.items()}
    assert not any(unnamed.values()), f"{unnamed}: setting(…, choices=…)"


# Blocks


def example(schema):
    """The least that a schema accepts."""
    if reference := schema.get("$ref"):
        return example(SCHEMA["$defs"][reference.rpartition("/")[2]])
    if "oneOf" in schema:
        return example(schema["oneOf"][0])
    if "const" in schema:
        return schema["const"]
    match schema.get("type"):
        case "object":
            required = {key: example(schema["properties"][key]) for key in schema.get("required", [])}
            return required or ({"x": "1"} if schema.get("minProperties") else {})
        case "array":
            return [example(schema["items"])] * schema.get("minItems", 0)
        case "string":
            return "x1" if "pattern" in schema else "1"
        case "integer" | "number":
            return schema.get("minimum", 1)
    raise AssertionError(f"no example for {schema}")


SPECIALIST = {"x1": {"id": "x1", "name": "x", "flow": [{"type": "reply", "id": "say", "text": "1"}]}}
"""Whom one asks that lets others answer."""
EITHER = {"knowledge": {"text": "1"}}
"""One of several settings that each may be left out, which the schema does not say."""


@pytest.mark.parametrize("name", BLOCKS)
async def test_a_block_gives_what_it_promises(name):
    data = example(SCHEMA["$defs"][f"{name}_block"]) | EITHER.get(name, {})
    composed = agent(data, agents=SPECIALIST)
    events = await play(composed)
    done = [e for e in events if isinstance(e, BlockFinished) and not e.within]
    if isinstance(composed.flow[0], blocks.Waits) and not done:
        assert isinstance(events[-1], Waited)
        assert set(composed.flow[0].sample()) == set(composed.flow[0].outputs())
        return
    assert [e.kind for e in done] == [name]
    promised = composed.flow[0].outputs()
    assert done[0].output.keys() == promised.keys()
    assert all(CHINESE.search(text.zh) for key, text in promised.items() if text.zh != key)


ABILITIES = {
    blocks.Answers: set(),
    blocks.AsksModel: {"model"},
    blocks.Writes: {"prompt"},
    blocks.GrantsTools: set(),
    blocks.RunsTool: {"arguments"},
    blocks.AsksAgents: {"agent"},
    blocks.Tries: {"values"},
}
"""What a block can, and the settings by whose names the check tells what is wrong with it."""
CLAIMED = [
    (name, ability) for name in BLOCKS for ability in ABILITIES if issubclass(plugin("blocks", name), ability)
]


ASKING = {"handoff": {"model": "x/y"}}
"""What lets a block ask a model that does without one."""


def test_every_ability_of_blocks_is_somebodys():
    assert {ability for _, ability in CLAIMED} == ABILITIES.keys()


@pytest.mark.parametrize(("name", "ability"), CLAIMED, ids=[f"{n}-{a.__name__}" for n, a in CLAIMED])
def test_a_block_keeps_what_its_abilities_promise(name, ability):
    kind = plugin("blocks", name)
    block = kind.model_validate(example(SCHEMA["$defs"][f"{name}_block"]) | ASKING.get(name, {}))
    assert ABILITIES[ability] <= kind.model_fields.keys()
    if isinstance(block, blocks.Answers):
        assert block.ends
        assert block.answer
    if isinstance(block, blocks.AsksModel):
        assert block.takes_time == bool(block.asked)
    if isinstance(block, blocks.Writes):
        assert block.asked
        assert block.told == block.prompt
    if isinstance(block, blocks.GrantsTools):
        settings = block.model_dump()
        for path, tool in block.granted():
            assert path.split(".")[0] in settings
            assert isinstance(tool, tools.Tool)
    if isinstance(block, blocks.RunsTool):
        assert len(list(block.granted())) == 1
        assert dict(block.given) == block.arguments


# Tools


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_tells_the_model_what_it_is_for(name):
    tool = plugin("tools", name).model_validate(example(SCHEMA["$defs"][f"{name}_tool"]) | URL.get(name, {}))
    function = tool.spec()["function"]
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]{0,63}", function["name"])
    assert len(function["description"]) > 20
    assert not CHINESE.search(function["description"])
    Draft202012Validator.check_schema(function["parameters"])
    assert function["parameters"]["type"] == "object"


URL = {
    "mcp": {"url": "https://example.com/mcp"},
    "openapi": {"server": "https://example.com", "path": "/orders"},
    "http_request": {"url": "https://example.com/{{ id }}"},
}
"""What a tool needs beyond its schema."""


# Ways to ask a model


@pytest.mark.parametrize("name", adapters.registry())
def test_an_adapter_needs_nothing_before_it_is_asked(name):
    kind = adapters.registry()[name]
    assert issubclass(kind, adapters.Adapter)
    assert kind({})


def test_every_provider_names_an_adapter_that_is_there():
    assert {provider.via for provider in PROVIDERS.values()} <= adapters.registry().keys()
    assert {LITELLM, DIRECT, HERE} <= adapters.registry().keys()


# Channels


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channels_secrets_are_never_shown(name):
    for path, about in fields("channels", name):
        sealed = about.get("writeOnly") or any(part.get("writeOnly") for part in about.get("anyOf", []))
        assert (about.get("widget") == "secret") == bool(sealed), path
