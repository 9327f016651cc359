"""What the flow editor knows of blocks and tools, made from their settings: a new one needs no JavaScript."""

from collections.abc import Mapping
from typing import Any

from runtime.agents.agent import RESERVED
from runtime.blocks import FAILING, Block, Rounds
from runtime.blocks import registry as blocks
from runtime.blocks._groups import Group
from runtime.lang import Text
from runtime.schema import About, Strict
from runtime.tools import SECRET, Imported, Tool
from runtime.tools import registry as tools

ALWAYS = {
    "message.text": Text("用户的消息", "Message text"),
    "message.last_reply": Text("我们上一次的回答", "Our last answer"),
    "message.kind": Text("消息类型", "Message kind"),
    "now": Text("现在时间", "Current time"),
    "person.name": Text("对方的称呼", "What they are called"),
    "person.customer": Text("对方的客户编号", "Their customer number"),
    "person.id": Text("对方在平台上的编号", "Their id on the surface"),
    "agent.name": Text("智能体名称", "Agent name"),
}
"""What every template sees before the first block, most wanted first."""

BEGUN = {
    "schedule": {"event.due": Text("到点的时间", "The time it is due")},
    "webhook": {"event.body": Text("调用时带来的内容", "What the call brought")},
    "event": {"event.value": Text("点的或扫的值", "The value tapped or scanned")},
}
"""What the flow of a start sees besides, by what begins it."""

LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern")

Json = dict[str, Any]


def catalog() -> Json:
    """Plain JSON: `blocks` and `tools` by type, the `always` visible values, those that were `begun`
    with, the `reserved` names."""
    kinds = {name: (kind.group, _block(kind)) for name, kind in blocks().items()}
    in_order = sorted(kinds.items(), key=lambda item: _rank(item[0], *item[1]))
    return {
        "blocks": {name: block for name, (_, block) in in_order},
        "tools": {name: _tool(kind) for name, kind in tools().items()},
        "always": {name: text.by_language() for name, text in ALWAYS.items()},
        "begun": {on: _by_language(names) for on, names in BEGUN.items()},
        "reserved": [*RESERVED, SECRET],
    }


def _rank(name: str, group: Group, block: Json) -> tuple[int, int, str]:
    """The order of the palette: in each group what can do most first."""
    return group.rank, -len(block["fields"]), name


def _block(kind: type[Block]) -> Json:
    fields = _fields(kind.model_json_schema())
    outputs, whole, named_by = _outputs(kind, fields)
    return {
        **_about(kind.about),
        "group": kind.group.title.by_language(),
        "ends": kind.ends,
        "goes_on": kind.goes_on,
        "chooses": kind.chooses,
        "failing": {} if kind.chooses else {name: text.by_language() for name, text in FAILING.items()},
        "outputs": outputs,
        **({"whole": whole} if whole else {}),
        "named_by": named_by,
        "inside": dict(kind.inside),
        **({"gives": _by_language(kind.gives())} if issubclass(kind, Rounds) else {}),
        "fields": fields,
    }


def _by_language(names: Mapping[str, Text]) -> Json:
    return {name: text.by_language() for name, text in names.items()}


def _tool(kind: type[Tool]) -> Json:
    fields = [
        {**field, "told": field["name"] in Tool.model_fields} for field in _fields(kind.model_json_schema())
    ]
    found = {**_about(kind.about), "fields": fields, "parameters": _parameters(kind)}
    found["called"] = _by_language(kind.called)
    return {**found, "imports": kind.Source.model_json_schema()} if issubclass(kind, Imported) else found


def _about(about: About) -> Json:
    return {
        "title": about.title.by_language(),
        "hint": about.hint.by_language(),
        "icon": about.icon,
        "color": about.color,
    }


def _outputs(kind: type[Block], fields: list[Json]) -> tuple[Json, Json, str]:
    """The outputs of every block of this kind; those that hold what a list of it names, which are there when
    that has something in it; and the field whose names are outputs too ("" if none)."""
    pairs = [field["name"] for field in fields if field["widget"] == "pairs"]
    blank = kind.model_construct(type="", id="").model_copy(update={name: {} for name in pairs})
    named_by = [name for name in pairs if "x" in blank.model_copy(update={name: {"x": ""}}).outputs()]
    fixed = blank.outputs()
    listed = blank.model_copy(update={name: ["x"] for name in kind.inside.values()}).outputs()
    whole = {name: text for name, text in listed.items() if name not in fixed}
    return _by_language(fixed), _by_language(whole), next(iter(named_by), "")


def _parameters(kind: type[Tool]) -> Json:
    """Names and descriptions of the arguments, unless they depend on what must be filled in first."""
    if any(field.is_required() for name, field in kind.model_fields.items() if name != "type"):
        return {}
    properties: Json = kind.model_validate({"type": _type_of(kind)}).parameters().get("properties", {})
    return {name: schema.get("description", "") for name, schema in properties.items()}


def _type_of(kind: type[Strict]) -> str:
    return str(kind.model_json_schema()["properties"]["type"]["const"])


def _fields(schema: Json, definitions: Json | None = None) -> list[Json]:
    definitions = schema.get("$defs", {}) if definitions is None else definitions
    required = schema.get("required", [])
    return [
        _field(name, _flat(raw, definitions), name in required, definitions)
        for name, raw in schema.get("properties", {}).items()
        if (name != "type" or "const" not in raw) and raw.get("widget") != "frozen"
    ]


def _field(name: str, raw: Json, required: bool, definitions: Json) -> Json:
    title, hint = raw.get("title", name), raw.get("description", "")
    return {
        "name": name,
        "type": raw.get("type", "object"),
        "widget": raw.get("widget", ""),
        "title": raw.get("labels", {"en": title}),
        "hint": raw.get("hints", {"en": hint}),
        "required": required,
        "nullable": raw.get("nullable", False),
        **({"default": raw["default"]} if "default" in raw else {}),
        **({"choices": raw["enum"]} if "enum" in raw else {}),
        **({"names": raw["choices"]} if raw.get("choices") else {}),
        **{flag: True for flag in ("inside", "seldom") if raw.get(flag)},
        **({"sees": raw["sees"]} if "sees" in raw else {}),
        **({"when": raw["when"]} if "when" in raw else {}),
        **{limit: raw[limit] for limit in LIMITS if limit in raw},
        **_inner(raw, definitions),
    }


def _inner(raw: Json, definitions: Json) -> Json:
    """The fields of a nested model or of a list's items, but for what has a widget of its own."""
    if raw.get("widget") in ("flow", "fallback", "tool", "tools", "prompt"):
        return {}
    if "properties" in raw:
        return {"fields": _fields(raw, definitions)}
    items = _flat(raw.get("items", {}), definitions)
    return {"fields": _fields(items, definitions)} if "properties" in items else {}


def _flat(raw: Json, definitions: Json) -> Json:
    """Follow `$ref`, and fold "or null" into `nullable`."""
    own = {key: value for key, value in raw.items() if key not in ("$ref", "anyOf", "allOf")}
    if "$ref" in raw:
        # A model's docstring is for developers.
        return {**definitions[raw["$ref"].rsplit("/", 1)[-1]], "description": "", **own}
    options = [option for option in raw.get("anyOf", []) if option.get("type") != "null"]
    if len(options) == 1:
        return {**_flat(options[0], definitions), **own, "nullable": True}
    return own
