"""What the pages save is what somebody would write by hand: a list that is emptied again leaves nothing."""

import json
import subprocess
from pathlib import Path

import pytest

from builder.serving import bundle
from runtime.agents.agent import Agent
from runtime.settings import CHECKOUT

ROOT = Path(bundle.__file__).parents[2]
DENO = ROOT / ".venv" / "bin" / "deno"
ASK = """
import {{ written }} from "{root}/builder/static/build/written.js";
const {{ schema, asked }} = JSON.parse(await new Response(Deno.stdin.readable).text());
console.log(JSON.stringify(asked.map(([data, before]) => JSON.stringify(written(data, before, schema)))));
"""


def as_in_a_page(number):
    """A script knows one kind of number, and writes 6.0 as 6."""
    return int(float(number)) if float(number).is_integer() else float(number)


SCHEMA = json.loads(json.dumps(Agent.model_json_schema()), parse_float=as_in_a_page)
PLAIN = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]}
STAYS = {"format", "id", "name", "flow"}


def said(asked, tmp_path):
    script = tmp_path / "ask.js"
    script.write_text(ASK.format(root=ROOT), "utf-8")
    given = json.dumps({"schema": SCHEMA, "asked": asked})
    command = [DENO, "run", "--quiet", "--no-remote", "--no-npm", f"--allow-read={ROOT}", script]
    run = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def resolved(kind):
    name = kind.get("$ref", "").rpartition("/")[2]
    return SCHEMA["$defs"][name] if name else kind


def below(kind, path=(), deepest=5):
    """Each field with a usual value, by its way from the agent; a list is gone into by its first item."""
    for name, inner in kind.get("properties", {}).items() if len(path) < deepest else ():
        if name != "flow" and (path or name not in STAYS):
            found = resolved(inner)
            if "default" in inner:
                yield (*path, name), inner["default"]
            if "properties" in found:
                yield from below(found, (*path, name))
            for item in items_of(found):
                yield from below(item, (*path, name, item_of(item)))


def items_of(kind):
    items = kind.get("items", {})
    mapping = items.get("discriminator", {}).get("mapping", {})
    kinds = [resolved({"$ref": ref}) for ref in mapping.values()] or [resolved(items)]
    return [one for one in kinds if "properties" in one]


class Item(dict):
    """The first of a list, with what it must have."""


def item_of(kind):
    required = {name: "x" for name in kind.get("required", ())}
    said_by = {name: one["const"] for name, one in kind["properties"].items() if "const" in one}
    named = {"name": "x"} if "name" in kind["properties"] else {}
    return tuple({**required, **named, **said_by}.items())


def with_(data, path, value):
    name, *rest = path
    if isinstance(name, tuple):  # an item
        return [with_(data[0] if data else dict(name), rest, value) if rest else value]
    inner = data.get(name, [] if rest and isinstance(rest[0], tuple) else {})
    return {**data, name: with_(inner, rest, value) if rest else value}


def around(path):
    """The agent, with what stands around that field."""
    holds = [i for i, one in enumerate(path) if isinstance(one, tuple)]
    if not holds:
        return PLAIN
    at = holds[-1]
    return with_(PLAIN, path[: at + 1], dict(path[at]))


def named(path):
    return ".".join("0" if isinstance(one, tuple) else one for one in path)


FIELDS = {named(path): (path, usual) for path, usual in below(SCHEMA)}


def test_what_is_usual_again_leaves_nothing_and_what_was_written_so_stays(tmp_path):
    assert len(FIELDS) > 70
    assert {"starts", "variables", "variables.0.title", "texts.greeting", "texts.choices"} <= set(FIELDS)
    asked, wanted = [], []
    for path, usual in FIELDS.values():
        plain, explicit = around(path), with_(around(path), path, usual)
        asked += [[explicit, plain], [explicit, explicit], [plain, plain]]
        wanted += [plain, explicit, plain]
    wrong = [
        (name, found)
        for name, found, want in zip(
            [name for name in FIELDS for _ in range(3)], said(asked, tmp_path), wanted, strict=True
        )
        if found != json.dumps(want, ensure_ascii=False, separators=(",", ":"))
    ]
    assert wrong == []


def test_a_field_that_went_and_came_back_stands_where_it_stood(tmp_path):
    before = {**PLAIN, "description": "茶", "language": "en"}
    data = {**PLAIN, "language": "en", "description": "茶"}
    assert said([[data, before]], tmp_path) == [json.dumps(before, ensure_ascii=False, separators=(",", ":"))]


@pytest.mark.parametrize(
    "file", sorted((CHECKOUT / "templates" / "agents").glob("*.zh.json")), ids=lambda path: path.stem
)
def test_an_agent_that_nobody_touched_is_saved_as_it_is(tmp_path, file):
    data = json.loads(file.read_text("utf-8"))
    (found,) = said([[{"starts": [], "keywords": [], "texts": {}, **data}, data]], tmp_path)
    assert json.dumps(json.loads(found)) == json.dumps(whole(data))  # in its order, too


def whole(value):
    """Numbers as a browser writes them: 1, not 1.0."""
    if isinstance(value, dict):
        return {name: whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
