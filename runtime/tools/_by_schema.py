"""Arguments that a schema from elsewhere describes: brought to its types, or told where they do not fit.

Only what a schema says plainly counts. A pattern is not looked at: it may be written to take for ever.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from runtime import wellformed
from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.tools._arguments import as_data, as_number, as_text

DEEPEST = 12
LARGEST = 8000
"""Characters of one schema as JSON."""

Shape = Mapping[str, Any]

MISSING = Text("缺少参数 {field}。", "The argument {field} is missing.")
UNKNOWN = Text("没有参数 {field}；有：{known}。", "There is no argument {field}; there are: {known}.")
NOT_ONE_OF = Text("参数 {field} 只能是：{known}。", "The argument {field} should be one of: {known}.")
NO_TYPE = {
    "string": Text("参数 {field} 应是文字。", "The argument {field} should be text."),
    "number": Text("参数 {field} 应是数字。", "The argument {field} should be a number."),
    "integer": Text("参数 {field} 应是整数。", "The argument {field} should be a whole number."),
    "boolean": Text("参数 {field} 应是 true 或 false。", "The argument {field} should be true or false."),
    "array": Text("参数 {field} 应是列表。", "The argument {field} should be a list."),
    "object": Text("参数 {field} 应是对象。", "The argument {field} should be an object."),
}


def fitted(schema: Shape, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of an object's schema, without those that are None and not wanted. Raises ToolFailed."""
    return _object(schema, arguments, "", 0)


def _object(schema: Shape, given: Mapping[str, Any], path: str, depth: int) -> dict[str, Any]:
    properties = schema.get("properties")
    properties = properties if isinstance(properties, Mapping) else {}
    required = schema.get("required")
    required = [one for one in required if isinstance(one, str)] if isinstance(required, list) else []
    found = {}
    for name, value in given.items():
        if name not in properties:
            if "properties" in schema and not path:
                raise ToolFailed(UNKNOWN.fill(field=name[:60], known=", ".join(list(properties)[:20])))
            found[name] = value
        elif value is not None or name in required:
            found[name] = fit(properties[name], value, f"{path}{name}", depth + 1)
    for name in required:
        if name not in found:
            raise ToolFailed(MISSING.fill(field=f"{path}{name}"[:120]))
    return found


def fit(schema: Any, value: Any, path: str, depth: int = 0) -> Any:
    """Raises ToolFailed."""
    if not isinstance(schema, Mapping) or depth > DEEPEST:
        return value
    kind = schema.get("type")
    if isinstance(kind, str) and kind in NO_TYPE:
        value = _as(kind, value)
        if not _is(kind, value):
            raise ToolFailed(NO_TYPE[kind].fill(field=path[:120]))
    choices = schema.get("enum")
    if isinstance(choices, list) and choices and value not in choices:
        known = ", ".join(str(one)[:60] for one in choices[:20])
        raise ToolFailed(NOT_ONE_OF.fill(field=path[:120], known=known))
    if isinstance(value, dict) and kind == "object":
        return _object(schema, value, f"{path}.", depth)
    if isinstance(value, list) and "items" in schema:
        return [fit(schema["items"], one, f"{path}.{i}", depth + 1) for i, one in enumerate(value)]
    return value


def _as(kind: str, value: Any) -> Any:
    """What is meant: blocks fill in texts, and models write numbers as texts and the other way round."""
    if kind == "string":
        return as_text(value)
    if kind in ("array", "object"):
        return as_data(value)
    if kind == "boolean":
        return (
            {"true": True, "false": False}.get(value.strip().lower(), value)
            if isinstance(value, str)
            else value
        )
    if isinstance(value, str) and len(value) <= 40:
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            return value
        value = int(number) if number.is_finite() and number == int(number) else float(number)
    return as_number(value)


def _is(kind: str, value: Any) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    types: Mapping[str, Any] = {
        "string": str, "number": int | float, "integer": int, "array": list, "object": dict,
    }  # fmt: skip
    return isinstance(value, types[kind])


def is_small(schema: Any) -> bool:
    """Whether it may stand in an agent's file and be sent to a model each time."""
    try:
        return len(str(schema)) <= LARGEST and not wellformed.too_deep(schema, DEEPEST)
    except RecursionError:
        return False
