"""What a model is shown of what there is: short, made from the registries, so that nothing is told twice."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from runtime.agents.edits import tree
from runtime.agents.edits.edit import KINDS
from runtime.agents.edits.one_edit import objects
from runtime.agents.edits.place import roots
from runtime.agents.edits.shape import Json, lanes
from runtime.agents.starts import KINDS as STARTS
from runtime.blocks import registry as blocks
from runtime.describing.ground import Ground
from runtime.lang import Text
from runtime.schema import Strict
from runtime.testing.checks import registry as checks
from runtime.tools import registry as tools

LONGEST = 6000
"""Characters of the agent that is shown at once; more is asked for by block."""
OURS = ("labels", "hints", "widget", "when", "inside", "sees", "seldom", "title", "choices")
"""What a form reads of a field, and a model does not need."""
USUAL = ("id", "title", "type", "otherwise", "name", "description")
"""Fields that all blocks or tools have, told once."""


def kinds_of_blocks(lang: str) -> str:
    return "\n".join(f"- {name}: {_said(kind.about.hint, lang)}" for name, kind in sorted(blocks().items()))


def kinds_of_edits() -> str:
    """Each with its fields."""
    return "\n".join(f"- {name}: {kind.hint} {_signature(kind)}" for name, kind in KINDS.items() if kind.hint)


def _signature(kind: type[Strict]) -> str:
    fields = kind.model_fields.items()
    return "{" + ", ".join(name + ("" if info.is_required() else "?") for name, info in fields) + "}"


def detail(what: str, name: str, ground: Ground, lang: str) -> Any:
    """What there is of that sort, or all that is known of one. None: there is no such sort or one."""
    if what in REGISTRIES:
        kinds = REGISTRIES[what]()
        if name:
            return _settings(kinds[name]) if name in kinds else None
        return {kind: _hint(model, lang) for kind, model in sorted(kinds.items())}
    listed = {"starters": _starters, "bases": _bases, "models": _models, "secrets": _secrets}.get(what)
    return listed(ground, lang) if listed else None


REGISTRIES: Mapping[str, Any] = {"blocks": blocks, "tools": tools, "checks": checks, "starts": lambda: STARTS}
NAMED = ("properties", "$defs")


def _hint(model: Any, lang: str) -> str:
    about = getattr(model, "about", None)
    text = about if isinstance(about, Text) else getattr(about, "hint", None)
    return _said(text, lang) if text else (model.__doc__ or "").strip()


def _said(text: Text, lang: str) -> str:
    return text.to(lang).strip()


def _settings(kind: type[BaseModel]) -> Json:
    """Its JSON schema, without what only forms need."""
    schema = kind.model_json_schema(by_alias=True)
    properties = {
        name: raw for name, raw in schema.get("properties", {}).items() if name not in USUAL or name == "type"
    }
    used = _used(properties, schema.get("$defs", {}))
    more = {"$defs": used} if used else {}
    found: Json = _bare({"required": schema.get("required", []), "properties": properties, **more})
    return found


def _used(value: Any, definitions: Json) -> Json:
    """The definitions that it refers to, however deep; blocks and tools are asked for by themselves."""
    found: Json = {}
    left = [value]
    while left:
        for reference in _references(left.pop()):
            name = reference.rsplit("/", 1)[-1]
            if name not in found and name not in ("Block", "Tool"):
                found[name] = definitions.get(name, {})
                left.append(found[name])
    return found


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            yield reference
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _each(inner) if key in NAMED else _bare(inner) for key, inner in value.items() if key not in OURS
    }


def _each(named: Json) -> Json:
    """What stands there are names of ours, not of the schema's."""
    return {name: _bare(one) for name, one in named.items()}


def _starters(ground: Ground, lang: str) -> Json:
    return {one.id: f"{one.name}: {one.description}" for one in ground.library.starters(lang)}


def _bases(ground: Ground, lang: str) -> Json:
    return dict(ground.bases())


def _models(ground: Ground, lang: str) -> Sequence[str]:
    return ["default", *ground.models()]


def _secrets(ground: Ground, lang: str) -> Sequence[str]:
    """Names: nobody but the request that is being built sees a value."""
    return sorted(ground.owned.secrets.names())


def outline(data: Json) -> str:
    """The agent in a few lines: its name, and each block with its id, indented by what it is inside of."""
    lines = [f"{data.get('name', '')} ({data.get('language', 'zh')})"]
    if named := objects(data, "variables"):
        lines.append("variables: " + ", ".join(str(one.get("name")) for one in named))
    for root in roots(data):
        begins = "flow" if root.path == ("flow",) else f"start {tree.at(data, (*root.path[:2], 'id'))}"
        lines += [f"{begins}:", *_lines(root.flow(data), 1)]
    return "\n".join(lines)[:LONGEST]


def _lines(flow: Sequence[Json], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for block in flow:
        title = f" “{block['title']}”" if block.get("title") else ""
        tools = ", ".join(str(one.get("name") or one.get("type")) for one in objects(block, "tools"))
        with_tools = f" with {tools}" if tools else ""
        yield f"{indent}- {block.get('id')}: {block.get('type')}{title}{with_tools}"
        for lane in lanes(block):
            way = lane.title or ".".join(map(str, lane.path))
            yield f"{indent}  [{way}]"
            yield from _lines(lane.flow, depth + 2)


def whole(data: Json, id: str = "") -> Any:
    """One block, or all of the agent: as JSON while it is short, else its outline. None: no such block."""
    if id:
        found = (tree.find(root.flow(data), id) for root in roots(data))
        return next((place.block for place in found if place), None)
    written = json.dumps(data, ensure_ascii=False)
    return data if len(written) <= LONGEST else f"{outline(data)}\n(long: look at one block by its id)"


def ids(data: Json) -> list[str]:
    return [id for root in roots(data) for id in tree.ids(root.flow(data))]
