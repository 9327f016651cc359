"""Pictures as a surface takes them: another format, fewer pixels. Off the loop: it unpacks them."""

import io
from collections.abc import Mapping
from typing import Protocol

from runtime.answer import MediaKind
from runtime.media.ai_label import labelled, told
from runtime.media.looking import Head, Looked, look
from runtime.media.seen_label import with_corner

MOST_PIXELS = 16_000_000
"""That are unpacked: 64 MB."""
SIDES = (2400, 1600, 1000, 600)
"""Pixels of the longer side, when a picture has too many bytes: the first with which it fits."""


class Limit(Protocol):
    @property
    def most(self) -> int: ...
    @property
    def types(self) -> frozenset[str]: ...


def fitted(content: bytes, limits: Mapping[MediaKind, Limit]) -> tuple[Looked, bytes]:
    """What it is, and itself; a picture that is not taken so, in a way in which it is, where there is one.

    Raises BadMedia.
    """
    looked = look(content)
    limit = limits.get(looked.kind)
    if looked.kind != "image" or limit is None:
        return looked, content
    if len(content) <= limit.most and (not limit.types or looked.type in limit.types):
        return looked, content
    made = _as_taken(content, looked, limit)
    return (look(made), made) if made else (looked, content)


def as_shown(content: bytes, limits: Mapping[MediaKind, Limit], lang: str = "") -> tuple[Looked, bytes]:
    """`fitted`, of what may say of itself that AI made it: it does afterwards too, and with `lang` people see
    it in the picture's corner. Raises BadMedia."""
    words = told(content)
    if words and lang:
        content = with_corner(content, lang)
    looked, content = fitted(content, limits)
    return looked, labelled(content, looked.type, words) if words else content


def _as_taken(content: bytes, looked: Looked, limit: Limit) -> bytes | None:
    from PIL import Image  # late: most processes see no picture

    try:
        with Image.open(Head(content), formats=[looked.type.partition("/")[2].upper()]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            clear = "png" if picture.mode in ("RGBA", "LA", "P") and "image/png" in limit.types else ""
            whole = picture.convert("RGBA" if clear else "RGB")
        for side in (max(whole.size), *SIDES):
            whole.thumbnail((side, side))
            made = io.BytesIO()
            whole.save(made, "PNG" if clear else "JPEG", **({} if clear else {"quality": 85}))
            if made.tell() <= limit.most:
                return made.getvalue()
    except Exception:  # noqa: BLE001 # whatever a reader of pictures makes of hostile bytes: it stays as it is
        return None
    return None
