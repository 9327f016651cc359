"""Whether a value fits a JSON schema that somebody else wrote: bounded, and nothing in it can act.

What is told by `pattern` and `format` is not looked at: an expression of a stranger's may take for ever.
https://json-schema.org/draft/2020-12/json-schema-validation
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from runtime.errors import Wrong
from runtime.lang import Text

MOST_STEPS = 200_000
"""Of one check: A_VALUE for a value against a schema, one for each thing that it is compared with. What takes
more fits nothing."""
A_VALUE = 10
MOST_WRONG = 20
KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "number": (int, float),
    "integer": (int, float),
}
READ = frozenset(
    (
        *("type", "enum", "const", "properties", "required", "additionalProperties", "items", "prefixItems"),
        *("anyOf", "oneOf", "allOf", "$ref", "$defs", "definitions", "minimum", "maximum"),
        *("exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems"),
        *("maxItems", "uniqueItems"),
    )
)
"""What is checked…"""
TOLD = frozenset(
    (
        *("title", "description", "default", "examples", "example", "format", "pattern", "$schema", "$id"),
        *("$comment", "deprecated", "readOnly", "writeOnly", "nullable", "contentEncoding"),
    )
)
"""…and what only the model is told."""
NOT_READ = Text(
    "这里不认识 JSON Schema 的「{name}」，请去掉。", "JSON schemas here have no {name!r}; leave it out."
)
NOT_ONE = Text("「{name}」应是 JSON Schema。", "{name!r} should be a JSON schema.")
OPEN_REF = Text(
    "$ref「{ref}」指不到任何地方，只能写 #/$defs/… 这样的。",
    "The $ref {ref!r} leads nowhere; it has to be like #/$defs/….",
)


class _TooMuch(Exception):
    pass


def check_schema(schema: Any) -> None:
    """Raises Wrong for what is none, or says something that would not be checked."""
    if not isinstance(schema, dict):
        raise Wrong(NOT_ONE.fill(name="schema"))
    waiting: list[tuple[str, Any]] = [("schema", schema)]
    while waiting:
        name, node = waiting.pop()
        if isinstance(node, bool):
            continue
        if not isinstance(node, dict):
            raise Wrong(NOT_ONE.fill(name=name[:60]))
        if strange := next((one for one in node if one not in READ and one not in TOLD), ""):
            raise Wrong(NOT_READ.fill(name=strange[:60]))
        if "$ref" in node and _pointed(schema, node["$ref"]) is None:
            raise Wrong(OPEN_REF.fill(ref=str(node["$ref"])[:60]))
        kinds = node.get("type", [])
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            if not isinstance(kind, str) or kind not in KINDS:
                raise Wrong(NOT_READ.fill(name=str(kind)[:60]))
        waiting += _inside(node)


def _inside(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in ("properties", "$defs", "definitions"):
        if name in node:
            if not isinstance(node[name], dict):
                raise Wrong(NOT_ONE.fill(name=name))
            yield from node[name].items()
    for name in ("anyOf", "oneOf", "allOf", "prefixItems"):
        if name in node:
            if not isinstance(node[name], list):
                raise Wrong(NOT_ONE.fill(name=name))
            yield from ((name, one) for one in node[name])
    yield from ((name, node[name]) for name in ("items", "additionalProperties") if name in node)
    for name, kind in (("required", list), ("enum", list), ("$ref", str)):
        if name in node and not isinstance(node[name], kind):
            raise Wrong(NOT_ONE.fill(name=name))
    if not all(isinstance(one, str) for one in node.get("required", ())):
        raise Wrong(NOT_ONE.fill(name="required"))


def misfits(schema: Mapping[str, Any], value: Any) -> list[str]:
    """What of the value does not fit, a line each in English; none where all does."""
    checking = _Checking(schema)
    try:
        found = checking.of(schema, value, "$")
        return [line for line, _ in zip(found, range(MOST_WRONG), strict=False)]
    except (_TooMuch, RecursionError):
        return ["It is too large or too deep to be checked."]


class _Checking:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root, self._left = root, MOST_STEPS

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise _TooMuch

    def of(self, schema: Any, value: Any, at: str) -> Iterator[str]:
        self._spend(A_VALUE)
        if not isinstance(schema, Mapping):
            if schema is False:
                yield f"{at} is not allowed."
            return
        if "$ref" in schema:
            yield from self.of(_pointed(self._root, schema["$ref"]), value, at)
        self._spend(len(schema.get("enum", ())) + len(schema.get("required", ())))
        kinds = schema.get("type")
        if kinds is not None and not any(_is(kind, value) for kind in _listed(kinds)):
            yield f"{at} should be {' or '.join(map(str, _listed(kinds)))}."
            return
        if "enum" in schema and not any(_same(value, one) for one in schema["enum"]):
            yield f"{at} should be one of {str(schema['enum'])[:200]}."
        if "const" in schema and not _same(value, schema["const"]):
            yield f"{at} should be {str(schema['const'])[:200]}."
        yield from self._combined(schema, value, at)
        if isinstance(value, dict):
            yield from self._object(schema, value, at)
        elif isinstance(value, list):
            yield from self._list(schema, value, at)
        else:
            yield from _bounded(schema, value, at)

    def _combined(self, schema: Mapping[str, Any], value: Any, at: str) -> Iterator[str]:
        for one in schema.get("allOf", ()):
            yield from self.of(one, value, at)
        for name in ("anyOf", "oneOf"):
            if name not in schema:
                continue
            fits = sum(next(self.of(one, value, at), None) is None for one in schema[name])
            if not fits or (name == "oneOf" and fits > 1):
                yield f"{at} should fit {'one' if name == 'oneOf' else 'at least one'} of {name}."

    def _object(self, schema: Mapping[str, Any], value: Mapping[str, Any], at: str) -> Iterator[str]:
        known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{at}.{str(name)[:60]} is missing."
        for name, one in value.items():
            yield from self.of(known.get(name, more), one, f"{at}.{name[:60]}")

    def _list(self, schema: Mapping[str, Any], value: Sequence[Any], at: str) -> Iterator[str]:
        first, rest = schema.get("prefixItems", ()), schema.get("items", True)
        if len(value) < _number(schema, "minItems", 0):
            yield f"{at} has too few items."
        if len(value) > _number(schema, "maxItems", math.inf):
            yield f"{at} has too many items."
        if schema.get("uniqueItems") is True and len({repr(one) for one in value}) < len(value):
            yield f"{at} has an item twice."
        for place, one in enumerate(value):
            yield from self.of(first[place] if place < len(first) else rest, one, f"{at}[{place}]")


def _bounded(schema: Mapping[str, Any], value: Any, at: str) -> Iterator[str]:
    if isinstance(value, str):
        if not _number(schema, "minLength", 0) <= len(value) <= _number(schema, "maxLength", math.inf):
            yield f"{at} has not the length that it should have."
    elif isinstance(value, int | float) and not isinstance(value, bool):
        over = value > _number(schema, "maximum", math.inf) or value < _number(schema, "minimum", -math.inf)
        over |= value >= _number(schema, "exclusiveMaximum", math.inf)
        over |= value <= _number(schema, "exclusiveMinimum", -math.inf)
        step = _number(schema, "multipleOf", 0)
        if over or (step > 0 and not _is_multiple(value, step)):
            yield f"{at} is out of its bounds."


def _is_multiple(value: float, step: float) -> bool:
    if isinstance(value, int) and isinstance(step, int):
        return value % step == 0
    try:
        return abs(math.remainder(value, step)) <= 1e-9 * max(1.0, abs(value))
    except OverflowError:  # a whole number that no float holds
        return False


def _pointed(root: Mapping[str, Any], ref: Any) -> Any:
    """What a local reference means; None where there is nothing."""
    node: Any = root
    if not isinstance(ref, str) or not ref.startswith("#"):
        return None
    for part in ref.removeprefix("#").split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        node = node.get(name) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping | bool) else None


def _is(kind: Any, value: Any) -> bool:
    if isinstance(value, bool):
        return bool(kind == "boolean")
    if kind == "integer":
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return isinstance(value, KINDS.get(str(kind), ()))


def _same(one: Any, other: Any) -> bool:
    """1 is not true."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _listed(kinds: Any) -> Sequence[Any]:
    return kinds if isinstance(kinds, list) else [kinds]


def _number(schema: Mapping[str, Any], name: str, usual: float) -> float:
    value = schema.get(name, usual)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else usual
