"""Folders that several instances have: what is written in one of them goes first where all of them look.

Whoever reads never asks the mirror: reading costs what it always cost, and goes on while nobody else can be
reached. A folder without a mirror is a folder.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol


class Mirror(Protocol):
    """Writing raises NotSaved: then nothing was written anywhere. Every method may block."""

    def keeping(self, path: Path, content: bytes) -> AbstractContextManager[None]:
        """It is kept for all; inside it is written here."""

    def removing(self, path: Path, *, beside: bool) -> AbstractContextManager[None]:
        """The file, or all that is below the folder, is gone for all; inside it is removed here.

        `beside`: also what is named like it, with a dot and more behind.
        """

    def touch(self, path: Path) -> None:
        """Whoever looks for what is old is to see that it is used."""

    def bring(self, path: Path) -> bool:
        """Whether the file is here by now: it may have been made at another instance."""

    def everything(self) -> Iterator[Path]:
        """All files that are kept for all, whether they are here or not."""

    def is_for_all(self, path: Path) -> bool:
        """Whether it is kept for all once it is written."""

    def unseal(self) -> None:
        """The key of whoever starts next is the one that seals credentials from then on."""

    def locked(self, path: Path, *, wait: bool) -> AbstractContextManager[bool]:
        """Whether it is ours alone of all instances; what they wrote before is here then."""


_mirrors: dict[Path, Mirror] = {}


@contextmanager
def mirrored(folder: Path, mirror: Mirror) -> Iterator[None]:
    """Whatever this process does with files below that folder goes through the mirror."""
    folder = folder.resolve()
    outside = _mirrors.get(folder)
    _mirrors[folder] = mirror
    try:
        yield
    finally:
        if outside is None:
            del _mirrors[folder]
        else:
            _mirrors[folder] = outside


def mirror_of(path: Path) -> Mirror | None:
    if not _mirrors:
        return None
    path = path.resolve()
    return next((mirror for folder, mirror in _mirrors.items() if path.is_relative_to(folder)), None)
