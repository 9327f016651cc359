"""Callback bodies when the console's data format is JSON: the same names as in XML, one flat object."""

import json
from collections.abc import Mapping
from typing import Any

from runtime import wellformed
from runtime.channels._border.refusals import refused
from runtime.channels._tencent.xml_body import MAX_ELEMENTS, Value
from runtime.channels._text.printable import clean

MOST = 2_000
"""Values and names: more is no message, and is not read."""


def parse(body: bytes) -> dict[str, str]:
    """The object's texts and numbers, all as text; members that hold members are left out.

    Raises Refused (`malformed`) for repeated or too many names, NaN, deep nesting, and what is no object.
    """
    try:
        text = body.decode("utf-8")
        if wellformed.too_many(text, MOST):
            raise refused("malformed")
        data = json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=str,
            parse_float=str,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        raise refused("malformed") from None
    if not isinstance(data, dict):
        raise refused("malformed")
    return {
        wellformed.text(name): wellformed.text(value)
        for name, value in data.items()
        if isinstance(value, str)
    }


def build(fields: Mapping[str, Value]) -> str:
    """Without `\\u` escapes, which WeChat shows as they are."""
    return json.dumps(_cleaned(fields), ensure_ascii=False)


def _cleaned(value: Value) -> Any:
    if isinstance(value, Mapping):
        return {name: _cleaned(inner) for name, inner in value.items()}
    return clean(value) if isinstance(value, str) else value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_ELEMENTS or len(dict(pairs)) < len(pairs):
        raise refused("malformed")
    return dict(pairs)


def _refuse(_: str) -> None:
    raise refused("malformed")
