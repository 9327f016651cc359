"""Files that came or are shown, kept by the hash of what is in them: the same one is kept once.

They stay as long as a message has them (store.messages.media); `sweep` takes away what none has any more.
"""

import contextlib
import hashlib
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from runtime.files import bring, remove, touch, write_whole
from runtime.off_loop import off_loop

log = logging.getLogger(__name__)

HASH = re.compile(r"[0-9a-f]{64}")
ABOUT = re.compile(r"[a-z0-9-]{1,60}")
SCHEME = "kept:"
"""Before the hash, where an address stands for a kept file. Nothing but our own code opens it."""
YOUNG = 3600.0
"""Seconds in which a file may be on its way to the message that has it."""
WANTED = "wanted"
"""What is noted of a file that somebody wants, whatever has it: {until}, seconds since 1970."""


class KeptMedia:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, content: bytes) -> str:
        """Its hash, once it is on the disk. Raises NotSaved."""
        return await off_loop(self._keep, content)

    async def keep_as(self, name: str, content: bytes) -> None:
        """Under the hash of all that it was made from, so that it need not be made again. Raises NotSaved."""
        await off_loop(self._put, name, content)

    async def note(self, hash: str, about: str) -> Mapping[str, Any] | None:
        """What is known of a kept file; it goes with the file. None when nothing is."""
        return await off_loop(self._note, hash, about)

    async def keep_note(self, hash: str, about: str, what: Mapping[str, Any]) -> None:
        """`about`: letters, digits and `-`. What is known of a file that is not here any more is not kept.

        Raises NotSaved.
        """
        await off_loop(self._keep_note, hash, about, what)

    async def room_of(self, about: str) -> int:
        """Bytes of the files of which that is known."""
        return await off_loop(self._room_of, about)

    async def remove(self, hashes: Collection[str]) -> None:
        """At once, with all that is known of them: nobody is to have them any more."""
        await off_loop(self.remove_now, hashes)

    def remove_now(self, hashes: Collection[str]) -> None:
        for hash in hashes:
            if HASH.fullmatch(hash):
                remove(self.path(hash), beside=True)

    async def use(self, hash: str) -> bool:
        """Whether it is here; it is young again, so that nothing takes it away before a message has it."""
        return await off_loop(self._use, hash)

    async def want(self, hash: str, until: float) -> None:
        """It stays until then, whoever else has it. Raises NotSaved."""
        await self.keep_note(hash, WANTED, {"until": until})

    async def read(self, hash: str) -> bytes | None:
        """None when it is not here."""
        return await off_loop(self.read_now, hash)

    def read_now(self, hash: str) -> bytes | None:
        if not HASH.fullmatch(hash):
            return None
        try:
            return self.path(hash).read_bytes() if bring(self.path(hash)) else None
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
                if not await off_loop(self._is_wanted, hash, now()):
                    await self.remove([hash])
                    count += 1
        return count

    def _is_wanted(self, hash: str, now: float) -> bool:
        until = (self._note(hash, WANTED) or {}).get("until")
        return isinstance(until, int | float) and until > now

    def _room_of(self, about: str) -> int:
        assert ABOUT.fullmatch(about)
        total = 0
        for note in self._folder.glob(f"[0-9a-f][0-9a-f]/*.{about}"):
            with contextlib.suppress(OSError):  # it went meanwhile
                total += note.with_name(note.name.partition(".")[0]).stat().st_size
        return total

    def _keep(self, content: bytes) -> str:
        hash = hashlib.sha256(content).hexdigest()
        self._put(hash, content)
        return hash

    def _put(self, name: str, content: bytes) -> None:
        if not self._use(name):
            write_whole(self.path(name), content, 0o600)

    def _use(self, hash: str) -> bool:
        try:
            touch(self.path(hash))
        except OSError:
            return False
        return True

    def _note(self, hash: str, about: str) -> Mapping[str, Any] | None:
        path = self._beside(hash, about)
        try:
            found = json.loads(path.read_bytes()) if bring(path) else None
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def _keep_note(self, hash: str, about: str, what: Mapping[str, Any]) -> None:
        if bring(self.path(hash)):
            write_whole(self._beside(hash, about), json.dumps(what, ensure_ascii=False).encode(), 0o600)

    def _old(self, folder: Path, before: float) -> list[str]:
        return [
            file.name
            for file in folder.iterdir()
            if HASH.fullmatch(file.name) and file.stat().st_mtime < before
        ]

    def path(self, hash: str) -> Path:
        """Where it is, or would be."""
        assert HASH.fullmatch(hash)
        return self._folder / hash[:2] / hash

    def _beside(self, hash: str, about: str) -> Path:
        assert ABOUT.fullmatch(about)
        path = self.path(hash)
        return path.with_name(f"{path.name}.{about}")
