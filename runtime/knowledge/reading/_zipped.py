"""What is packed in a ZIP: looked into without ever believing what it says of itself."""

import struct
import zipfile
import zlib
from collections.abc import Iterator

from runtime.knowledge.reading import Given, NotRead

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Office files of before 2007, and those of today under a password."""
MOST_ENTRIES = 20_000
MOST_UNPACKED = 400 << 20
"""Bytes that are unpacked of one file, counted as they come."""
PIECE = 64 * 1024
PACKED_BY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""As documents are; of other kinds zipfile unpacks all at once, however much that is."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, NotImplementedError, OSError)


class Zipped:
    """An open ZIP. Its names lead nowhere: nothing is written."""

    def __init__(self, given: Given, most: int = MOST_UNPACKED) -> None:
        """Raises NotRead."""
        try:
            self._zip = zipfile.ZipFile(given.file)
        except BROKEN:
            raise NotRead("broken") from None
        infos = self._zip.infolist()
        if len(infos) > MOST_ENTRIES:
            raise NotRead("bomb")
        self.names = {info.filename: info for info in infos}
        self._left = most

    def pieces(self, name: str) -> Iterator[bytes]:
        """Of one entry, as they are unpacked; nothing when it is not there. Raises NotRead."""
        info = self.names.get(name)
        if info is None:
            return
        if info.flag_bits & 1:
            raise NotRead("encrypted")
        if info.compress_type not in PACKED_BY:
            raise NotRead("bomb")
        try:
            with self._zip.open(info) as entry:
                while piece := entry.read(PIECE):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise NotRead("bomb")
                    yield piece
        except BROKEN:
            raise NotRead("broken") from None

    def read(self, name: str) -> bytes:
        """One entry. Raises NotRead."""
        return b"".join(self.pieces(name))

    def check(self) -> None:
        """Unpack all of it once, for who reads it next without our bounds. Raises NotRead."""
        for name in self.names:
            for _ in self.pieces(name):
                pass


def has(given: Given, *names: str) -> bool:
    """Whether it is a ZIP with one of these entries. Raises NotRead for one that is broken."""
    if not given.head.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(given.file) as opened:
            listed = set(opened.namelist())
    except BROKEN:
        raise NotRead("broken") from None
    finally:
        given.file.seek(0)
    return any(name in listed for name in names)
