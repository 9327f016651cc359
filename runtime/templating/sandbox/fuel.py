"""What one render may spend: every operation that can grow pays for the size of what it takes and gives."""

import json
import math
from collections.abc import Iterator, MappingView
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote

from jinja2.runtime import LoopContext, Undefined

from runtime.lang import Text

FUEL = 100_000
"""Per render. One unit is about a step of a loop, an item of a list or 16 characters."""

TOGETHER = 500_000
"""For all renders of one turn, and what had to be compiled for them: half a second."""

TOO_MUCH = Text(
    "模板要做的事太多，已停止。请减少循环，或缩短文字。",
    "The template does too much work and was stopped. Use fewer loops or shorter texts.",
)

Escape = Literal["", "url", "json", "wire"]
"""What printed values are made safe for: nothing, a part of a URL, the inside of a JSON string; "wire": a
text for a program, in which yes and numbers are spelled as in JSON."""


class NotAllowed(Exception):
    """A template asked for something that is not allowed. `text` says what."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class UrlPart(str):
    """Percent-encoded already."""

    __slots__ = ()


class JsonText(str):
    """JSON already."""

    __slots__ = ()


@dataclass
class _Tank:
    left: int
    escape: Escape


_tank: ContextVar[_Tank] = ContextVar("fuel of the running render")
_together: ContextVar[_Tank | None] = ContextVar("fuel of the running turn", default=None)


@contextmanager
def tank(escape: Escape = "") -> Iterator[None]:
    """Fill up for one render; without it nothing runs. Raises NotAllowed when those before took it all."""
    charge(0)
    filled = _Tank(FUEL, escape)
    token = _tank.set(filled)
    try:
        yield
    finally:
        _tank.reset(token)
        if shared := _together.get():
            shared.left -= FUEL - filled.left


@contextmanager
def together() -> Iterator[None]:
    """All renders inside share one bound: hundreds of templates would do what none may do alone."""
    token = _together.set(_Tank(TOGETHER, ""))
    try:
        yield
    finally:
        _together.reset(token)


def charge(amount: int) -> None:
    """Pay from what is shared. Raises NotAllowed when it is used up."""
    if shared := _together.get():
        shared.left -= amount
        if shared.left < 0:
            raise NotAllowed(TOO_MUCH)


def spend(amount: int) -> None:
    """Raises NotAllowed when the render has used up its fuel."""
    current = _tank.get()
    current.left -= amount
    if current.left < 0:
        raise NotAllowed(TOO_MUCH)


def weight(*values: Any) -> int:
    """The size of plain data in units of fuel; counts no further than the tank."""
    total = 0
    rest = list(values)
    while rest and total <= FUEL:
        value = rest.pop()
        total += 1
        if isinstance(value, str):
            total += len(value) // 16
        elif isinstance(value, dict):
            rest += value.keys()
            rest += value.values()
        elif isinstance(value, list | tuple | MappingView):
            rest += value  # type: ignore[arg-type] # a view is iterable, its base class does not say so
        elif isinstance(value, range):
            total += len(value)
        elif isinstance(value, int):
            total += value.bit_length() // 64
    return total


def shown(value: Any) -> str:
    """The text of plain data: nothing for None, JSON for lists and objects. Refuses what is not data."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Undefined):
        return str(value)
    if isinstance(value, MappingView | Iterator | range) and not isinstance(value, LoopContext):
        value = list(value)  # type: ignore[arg-type] # as above
    if isinstance(value, list | tuple | dict):
        spend(weight(value))
        return json.dumps(value, ensure_ascii=False, default=_not_data)
    return _not_data(value)


def as_data(value: Any) -> Any:
    """A copy that is plain data, with none for what is not there. Refuses what is not data."""
    spend(weight(value))
    if isinstance(value, Undefined):
        str(value)  # a misspelt name says so
        return None
    return json.loads(_json(value))


def _json(value: Any) -> str:
    if isinstance(value, MappingView | Iterator | range) and not isinstance(value, LoopContext):
        value = list(value)  # type: ignore[arg-type] # as above
    return json.dumps(value, ensure_ascii=False, default=_not_data)


def spelled(value: Any) -> str:
    """As programs write it: `true` and not `True`, 5 and not 5.0, no 1e-07."""
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, float) and math.isfinite(value):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    return shown(value)


def printed(value: Any) -> str:
    """What `{{ value }}` puts into the output: its text, made safe for where the output goes."""
    escape = _tank.get().escape
    if not escape or isinstance(value, UrlPart if escape == "url" else JsonText):
        return shown(value)
    if escape == "url":
        return quote(spelled(value), safe="")
    if escape == "wire":
        return spelled(value)
    if isinstance(value, bool):
        return json.dumps(value)
    return json.dumps(shown(value), ensure_ascii=False)[1:-1]


def _not_data(value: Any) -> str:
    if isinstance(value, Undefined):
        return str(value)
    raise NotAllowed(
        Text(
            "这里要的是内容，不是函数。是不是漏了括号 ()？",
            "This is a function, not a value. Are the parentheses () missing?",
        )
    )
