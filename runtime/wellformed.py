r"""What comes from outside, made well-formed at the border: text that can be stored, data of bounded depth.

JSON may hold half an emoji ("\ud83d" alone): Python makes a string of it that no database, socket or XML
takes, and the fault shows far from where it came in. Every border calls one of these, once.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from runtime.off_loop import SMALL, off_loop

LARGEST = 10 * 1024 * 1024
"""Bytes, or characters, of one JSON text."""

MOST = 200_000
"""Values and names in one JSON text: Python takes 0.15 s for them, and 30 MB."""

LONGEST_NUMBER = 300
"""Digits of a whole number: reading more takes quadratic time, and no float holds it, so that whoever divides
it, or asks whether it is finite, fails."""

DEEPEST = 100
"""Lists and objects inside each other that data from outside may have."""

_PLACE = re.compile(r"[0-9]{1,9}", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
NUL = "\0"
"""Shows nowhere, and PostgreSQL keeps none in a text: none comes in."""
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)


def in_list(said: str) -> int | None:
    """The place of something in a list, as it is written; None for what is no place: there are signs that
    Python calls digits and makes no number of, and of 5,000 digits it makes none."""
    return int(said) if _PLACE.fullmatch(said) else None


def text(said: str) -> str:
    """`said` with halves of characters joined, U+FFFD for a half alone, and nothing for a NUL."""
    if NUL in said:
        said = said.replace(NUL, "")
    if said.isascii() or not _HALF.search(said):
        return said
    return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def data(value: Any) -> Any:
    """Plain JSON data with each text and name in it well-formed. Raises ValueError when it is too deep."""
    return _data(value, DEEPEST)


def load(
    content: bytes | str, *, largest: int = LARGEST, deepest: int = DEEPEST, unrepeated: bool = False
) -> Any:
    """The data of a JSON text, well-formed. `unrepeated` refuses what others read in another way: a name that
    is twice in an object, of which otherwise the last one counts, and a whole number of more than 64 bits.
    See `load_raw`."""
    said, value = _load(content, largest, deepest, unrepeated)
    return data(value) if _HALF.search(said) or _ESCAPED.search(said) else value


def load_raw(content: bytes | str) -> Any:
    """As `load`, but halves of characters stay: for texts that come in pieces and are joined first.

    Bytes that are not UTF-8 become U+FFFD; NaN and infinities become None. Raises ValueError for what is
    no JSON, is larger than `largest`, is nested deeper than `deepest` or holds more than MOST values.
    """
    return _load(content, LARGEST, DEEPEST, False)[1]


async def read(
    content: bytes | str, *, largest: int = LARGEST, deepest: int = DEEPEST, unrepeated: bool = False
) -> Any:
    """As `load`, off the event loop when it is large."""
    if len(content) <= SMALL:
        return load(content, largest=largest, deepest=deepest, unrepeated=unrepeated)
    return await off_loop(load, content, largest=largest, deepest=deepest, unrepeated=unrepeated)


def too_many(said: str, most: int = MOST) -> bool:
    """Whether a JSON text holds more than `most` values and names, told without reading it."""
    if len(said) <= most or _separators(said, 0, len(said)) <= most:
        return False
    found = end = 0
    for string in _STRING.finditer(said):
        found += 1 + _separators(said, end, string.start())
        if found > 2 * most:
            return True
        end = string.end()
    return found + _separators(said, end, len(said)) > 2 * most


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


def _load(content: bytes | str, largest: int, deepest: int, unrepeated: bool) -> tuple[str, Any]:
    """The text, and what it says."""
    if len(content) > largest:
        raise ValueError(f"it is larger than {largest} bytes")
    said = content if isinstance(content, str) else content.decode("utf-8", "replace")
    said = said.removeprefix("\ufeff")
    if too_many(said):
        raise ValueError(f"it holds more than {MOST} values")
    try:
        value = (_STRICT if unrepeated else _USUAL).decode(said)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    # As many brackets must open as it is deep: counting them is quicker than looking.
    if said.count("{") + said.count("[") > deepest and too_deep(value, deepest):
        raise ValueError("it is nested too deep")
    return said, value


def _separators(said: str, start: int, end: int) -> int:
    return sum(said.count(sign, start, end) for sign in ",:[{")


def _whole_number(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"it holds a number of more than {LONGEST_NUMBER} digits")
    return int(digits)


def _carried(digits: str) -> int:
    """Databases, and whoever writes JSON quickly, take no larger ones."""
    value = _whole_number(digits)
    if not -(2**63) <= value < 2**64:
        raise ValueError("it holds a number of more than 64 bits")
    return value


def _number(digits: str) -> float | None:
    """1e999 is an infinity like NaN: nothing that JSON could carry on."""
    value = float(digits)
    return None if value in (float("inf"), float("-inf")) else value


def _unrepeated(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the name {name[:40]!r} is there twice")
        found[name] = value
    return found


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


_USUAL, _STRICT = (
    json.JSONDecoder(
        parse_constant=lambda _: None,
        parse_float=_number,
        parse_int=whole,
        object_pairs_hook=hook,
    )
    for hook, whole in ((None, _whole_number), (_unrepeated, _carried))
)
"""Made once: a piece of an answer is small, and there are thousands a second."""
