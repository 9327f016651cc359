"""What a backup holds, as one hash over every file in its order: two with the same hold the same."""

import hashlib
from typing import BinaryIO, Protocol


class Takes(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> int: ...


class Digested:
    """Reads on, and knows the hash and the size of what was read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._hash, self.size = source, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._hash.update(data)
        self.size += len(data)
        return data

    @property
    def hex(self) -> str:
        return self._hash.hexdigest()


class Roll:
    """Costs the same memory, however many files there are."""

    def __init__(self) -> None:
        self._hash, self.files = hashlib.sha256(), 0

    def add(self, name: str, digested: Digested) -> None:
        line = f"{digested.hex} {digested.size} {name}\n"
        self._hash.update(line.encode("utf-8", "surrogateescape"))
        self.files += 1

    @property
    def hex(self) -> str:
        return self._hash.hexdigest()
