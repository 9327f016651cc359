"""Files under the hashes of what is in them: as they are, or sealed where the owner wants that."""

import contextlib
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from runtime.files import bring, listed, touch, write_whole
from runtime.mirror import mirror_of

HASH = re.compile(r"[0-9a-f]{64}")
ABOUT = re.compile(r"[a-z0-9-]{1,60}")
HEAD = 64
"""Bytes by which it is told whether a file is sealed."""
PIECE = 20
"""Files that are looked at in one go: a second at most, unless they are very large."""
Whose = tuple[str, str]
"""Publication and sender: whose key is to open it."""


class Seals(Protocol):
    """Seals files, where the owner wants that. Each may block for a moment; raises StoreFailed. `name`: under
    which it lies; what is sealed as one opens as no other."""

    def is_on(self) -> bool: ...

    def is_sealed(self, head: bytes) -> bool:
        """By how it begins."""

    def seal(self, content: bytes, name: str, whose: Collection[Whose]) -> bytes: ...

    def open(self, sealed: bytes, name: str) -> bytes | None:
        """None: everybody's key is gone who might open it, or it is damaged."""

    def shared(self, sealed: bytes, name: str, whose: Whose) -> bytes | None:
        """As that one opens it, too; None: nothing is to change."""

    def seal_beside(self, content: bytes, file: bytes, name: str, about: str) -> bytes | None:
        """What is known of a sealed `file`. None: nobody opens that."""

    def open_beside(self, sealed: bytes, file: bytes, name: str, about: str) -> bytes | None: ...

    def whose(self, hash: str) -> Collection[Whose]:
        """All who have it."""


class Stored:
    """`seals`: None where nothing is sealed; what it raises, each method raises."""

    def __init__(self, folder: Path, seals: Seals | None) -> None:
        self._folder, self._seals = folder, seals

    def path(self, name: str) -> Path:
        """Where it is, or would be."""
        assert HASH.fullmatch(name)
        return self._folder / name[:2] / name

    def read(self, name: str) -> bytes | None:
        """None when it is not here, or nobody can open it."""
        path = self.path(name)
        try:
            content = path.read_bytes() if bring(path) else None
        except OSError:
            return None
        return None if content is None else self._opened(name, content)

    def where(self, name: str) -> Path | bytes:
        """What is in a sealed one. Raises OSError."""
        path = self.path(name)
        if not bring(path) or not self.is_sealed(path):
            return path
        if (content := self.read(name)) is None:
            raise FileNotFoundError(path.name)
        return content

    def put(self, name: str, content: bytes, whose: Whose | None = None) -> None:
        if self.use(name):
            if self._seals and whose:
                self.own([name], whose)
            return
        if self._seals and self._seals.is_on():
            content = self._seals.seal(content, name, [whose] if whose else [])
        write_whole(self.path(name), content, 0o600)

    def use(self, hash: str) -> bool:
        path = self.path(hash)
        try:
            touch(path)
            return not self.is_sealed(path) or self.read(hash) is not None
        except OSError:
            return False

    def note(self, hash: str, about: str) -> Mapping[str, Any] | None:
        path = self._beside(hash, about)
        try:
            content = path.read_bytes() if bring(path) else None
            if content and self._seals and self._seals.is_sealed(content):
                file = self.path(hash).read_bytes() if bring(self.path(hash)) else b""
                content = self._seals.open_beside(content, file, hash, about)
            found = json.loads(content) if content else None
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def keep_note(self, hash: str, about: str, what: Mapping[str, Any]) -> None:
        if not bring(self.path(hash)):
            return
        content: bytes | None = json.dumps(what, ensure_ascii=False).encode()
        if self._seals and self.is_sealed(self.path(hash)):
            content = self._seals.seal_beside(content or b"", self.path(hash).read_bytes(), hash, about)
        if content is not None:
            write_whole(self._beside(hash, about), content, 0o600)

    def own(self, hashes: Collection[str], whose: Whose) -> None:
        """They are theirs, too."""
        for name in hashes:
            path = self.path(name)
            if self._seals and bring(path) and self.is_sealed(path):
                shared = self._seals.shared(path.read_bytes(), name, whose)
                _rewrite(path, shared)

    def seal_all(self, *, on: bool) -> Iterator[int]:
        """Whatever is here, and is not as it is to be, is written anew: how many of each PIECE. Who stops
        in between begins again. Raises NotSaved."""
        names = self._names()
        for begin in range(0, len(names), PIECE):
            count = 0
            for name in names[begin : begin + PIECE]:
                with contextlib.suppress(FileNotFoundError):  # it went meanwhile
                    count += bring(self.path(name)) and self._turn(name, on=on)
            yield count

    def _names(self) -> list[str]:
        """Of all files: here, and with other instances."""
        folders = listed(self._folder, "[0-9a-f][0-9a-f]")
        names = {path.name for folder in folders for path in listed(folder)}
        mirror = mirror_of(self._folder)
        for path in mirror.everything() if mirror else ():
            if path.parent.parent == self._folder.resolve():
                names.add(path.name)
        return sorted(name for name in names if HASH.fullmatch(name))

    def _turn(self, name: str, *, on: bool) -> bool:
        """The file first where it is sealed, and last where it is opened: what is beside it needs its key."""
        path, was = self.path(name), self.is_sealed(self.path(name))
        turned = self._turned(name, was, on=on)
        if on:
            _rewrite(path, turned)
            return bool(self._notes(name, turned or path.read_bytes(), on=on) or turned)
        file = path.read_bytes() if was else b""
        beside = self._notes(name, file, on=on)
        _rewrite(path, turned)
        return bool(self._notes(name, file, on=on) or beside or turned)  # one may have come in between

    def _turned(self, name: str, was: bool, *, on: bool) -> bytes | None:
        """As it is to be; None: it is so."""
        assert self._seals
        if was == on:
            return None
        content = self.path(name).read_bytes()
        return self._seals.seal(content, name, self._seals.whose(name)) if on else self._opened(name, content)

    def _notes(self, name: str, file: bytes, *, on: bool) -> int:
        assert self._seals
        count = 0
        for note in listed(self.path(name).parent, f"{name}.*"):
            content, about = note.read_bytes(), note.name.partition(".")[2]
            if self._seals.is_sealed(content) != on:
                turn = self._seals.seal_beside if on else self._seals.open_beside
                count += _rewrite(note, turn(content, file, name, about))
        return count

    def is_sealed(self, path: Path) -> bool:
        if not self._seals:
            return False
        with path.open("rb") as file:
            return self._seals.is_sealed(file.read(HEAD))

    def _opened(self, name: str, content: bytes) -> bytes | None:
        if not self._seals or not self._seals.is_sealed(content[:HEAD]):
            return content
        opened = self._seals.open(content, name)
        # somebody may send a file that only begins like a sealed one
        is_so = opened is None and hashlib.sha256(content).hexdigest() == name
        return content if is_so else opened

    def _beside(self, name: str, about: str) -> Path:
        assert ABOUT.fullmatch(about)
        path = self.path(name)
        return path.with_name(f"{path.name}.{about}")


def _rewrite(path: Path, content: bytes | None) -> bool:
    """What went meanwhile stays away. Raises NotSaved."""
    if content is None or not path.exists():
        return False
    write_whole(path, content, 0o600)
    return True
