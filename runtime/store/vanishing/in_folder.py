"""For the processes on one home: what is held lies in a folder of it, and is seen by all of them.

Messages come to one of them alone (runtime/server/relay.py), so what is counted and said of these is in its
memory. Files are small, hidden, never synced, and gone when their time is over: no backup takes them.
"""

import asyncio
import contextlib
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from runtime.store.vanishing import LARGEST, Name, hashed
from runtime.store.vanishing.memory import MOST_HELD, InMemory

FOLDER = ".vanishing"
SWEPT = 30.0
"""Seconds between two looks at what is over."""
LEFT = 60.0
"""Seconds after which a file that was being written is nobody's."""


class InFolder(InMemory):
    """Of `data` of a home. What cannot be read or written there is not held, as in any other trouble."""

    def __init__(self, data: Path, wall: Callable[[], float] = time.time, most: int = MOST_HELD) -> None:
        """`wall`: seconds since 1970, the same for all processes of this machine. `most`: files."""
        super().__init__()
        self._folder, self._wall = data / FOLDER, wall
        self._most, self._looked = most, 0.0

    async def get(self, name: Name) -> bytes | None:
        return await asyncio.to_thread(self._read, self._file(name))

    async def put(self, name: Name, value: bytes, seconds: float) -> None:
        if len(value) > LARGEST:
            return await self.drop(name)
        await asyncio.to_thread(self._write, self._file(name), value, self._wall() + seconds)
        return None

    async def drop(self, name: Name) -> None:
        await super().drop(name)
        await asyncio.to_thread(_remove, self._file(name))

    def _file(self, name: Name) -> Path:
        return self._folder / hashed(("held", *name)).replace(":", "-")

    def _read(self, file: Path) -> bytes | None:
        try:
            until, _, value = file.read_bytes()[: LARGEST + 100].partition(b"\n")
            return value if float(until) > self._wall() else None
        except (OSError, ValueError):
            return None

    def _write(self, file: Path, value: bytes, until: float) -> None:
        """Whole, for whoever reads it meanwhile."""
        new = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep()
            try:
                with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
                    written.write(b"%r\n%b" % (until, value))
                new.replace(file)
            finally:
                new.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """What is over goes, and the oldest of too many."""
        now = self._wall()
        if abs(now - self._looked) < SWEPT:
            return
        self._looked = now
        ages = sorted(self._ages(now), reverse=True)
        for place, (age, is_over, file) in enumerate(ages):
            if is_over or (age > LEFT and file.suffix == ".new") or place < len(ages) - self._most:
                _remove(file)

    def _ages(self, now: float) -> list[tuple[float, bool, Path]]:
        found = []
        for file in self._folder.iterdir():
            with contextlib.suppress(OSError):
                is_over = file.suffix != ".new" and self._read(file) is None
                found.append((now - file.stat().st_mtime, is_over, file))
        return found


def _remove(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
