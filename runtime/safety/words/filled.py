"""Signs between those of a word that are no part of it: 赌龘博, 赌x博, 百之家之乐."""

import functools
import unicodedata
from collections.abc import Collection, Iterator

from runtime.knowledge.index.terms import simplified
from runtime.safety.words.folding import is_unseen
from runtime.safety.words.signs import LOOKS
from runtime.safety.words.views import View, kept

STROKES = frozenset("丨丿乀乁亅丶乚彡灬艹冖宀辶廴勹匚卩厂亠冂凵囗巛彐廾尢屮丷")
"""Strokes and parts of characters: hardly anybody writes one by itself."""


def without_foreign(text: str) -> View | None:
    """Without what hardly anybody writes among characters, and a single sign of another script between two;
    None where there is none."""
    view = kept(text, lambda place: _is_rare(text[place]) or _is_between(text, place))
    return view if len(view.text) < len(text) else None


def without_foreign_so_far(text: str) -> View | None:
    """That, with the last sign taken for one of them, where it may be; None where it may not."""
    at = len(text)
    while at and is_unseen(text[at - 1]):
        at -= 1
    if at < 2 or not _is_foreign(text[at - 1]) or not _is_character(_before(text, at - 1)):
        return None
    return kept(text, lambda place: place == at - 1 or _is_rare(text[place]) or _is_between(text, place))


def without_repeated(text: str, taken: Collection[int] = ()) -> View | None:
    """Without a sign that stands again two places from there: between each two of a word; and without those
    at the places `taken`. None where there is none."""
    view = kept(
        text,
        lambda place: place in taken or _repeats(text, place - 2, place) or _repeats(text, place, place + 2),
    )
    return view if len(view.text) < len(text) else None


def without_repeated_so_far(text: str) -> Iterator[View]:
    """That, with either of the last two signs, or both, taken for one which will be repeated."""
    last = len(text) - 1
    for taken in ({last}, {last - 1}, {last, last - 1}):
        if view := without_repeated(text, taken):
            yield view


def _repeats(text: str, one: int, other: int) -> bool:
    return (
        0 <= one < other < len(text)
        and text[one] == text[other]
        and text[one] != text[one + 1]
        and not text[one].isspace()
    )


def _is_between(text: str, place: int) -> bool:
    return (
        _is_foreign(text[place])
        and _is_character(_before(text, place))
        and _is_character(_behind(text, place))
    )


def _before(text: str, place: int) -> str:
    place -= 1
    while place >= 0 and is_unseen(text[place]):
        place -= 1
    return text[place] if place >= 0 else ""


def _behind(text: str, place: int) -> str:
    place += 1
    while place < len(text) and is_unseen(text[place]):
        place += 1
    return text[place : place + 1]


@functools.lru_cache(maxsize=40_000)
def _is_character(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("CJK ") if sign else False


@functools.lru_cache(maxsize=40_000)
def _is_foreign(sign: str) -> bool:
    return sign.isalnum() and not _is_character(sign)


@functools.lru_cache(maxsize=40_000)
def _is_rare(sign: str) -> bool:
    """A character that is in none of the 6763 of GB 2312, nor is its simplified form."""
    if not _is_character(sign) or sign in LOOKS:
        return False
    if sign in STROKES:
        return True
    try:
        sign.translate(simplified()).encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False
