"""Their texts with variables, as templates of ours; what only looks like one stays what it was."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runtime.templating import sandbox
from runtime.wellformed import in_list

LONGEST = 90_000
"""Characters of a text; a setting may have 100,000."""
Resolve = Callable[[str], str | None]
"""What they refer to → an expression of ours; None: there is nothing like it."""


def literal(value: Any) -> str:
    """A value as it is written in an expression."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case None:
            return "none"
        case list() | tuple():
            return f"[{', '.join(map(literal, value))}]"
        case Mapping():
            return "{" + ", ".join(f"{literal(str(k))}: {literal(v)}" for k, v in value.items()) + "}"
    text = str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{text}'"


def as_it_is(text: str) -> str:
    """Text that our templates print as it stands."""
    return re.sub(r"\{\{|\{%", lambda found: "{{ '" + found[0] + "' }}", text)


def template(text: str, pattern: re.Pattern[str], resolve: Resolve) -> str:
    """`pattern` finds what they refer to; its first group that matched is what is resolved."""
    parts: list[str] = []
    end = 0
    for found in pattern.finditer(text):
        parts.append(as_it_is(text[end : found.start()]))
        wanted = next((group for group in found.groups() if group is not None), found[0])
        expression = resolve(wanted.strip())
        parts.append("" if expression is None else shown(expression))
        end = found.end()
    parts.append(as_it_is(text[end:]))
    return "".join(parts)[:LONGEST]


def shown(expression: str) -> str:
    return "{{ " + expression + " }}"


def reach(expression: str, path: Sequence[str | int]) -> str:
    """A field in it, however deep."""
    for step in path:
        number = step if isinstance(step, int) else in_list(str(step))
        if number is None and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", str(step)):
            expression += f".{step}"
        else:
            expression += f"[{literal(step) if number is None else number}]"
    return expression


def is_template(text: str) -> bool:
    return sandbox.check(text) is None


def text_of(value: Any) -> str:
    """What a field holds, as text."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def mapping(value: Any) -> Mapping[str, Any]:
    """It, where it is an object, else an empty one: what others write is never as it should be."""
    return value if isinstance(value, Mapping) else {}


def listing(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in listing(value) if isinstance(one, Mapping)]


def number(value: Any) -> float | None:
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if abs(found) < 1e15 else None
