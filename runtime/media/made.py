"""Files that a tool made for somebody: kept like those that came, under an address that nobody guesses.

They stay as long as the message has them for which they were made, and go with it; without one, an hour or
so. The address holds what is in the file (by its hash) and a mark that only this installation makes.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from runtime.errors import BadMedia
from runtime.files import bring
from runtime.lang import Text
from runtime.media.ai_label import labelled, said
from runtime.media.here import Here, Http
from runtime.media.kept import KeptMedia
from runtime.media.looking import look
from runtime.media.stored import HASH
from runtime.off_loop import off_loop

PATH = "/made/"
TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""By the ending of the name: nothing else is made."""
LENT = {
    **TYPES,
    "gif": "image/gif",
    "bmp": "image/bmp",
    "mp3": "audio/mpeg",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
}
"""The same of files that are kept already, and that somebody is to get from here."""
NO_PICTURE = Text("这不是图片，而是 {type}。", "This is no picture but {type}.")
MARKED = 32
"""Digits of the mark."""
PLACE = re.compile(rf"/made/([0-9a-f]{{64}})([0-9a-f]{{{MARKED}}})/([^/]{{1,400}})")
NAMING = re.compile(r"[^\w .-]+")
LONGEST_NAME = 60


@dataclass(frozen=True)
class MadeFile:
    """`reaches`: whether the address leads here from outside."""

    name: str
    type: str
    hash: str
    bytes: int
    address: str
    reaches: bool


@dataclass(frozen=True)
class Found:
    name: str
    type: str
    hash: str


class MadeFiles:
    """`mark`: see SecretBox. `public_url`: "" while nobody knows it; `here`: what is taken then."""

    def __init__(
        self, kept: KeptMedia, mark: Callable[[str], str], public_url: Callable[[], str], here: str
    ) -> None:
        self._kept, self._mark, self._public_url, self._here = kept, mark, public_url, here

    async def make(self, name: str, ending: str, content: bytes) -> MadeFile:
        """`ending`: one of TYPES. Raises NotSaved."""
        stem = NAMING.sub("_", name).strip(" ._")[:LONGEST_NAME] or "file"
        name = f"{stem.removesuffix('.' + ending)}.{ending}"
        hash = await self._kept.keep(content)
        public = self._public_url()
        address = f"{public or self._here}{PATH}{hash}{self._marked(hash, name)}/{quote(name)}"
        return MadeFile(name, TYPES[ending], hash, len(content), address, bool(public))

    async def make_picture(
        self, name: str, content: bytes, *, by_ai: bool = False, producer: str = ""
    ) -> MadeFile:
        """Of what it really is; `by_ai`: and it says of itself that AI made it, for that producer. Raises
        BadMedia for what is no picture that is shown, NotSaved."""
        looked = await off_loop(look, content)
        ending = next((one for one, type in TYPES.items() if type == looked.type), "")
        if not looked.type.startswith("image/") or not ending:
            raise BadMedia(NO_PICTURE.fill(type=looked.type), code="type")
        if by_ai:
            content = await off_loop(labelled, content, looked.type, said(producer))
        return await self.make(name, ending, content)

    def lend(self, hash: str, type: str) -> str:
        """The address of a kept file, for whom it is told; "" where it leads nowhere, or of another type."""
        ending = next((one for one, known in LENT.items() if known == type), "")
        public, name = self._public_url(), f"file.{ending}"
        if not public or not ending or not HASH.fullmatch(hash):
            return ""
        return f"{public}{PATH}{hash}{self._marked(hash, name)}/{name}"

    def find(self, path: str) -> Found | None:
        """By the path of an address, as it is written there. None: it is not ours, or is gone."""
        match = PLACE.fullmatch(path)
        name = unquote(match[3]) if match else ""
        ending = name.rpartition(".")[2]
        if not match or ending not in LENT or not HASH.fullmatch(match[1]):
            return None
        if not hmac.compare_digest(self._marked(match[1], name), match[2]):
            return None
        is_here = bring(self._kept.path(match[1]))
        return Found(name, LENT[ending], match[1]) if is_here else None

    async def where(self, found: Found) -> Path | bytes:
        """See KeptMedia.where."""
        return await self._kept.where(found.hash)

    def here(self, url: str) -> str:
        """The path of one of our addresses; "" for any other."""
        base = self._public_url() or self._here
        try:
            ours, there = urlsplit(base), urlsplit(url)
        except ValueError:
            return ""
        same = (ours.scheme, ours.netloc) == (there.scheme, there.netloc)
        return there.path if same and there.path.startswith(PATH) else ""

    async def read(self, hash: str) -> bytes | None:
        return await self._kept.read(hash)

    def _marked(self, hash: str, name: str) -> str:
        return self._mark(f"made {hash} {name}")[:MARKED]


class MadeFirst:
    """An Http that takes what was made here from where it is, and all else from where it was taken."""

    def __init__(self, made: MadeFiles, elsewhere: Http) -> None:
        self._made, self._elsewhere = made, elsewhere

    async def fetch(self, method: str, url: str, *, seconds: float, max_bytes: int, reach: Any) -> Any:
        path = self._made.here(url)
        found = await off_loop(self._made.find, path) if path else None
        content = await self._made.read(found.hash) if found else None
        if content is None:
            return await self._elsewhere.fetch(method, url, seconds=seconds, max_bytes=max_bytes, reach=reach)
        return Here(content[:max_bytes], cut=len(content) > max_bytes)
