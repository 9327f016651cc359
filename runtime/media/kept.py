"""Files that came or are shown, kept by the hash of what is in them: the same one is kept once.

They stay as long as a message has them (store.messages.media); `sweep` takes away what none has any more.
"""

import hashlib
import logging
import re
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

from runtime.files import write_whole
from runtime.off_loop import off_loop

log = logging.getLogger(__name__)

HASH = re.compile(r"[0-9a-f]{64}")
SCHEME = "kept:"
"""Before the hash, where an address stands for a kept file. Nothing but our own code opens it."""
YOUNG = 3600.0
"""Seconds in which a file may be on its way to the message that has it."""


class KeptMedia:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, content: bytes) -> str:
        """Its hash, once it is on the disk. Raises NotSaved."""
        return await off_loop(self._keep, content)

    async def read(self, hash: str) -> bytes | None:
        """None when it is not here."""
        return await off_loop(self.read_now, hash)

    def read_now(self, hash: str) -> bytes | None:
        if not HASH.fullmatch(hash):
            return None
        try:
            return self._path(hash).read_bytes()
        except OSError:
            return None

    async def sweep(
        self, unused: Callable[[Collection[str]], Awaitable[set[str]]], now: Callable[[], float] = time.time
    ) -> int:
        """Take away what no message has. How many that were."""
        count = 0
        for folder in await off_loop(lambda: sorted(self._folder.glob("[0-9a-f][0-9a-f]"))):
            old = await off_loop(self._old, folder, now() - YOUNG)
            for hash in await unused(old) if old else ():
                await off_loop(self._path(hash).unlink, missing_ok=True)
                count += 1
        return count

    def _keep(self, content: bytes) -> str:
        hash = hashlib.sha256(content).hexdigest()
        path = self._path(hash)
        if path.exists():
            path.touch()  # it is young again: nothing takes it away before its message has it
        else:
            write_whole(path, content, 0o600)
        return hash

    def _old(self, folder: Path, before: float) -> list[str]:
        return [
            file.name
            for file in folder.iterdir()
            if HASH.fullmatch(file.name) and file.stat().st_mtime < before
        ]

    def _path(self, hash: str) -> Path:
        return self._folder / hash[:2] / hash
