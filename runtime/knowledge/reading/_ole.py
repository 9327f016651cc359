"""The container of old Office files, of which only the names inside are looked at."""

import mmap

from runtime.knowledge.reading import Given
from runtime.knowledge.reading._zipped import OLE


def holds(given: Given, *names: str) -> bool:
    """Whether it is such a container with one of these streams in it."""
    if not given.head.startswith(OLE):
        return False
    given.file.seek(0)
    with mmap.mmap(given.file.fileno(), 0, access=mmap.ACCESS_READ) as seen:
        # [MS-CFB] 2.6.1: a name of 64 bytes in UTF-16, then its length with the closing zero
        return any(
            seen.find(name.encode("utf-16-le") + bytes(64 - 2 * len(name)) + bytes([2 * len(name) + 2])) >= 0
            for name in names
        )
