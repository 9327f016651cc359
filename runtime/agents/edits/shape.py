"""Where a block holds flows, told by the schema of its settings, so that also one that is not valid tells."""

import functools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from runtime.blocks import Block, registry

Json = dict[str, Any]
Path = tuple[str | int, ...]


class Lane(NamedTuple):
    """A flow inside a block. `path` is below the block; `title` is what its case is called."""

    path: Path
    flow: list[Json]
    title: str = ""


class Fields(NamedTuple):
    """Of one kind of block: its settings in order, each with its schema, and where flows are in them."""

    schemas: Mapping[str, Json]
    required: frozenset[str]
    nests: tuple[tuple[str, str], ...]
    """Settings that are flows (with ""), or lists whose items have one (with its name)."""

    @property
    def listed(self) -> str:
        """The setting that is a list of ways, such as a branch's cases; "" where there is none."""
        return next((name for name, inner in self.nests if inner), "")

    @property
    def saying(self) -> str:
        """The setting that somebody is told; "" where there is none."""
        told = (name for name, raw in self.schemas.items() if raw.get("widget") == "area")
        return next((name for name in told if name in self.required), "")


NOTHING = Fields({}, frozenset(), ())


def fields_of(type: object) -> Fields:
    """Nothing for a type that there is not."""
    kind = registry().get(str(type))
    return _fields(kind) if kind else NOTHING


def lanes(block: Mapping[str, Any]) -> Iterator[Lane]:
    """The flows inside a block, in order."""
    for name, inner in fields_of(block.get("type")).nests:
        value = block.get(name)
        given = value if isinstance(value, list) else []
        if not inner:
            # The way for when something fails is there once somebody wants it.
            if value or _is_way(block, name):
                yield Lane((name,), given, name)
            continue
        for place, item in enumerate(given):
            if isinstance(item, dict):
                yield Lane((name, place, inner), item.get(inner) or [], str(item.get("title") or ""))


def _is_way(block: Mapping[str, Any], name: str) -> bool:
    return bool(fields_of(block.get("type")).schemas[name].get("widget") == "flow")


@functools.cache
def _fields(kind: type[Block]) -> Fields:
    schema = kind.model_json_schema()
    definitions = schema.get("$defs", {})
    found = {name: _flat(raw, definitions) for name, raw in schema.get("properties", {}).items()}
    nests = tuple(nest for name, raw in found.items() for nest in _nests(name, raw, definitions))
    return Fields(found, frozenset(schema.get("required", ())), nests)


@functools.cache
def conditions() -> frozenset[str]:
    """Names of settings that are code, in nested ones too, such as a case's `when`."""
    return frozenset(name for kind in registry().values() for name in _conditions(kind.model_json_schema()))


def _conditions(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        yield from (name for one in schema for name in _conditions(one))
    elif isinstance(schema, dict):
        properties = schema.get("properties", {})
        yield from (name for name, raw in properties.items() if raw.get("widget") == "expression")
        yield from (name for one in schema.values() for name in _conditions(one))


def _nests(name: str, raw: Json, definitions: Json) -> Iterator[tuple[str, str]]:
    if raw.get("widget") in ("flow", "fallback"):
        yield name, ""
    elif raw.get("type") == "array":
        properties = _flat(raw.get("items", {}), definitions).get("properties", {})
        yield from ((name, one) for one, inner in properties.items() if inner.get("widget") == "flow")


def _flat(raw: Json, definitions: Json) -> Json:
    """With what it refers to."""
    found = definitions[raw["$ref"].rsplit("/", 1)[-1]] if "$ref" in raw else {}
    return {**found, **{name: value for name, value in raw.items() if name != "$ref"}}
