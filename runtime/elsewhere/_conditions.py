"""Their comparisons as conditions of ours."""

from collections.abc import Callable, Sequence
from typing import Any

from runtime.elsewhere._words import literal, number

Made = Callable[[str, Any], str]


def _num(left: str, sign: str, right: str) -> str:
    return f"{left}|float {sign} {right}"


def _value(right: Any) -> str:
    """A number as one; what is written as text stays text."""
    return right if isinstance(right, Code) else literal(right)


def _counted(right: Any) -> str:
    if isinstance(right, Code):
        return f"{right}|float"
    found = number(right)
    return "0" if found is None else literal(int(found) if found == int(found) else found)


class Code(str):
    """An expression of ours, and no text."""

    __slots__ = ()


def _alike(left: str, right: Any) -> str:
    if isinstance(right, str):
        return f"{left}|string == {_value(right)}{'|string' if isinstance(right, Code) else ''}"
    return f"{left} == {_value(right)}"


SIGNS: dict[str, Made] = {
    "is": _alike,
    "is not": lambda left, right: f"not ({_alike(left, right)})",
    "contains": lambda left, right: f"{_value(right)} in {left}",
    "not contains": lambda left, right: f"{_value(right)} not in {left}",
    "start with": lambda left, right: f"({left}|string).startswith({_value(right)})",
    "end with": lambda left, right: f"({left}|string).endswith({_value(right)})",
    "empty": lambda left, right: f"not {left}",
    "not empty": lambda left, right: f"{left}",
    "=": lambda left, right: _num(left, "==", _counted(right)),
    "≠": lambda left, right: _num(left, "!=", _counted(right)),
    ">": lambda left, right: _num(left, ">", _counted(right)),
    "<": lambda left, right: _num(left, "<", _counted(right)),
    "≥": lambda left, right: _num(left, ">=", _counted(right)),
    "≤": lambda left, right: _num(left, "<=", _counted(right)),
    "in": lambda left, right: f"{left} in {_value(right)}",
    "not in": lambda left, right: f"{left} not in {_value(right)}",
    "longer": lambda left, right: f"{left}|length > {_counted(right)}",
    "longer or same": lambda left, right: f"{left}|length >= {_counted(right)}",
    "shorter": lambda left, right: f"{left}|length < {_counted(right)}",
    "shorter or same": lambda left, right: f"{left}|length <= {_counted(right)}",
    "true": lambda left, right: f"({left}|string|lower) in ['true', '1', 'yes']",
    "false": lambda left, right: f"({left}|string|lower) not in ['true', '1', 'yes']",
}


def compared(left: str, sign: str, right: Any = "") -> str | None:
    """None: there is no such comparison. `right`: a value, or Code."""
    made = SIGNS.get(sign)
    return made(f"({left})" if " " in left else left, right) if made else None


def all_of(conditions: Sequence[str], how: str = "and") -> str:
    """True where there is none."""
    if not conditions:
        return "true"
    word = " or " if how.lower() == "or" else " and "
    return conditions[0] if len(conditions) == 1 else word.join(f"({one})" for one in conditions)
