r"""What comes from outside, made well-formed at the border: text that can be stored, data of bounded depth.

JSON may hold half an emoji ("\ud83d" alone): Python makes a string of it that no database, socket or XML
takes, and the fault shows far from where it came in. Every border calls one of these, once.
"""

import json
import re
from typing import Any

DEEPEST = 100
"""Lists and objects inside each other that data from outside may have."""

_HALF = re.compile("[\ud800-\udfff]")
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_OPENING = re.compile(r"[\[{]")


def text(said: str) -> str:
    """`said` with halves of characters joined where both are there, and U+FFFD for a half alone."""
    if said.isascii() or not _HALF.search(said):
        return said
    return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def data(value: Any) -> Any:
    """Plain JSON data with each text and name in it well-formed. Raises ValueError when it is too deep."""
    return _data(value, DEEPEST)


def load(content: bytes | str) -> Any:
    """The data of a JSON text, well-formed. See `load_raw`."""
    value, halves = _load(content)
    return data(value) if halves else value


def load_raw(content: bytes | str) -> Any:
    """As `load`, but halves of characters stay: for texts that come in pieces and are joined first.

    Bytes that are not UTF-8 become U+FFFD; NaN and infinities become None. Raises ValueError for what is
    no JSON or is nested deeper than DEEPEST.
    """
    return _load(content)[0]


def too_deep(value: Any, deepest: int = DEEPEST) -> bool:
    """Whether lists and objects stand inside each other more than `deepest` times."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(deepest):
        level = [
            child
            for holder in level
            for child in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _load(content: bytes | str) -> tuple[Any, bool]:
    said = content if isinstance(content, str) else content.decode("utf-8", "replace")
    said = said.removeprefix("\ufeff")
    try:
        value = json.loads(said, parse_constant=lambda _: None)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    # As many brackets must open as it is deep: counting them is quicker than looking.
    if sum(1 for _ in zip(range(DEEPEST + 1), _OPENING.finditer(said), strict=False)) > DEEPEST and too_deep(
        value
    ):
        raise ValueError("it is nested too deep")
    return value, bool(_HALF.search(said) or _ESCAPED_HALF.search(said))


def _data(value: Any, left: int) -> Any:
    if isinstance(value, str):
        return text(value)
    if not isinstance(value, dict | list | tuple):
        return value
    if left == 0:
        raise ValueError("it is nested too deep")
    if isinstance(value, dict):
        return {
            text(name) if isinstance(name, str) else name: _data(held, left - 1)
            for name, held in value.items()
        }
    return [_data(held, left - 1) for held in value]
