"""Where what is in a file is: small ones in their rows, large ones in a bucket, if there is one.

An object is made for one writing and belongs to one row, so no two writers ever speak of the same one. It is
expected before it is made, and left when its row says something else or is gone: whatever is killed in
between, it is found and removed later.
"""

import logging
import secrets
import time
from typing import TYPE_CHECKING

from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.store.mirrored import objects, rows
from runtime.store.mirrored.bucket_url import URL, NotBrought
from runtime.store.mirrored.line import LONGEST, Line, patience

if TYPE_CHECKING:
    from runtime.store.mirrored.bucket import Bucket

log = logging.getLogger(__name__)

LARGE = 1024 * 1024
"""Bytes above which a file is no row's."""
REST = 60.0
"""Seconds after which what could not be removed is tried again."""

NO_BUCKET = Text(
    "这个数据库的大文件在 S3 存储里，请给每台机器设同样的 {name}。",
    "The large files of this database are in an S3 store: give every machine the same {name}.",
)
WAITS = Text("正在等大文件，请稍后再试。", "A large file is waited for; try again later.")


class Contents:
    """Every method blocks, and raises StoreFailed; NotBrought where it is the bucket that fails."""

    def __init__(self, line: Line, bucket: "Bucket | None", folder: str) -> None:
        """`folder`: in the bucket, of these files alone."""
        self._line, self._bucket, self._folder = line, bucket, folder
        self._rests = 0.0

    def check(self) -> None:
        """Before anything is taken. Raises BadSettings, too. A bucket that is away is only told."""
        if self._bucket is None:
            if self._line.look(objects.are_there):
                raise BadSettings(NO_BUCKET.fill(name=URL), field=URL)
            return
        try:
            self._bucket.check()
        except NotBrought as e:
            if e.code != "gone":
                raise
            log.error("%s", e.text.en)

    def bring(self, content: bytes) -> str:
        """The object that has it now, which no row has yet; "" where it belongs into its row."""
        if self._bucket is None or len(content) <= LARGE:
            return ""
        key = f"{rows.digest_of(content)}-{secrets.token_hex(8)}"
        self._line.step(lambda db: objects.expect(db, key))
        self._ours().put(f"{self._folder}/{key}", content)
        return key

    def put(self, name: str, content: bytes, *, former: bool) -> float:
        """When it was written, in seconds since 1970."""
        key = self.bring(content)
        return self._line.step(lambda db: rows.put(db, name, content, key=key, former=former))

    def get(self, name: str) -> bytes | None:
        """None when there is no such file."""
        row = self._line.look(lambda db: rows.content(db, name))
        if row is None or not row.key:
            return row and row.content
        if self._bucket is None:
            raise NotBrought(NO_BUCKET.fill(name=URL), code="disk")
        content = self._ours().get(f"{self._folder}/{row.key}", row.bytes + 1)
        if content is None or rows.digest_of(content) != row.digest:
            now = self._line.look(lambda db: rows.content(db, name))
            if now != row:  # another took its place meanwhile
                return self.get(name)
            log.error("%r is not, or not whole, in the store of large files", name)
            return None
        return content

    def collect(self) -> None:
        """What no row has is removed from the bucket."""
        if self._bucket is None or time.monotonic() < self._rests:
            return
        if not self._line.look(objects.has_left):
            return
        self._rests = time.monotonic() + REST
        while keys := self._line.step(objects.leave):
            for key in keys:
                self._bucket.remove(f"{self._folder}/{key}")
            self._forget(keys)
        self._rests = 0.0

    def _forget(self, keys: list[str]) -> None:
        self._line.step(lambda db: objects.forget(db, keys))

    def _ours(self) -> "Bucket":
        if self._bucket is None or patience() < LONGEST:  # no event loop stands still for it
            raise NotBrought(WAITS, code="busy")
        return self._bucket
