"""What a message says besides its text: a card, a place, a described picture, the names of files."""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.message import Exchange

Json = dict[str, Any]
Place = str | int
"""A key of the data, or of which of its files it is the name."""

SAYS = ("title", "description", "label", "url", "described", "heard", "name")
"""Models are told it, see runtime.message.in_words."""
MOST_FILES = 9
MOST_BEFORE = 8
"""Messages before one that may be a piece of the same word…"""
SHORT = 20
"""…each of so many characters at most."""
LETTERS = 3
"""Fewer are no word of an alphabet."""
LATELY = 600.0
"""Seconds."""


def said_in(data: Mapping[str, Any]) -> list[tuple[Place, str]]:
    """Each with where it stands."""
    found: list[tuple[Place, str]] = [(key, data[key]) for key in SAYS if _is_said(data.get(key))]
    return found + [
        (n, str(one["name"])) for n, one in enumerate(files_of(data)) if _is_said(one.get("name"))
    ]


def put_there(data: Mapping[str, Any], place: Place, text: str) -> Json:
    """The same data, saying that there."""
    if isinstance(place, str):
        return {**data, place: text}
    files = list(files_of(data))
    files[place] = {**files[place], "name": text}
    return {**data, "files": files}


def files_of(data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Of those that came along, as many as are taken."""
    files = data.get("files")
    return [one for one in files if isinstance(one, Mapping)][:MOST_FILES] if isinstance(files, list) else []


def written_before(said: Sequence[Exchange], text: str, at: float) -> list[str]:
    """Short messages just before one that is short itself, which may be a word in pieces. Of an alphabet only
    single words go on in the next: “hero” and “in the end” are no heroin, and stand a space apart."""
    found: list[str] = []
    if len(text) > SHORT:
        return found
    for one in reversed(said[-MOST_BEFORE:]):
        if at and one.at and at - one.at > LATELY:
            break
        if not 0 < len(one.text.strip()) <= SHORT or one.kind not in ("text", "voice"):
            break
        found.insert(0, one.text.strip())
    if found and _joins_words(found, text):
        return [f"{one} " for one in found]
    return found


def _joins_words(before: Sequence[str], text: str) -> bool:
    if not (before[-1][-1].isascii() and text.strip()[:1].isascii()):
        return False
    alone = [*before, text.strip()]
    return any(" " in one for one in alone) and not all(len(one) < LETTERS for one in before)


def _is_said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
