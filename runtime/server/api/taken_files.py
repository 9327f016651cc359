"""Files that somebody sends by a way of ours, a page, an app or a program: bounded, told by their content.

They are a message's before a model sees any, and go with it; see runtime.gateway.attachments.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.answer import MediaKind, media_kind
from runtime.errors import BadMedia
from runtime.lang import Text
from runtime.media.kept import SCHEME
from runtime.media.looking import look
from runtime.message import Kind

MOST = 9
"""Of one message: as many pictures as a phone sends at once."""
MEGABYTE = 1024 * 1024
TAKEN: Mapping[MediaKind, int] = {
    "image": 10 * MEGABYTE,
    "voice": 5 * MEGABYTE,
    "video": 20 * MEGABYTE,
    "file": 20 * MEGABYTE,
}
"""Bytes."""
LONGEST_NAME = 120
TOO_LARGE = Text("文件太大，这一类最多 {most} MB。", "The file is too large: {most} MB at most of this kind.")
EMPTY = Text("文件是空的。", "The file is empty.")


@dataclass(frozen=True)
class SentFile:
    """`type`: what its content is, as a media type; `name`: as its sender calls it."""

    kind: MediaKind
    name: str
    hash: str
    type: str
    bytes: int

    def told(self) -> Mapping[str, Any]:
        """As a message's data tells of it."""
        return vars(self)


def look_at(content: bytes, name: str) -> SentFile:
    """What it is; nothing is kept. For off the loop. Raises BadMedia: empty, too large, damaged, a bomb."""
    if not content:
        raise BadMedia(EMPTY, code="file")
    type = look(content).type
    kind = media_kind(type)
    if len(content) > TAKEN[kind]:
        raise BadMedia(TOO_LARGE.fill(most=TAKEN[kind] // MEGABYTE), code="too_large")
    return SentFile(kind, name_of(name), hashlib.sha256(content).hexdigest(), type, len(content))


def name_of(given: str) -> str:
    """As its sender calls it: a name, and never a path."""
    last = given.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-LONGEST_NAME:]


def kind_of(files: Sequence[SentFile], urls: Sequence[str] = ()) -> Kind:
    """Of a message with these, and pictures at those addresses; pictures are looked at and documents read,
    whatever else comes with them."""
    kinds = [one.kind for one in files]
    if urls or "image" in kinds:
        return "image"
    return "file" if "file" in kinds else kinds[0] if kinds else "text"


def data_of(files: Sequence[SentFile], urls: Sequence[str] = ()) -> Mapping[str, Any]:
    """What a message's data tells of them; `urls`: of pictures that are not kept here."""
    data: dict[str, Any] = {"files": [one.told() for one in files]} if files else {}
    kept = [SCHEME + one.hash for one in files if one.kind == "image"]
    pictures = [*kept, *urls]
    if pictures:
        data["picture" if kept else "url"] = pictures[0]
    return {**data, "more_pictures": pictures[1:]} if pictures[1:] else data
