"""What a message says besides its text: a card, a place, a described picture, the names of files."""

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Place = str | int
"""A key of the data, or of which of its files it is the name."""

SAYS = ("title", "description", "label", "url", "described", "name")
"""Models are told it, see runtime.message.in_words."""
MOST_FILES = 9


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


def _is_said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
