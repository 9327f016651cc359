"""Files that lie at a platform for three days, by the id that it gave."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from runtime.simulator._multipart import in_form

DAYS_3 = 3 * 86_400.0
NO_FILE, WRONG_KIND, TOO_LARGE, WRONG_TYPE, TOO_SMALL, NO_SUCH_ID = 41005, 40004, 40006, 40005, 40058, 40007
MOST = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}
"""Bytes of one; of all more than 5."""
BEGINS: Mapping[str, tuple[bytes, ...]] = {
    "image": (b"\xff\xd8\xff", b"\x89PNG"),
    "voice": (b"#!AMR",),
    "video": (b"ftyp",),
    "file": (b"",),
}
NAMES = {"image": "[图片]", "voice": "[语音]", "video": "[视频]", "file": "[文件]"}


@dataclass(frozen=True)
class Lying:
    kind: str
    name: str
    content: bytes
    until: float


class Shelf:
    """Of one enterprise."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.files: dict[str, Lying] = {}

    def posted(self, kind: str, body: bytes) -> str | int:
        """A form with the file in `media`; its id or a code."""
        found = in_form(body)
        return NO_FILE if found is None else self.put(kind, *found)

    def put(self, kind: str, name: str, content: bytes) -> str | int:
        if kind not in MOST:
            return WRONG_KIND
        if len(content) <= 5:
            return TOO_SMALL
        if len(content) > MOST[kind]:
            return TOO_LARGE
        if not any(begin in content[:12] for begin in BEGINS[kind]):
            return WRONG_TYPE
        id = secrets.token_urlsafe(32)
        self.files[id] = Lying(kind, name, content, self._clock() + DAYS_3)
        return id

    def find(self, kind: str, id: object) -> Lying | None:
        found = self.files.get(str(id))
        return found if found and found.kind == kind and self._clock() < found.until else None

    def in_words(self, kind: str, id: object) -> str | None:
        """As a phone shows it; None when it is not here."""
        found = self.find(kind, id)
        if found is None:
            return None
        return f"{NAMES[kind]} {found.name}" if kind == "file" else NAMES[kind]
