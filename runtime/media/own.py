"""The owner's own pictures, sound, video and PDF: files in one folder, public under a name each.

A name is a file's, never a path; what is shown as what is told by the content, never by the name.
"""

import re
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from runtime.errors import BadMedia, Invalid, NotFound
from runtime.files import remove, write_whole
from runtime.lang import Text
from runtime.media.here import Here, Http
from runtime.media.looking import look
from runtime.newest import Newest
from runtime.off_loop import off_loop

PATH = "/files/"
NAME = re.compile(r"[^\W_][\w.() -]{0,118}")
"""Letters and digits of any script first: nothing hidden, and no folder."""
MOST = 25 * 1024 * 1024
"""Bytes of one: more than any platform shows."""
SHOWN = ("image/", "audio/", "video/", "application/pdf")
REMEMBERED = 2000
"""Files of which it is known what they are."""
NO_NAME = Text(
    "「{name}」不能做文件名：请用文字、数字、空格和 . - _ ( )，以文字或数字开头。",
    "{name!r} is no name for it: letters, digits, spaces and . - _ ( ), beginning with a letter or digit.",
)
NO_FILE = Text("没有「{name}」这个文件。", "There is no file {name!r}.")
NOT_SHOWN = Text(
    "「{name}」不是图片、音频、视频或 PDF，不能公开。", "{name!r} is no picture, sound, video or PDF."
)
TOO_LARGE = Text("「{name}」超过 {most} MB。", "{name!r} has more than {most} MB.")


@dataclass(frozen=True)
class OwnFile:
    name: str
    type: str
    bytes: int
    path: Path

    @property
    def address(self) -> str:
        """Behind the public address of this server."""
        return PATH + quote(self.name)


class OwnFiles:
    """Every method blocks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._types = Newest[tuple[str, int, int], str](REMEMBERED)

    def find(self, name: str) -> OwnFile | None:
        """None for what is not here, or is nothing to show."""
        if not NAME.fullmatch(name):
            return None
        path = self._folder / name
        try:
            found = path.lstat()
            if not stat.S_ISREG(found.st_mode) or not 0 < found.st_size <= MOST:
                return None
            mark = (name, found.st_mtime_ns, found.st_size)
            if mark not in self._types:
                self._types[mark] = look(path.read_bytes()).type
        except (OSError, BadMedia):
            return None
        type = self._types[mark]
        return OwnFile(name, type, found.st_size, path) if type.startswith(SHOWN) else None

    def all(self) -> Iterator[OwnFile]:
        names = sorted(path.name for path in self._folder.iterdir()) if self._folder.is_dir() else []
        yield from (found for name in names if (found := self.find(name)))

    def add(self, name: str, content: bytes) -> OwnFile:
        """One of that name is replaced. Raises Invalid, BadMedia, NotSaved."""
        name = unicodedata.normalize("NFC", name).strip()
        if not NAME.fullmatch(name):
            raise Invalid(NO_NAME.fill(name=name[:80]), field="name")
        if not 0 < len(content) <= MOST:
            raise Invalid(TOO_LARGE.fill(name=name, most=MOST // 2**20), field="file")
        if not look(content).type.startswith(SHOWN):
            raise Invalid(NOT_SHOWN.fill(name=name), field="file")
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / name, content, 0o644)
        found = self.find(name)
        assert found
        return found

    def remove(self, name: str) -> None:
        """Raises NotFound."""
        if self.find(name) is None:
            raise NotFound(NO_FILE.fill(name=name[:80]))
        remove(self._folder / name)


class OwnFirst:
    """An Http that takes the owner's own files from where they are, and all else from where it was taken."""

    def __init__(self, own: OwnFiles, elsewhere: Http, public_url: Callable[[], str]) -> None:
        self._own, self._elsewhere, self._public_url = own, elsewhere, public_url

    async def fetch(self, method: str, url: str, *, seconds: float, max_bytes: int, reach: Any) -> Any:
        name = self._named(url)
        found = await off_loop(self._own.find, name) if name else None
        if found is None:
            return await self._elsewhere.fetch(method, url, seconds=seconds, max_bytes=max_bytes, reach=reach)
        content = await off_loop(found.path.read_bytes)
        return Here(content[:max_bytes], cut=len(content) > max_bytes)

    def _named(self, url: str) -> str:
        """The name of a file of ours in that address; "" for any other."""
        try:
            here, there = urlsplit(self._public_url()), urlsplit(url)
        except ValueError:
            return ""
        is_here = here.netloc and (here.scheme, here.netloc) == (there.scheme, there.netloc)
        return unquote(there.path.removeprefix(PATH)) if is_here and there.path.startswith(PATH) else ""
