"""Files that came or are shown, kept by the hash of what is in them: the same one is kept once.

They stay as long as a message has them (store.messages.media); `sweep` takes away what none has any more.
"""

import contextlib
import hashlib
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from runtime.files import remove
from runtime.media.stored import ABOUT, HASH, Seals, Stored, Whose
from runtime.off_loop import off_loop

SCHEME = "kept:"
"""Before the hash, where an address stands for a kept file. Nothing but our own code opens it."""
YOUNG = 3600.0
"""Seconds in which a file may be on its way to the message that has it."""
WANTED = "wanted"
"""What is noted of a file that somebody wants, whatever has it: {until}, seconds since 1970."""


class KeptMedia:
    """`seals`: None where nothing is sealed. What it raises, each method raises that writes or reads."""

    def __init__(self, folder: Path, seals: Seals | None = None) -> None:
        self._folder, self._stored = folder, Stored(folder, seals)

    async def keep(self, content: bytes, whose: Whose | None = None) -> str:
        """Its hash, once it is on the disk. Raises NotSaved."""
        return await off_loop(self._keep, content, whose)

    async def keep_as(self, name: str, content: bytes) -> None:
        """Under the hash of all that it was made from, so that it need not be made again. Raises NotSaved."""
        await off_loop(self._stored.put, name, content)

    async def own(self, hashes: Collection[str], whose: Whose) -> None:
        """They are theirs, too: what was kept before anybody knew that. Raises NotSaved."""
        await off_loop(self._stored.own, hashes, whose)

    async def note(self, hash: str, about: str) -> Mapping[str, Any] | None:
        """What is known of a kept file; it goes with the file. None when nothing is."""
        return await off_loop(self._stored.note, hash, about)

    async def keep_note(self, hash: str, about: str, what: Mapping[str, Any]) -> None:
        """`about`: letters, digits and `-`. What is known of a file that is not here any more is not kept.

        Raises NotSaved.
        """
        await off_loop(self._stored.keep_note, hash, about, what)

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
        return await off_loop(self._stored.use, hash)

    async def want(self, hash: str, until: float) -> None:
        """It stays until then, whoever else has it. Raises NotSaved."""
        await self.keep_note(hash, WANTED, {"until": until})

    async def read(self, hash: str) -> bytes | None:
        """None when it is not here."""
        return await off_loop(self.read_now, hash)

    def read_now(self, hash: str) -> bytes | None:
        return self._stored.read(hash) if HASH.fullmatch(hash) else None

    async def where(self, hash: str) -> Path | bytes:
        """For who reads files: where it lies, or what is in one that is sealed. Raises OSError."""
        return await off_loop(self._stored.where, hash)

    def seal_all(self, *, on: bool) -> Iterator[int]:
        """See Stored.seal_all."""
        return self._stored.seal_all(on=on)

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
        until = (self._stored.note(hash, WANTED) or {}).get("until")
        return isinstance(until, int | float) and until > now

    def _room_of(self, about: str) -> int:
        assert ABOUT.fullmatch(about)
        total = 0
        for note in self._folder.glob(f"[0-9a-f][0-9a-f]/*.{about}"):
            with contextlib.suppress(OSError):  # it went meanwhile
                total += note.with_name(note.name.partition(".")[0]).stat().st_size
        return total

    def _keep(self, content: bytes, whose: Whose | None = None) -> str:
        hash = hashlib.sha256(content).hexdigest()
        self._stored.put(hash, content, whose)
        return hash

    def _old(self, folder: Path, before: float) -> list[str]:
        return [
            file.name
            for file in folder.iterdir()
            if HASH.fullmatch(file.name) and file.stat().st_mtime < before
        ]

    def path(self, hash: str) -> Path:
        """Where it is, or would be."""
        return self._stored.path(hash)
