"""The folder of a home: what in it is every instance's, and what is only of the one that has it."""

import logging
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from runtime.files import write_here
from runtime.store.mirrored.rows import Row, digest_of

log = logging.getLogger(__name__)

FOLDERS = (
    "agents",
    "files",
    "knowledge",
    "prompts",
    "words",
    "data/control",
    "data/describing",
    "data/drafts",
    "data/history",
    "data/imported",
    "data/prompts",
    "data/tests",
    "data/trash",
)
LATER = ("data/media",)
"""What is in these is fetched once it is asked for. Under its name it is always the same, sealed or not."""
BELOW = tuple(f"{folder}/" for folder in (*FOLDERS, *LATER))
OWN = re.compile(r"\.(previous|broken-\d+)\.")
"""What one instance has beside a file of its own."""
ASIDE = "data/aside"
ALIKE = 0.001
"""Seconds by which the time of a file and the one that was given to it may differ."""


class Folder:
    """Raises NotSaved, OSError."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self._aside = self.home / ASIDE / time.strftime("%Y%m%d-%H%M%S")

    def name(self, path: Path) -> str:
        """As the database knows it; "" for what only this instance needs."""
        parent = path.parent.resolve()
        if not parent.is_relative_to(self.home):
            return ""
        name = (parent / path.name).relative_to(self.home).as_posix()
        is_own = "/." in f"/{name}" or path.suffix == ".lock" or OWN.search(path.name)
        return "" if is_own or not name.startswith(BELOW) else name

    def all(self) -> Iterator[tuple[str, Path]]:
        """By name."""
        for folder in (*FOLDERS, *LATER):
            for path in sorted((self.home / folder).rglob("*")):
                if path.is_file() and not path.is_symlink() and (name := self.name(path)):
                    yield name, path

    def path(self, row: Row) -> Path | None:
        """None where a name leads anywhere else."""
        path = self.home / row.name
        return path if self.name(path) == row.name else None

    def has(self, path: Path, row: Row) -> bool:
        """Whether just that is there, as far as size and time tell, else by its content."""
        if not path.is_file() or path.is_symlink():
            return False
        about = path.stat()
        if about.st_size != row.bytes:
            return False
        if abs(about.st_mtime - row.at) < ALIKE or is_later(row.name):
            return True
        return digest_of(path.read_bytes()) == row.digest

    def write(self, path: Path, content: bytes, at: float) -> None:
        write_here(path, content, 0o600)
        self.date(path, at)

    def date(self, path: Path, at: float) -> None:
        with suppress(FileNotFoundError):  # it went meanwhile
            os.utime(path, (at, at))

    def drop(self, path: Path) -> None:
        """With folders that nothing is left in."""
        path.unlink(missing_ok=True)
        roots = {self.home / one for one in (*FOLDERS, *LATER)}
        with suppress(OSError):  # there is something in it yet
            while (path := path.parent) not in roots:
                path.rmdir()

    def put_aside(self, path: Path) -> None:
        """What somebody put there, and no instance saved."""
        to = self._aside / path.relative_to(self.home)
        log.warning("%s was not saved by any instance: it is put aside as %s", path, to)
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(to)


def is_later(name: str) -> bool:
    """Whether it is fetched once it is asked for."""
    return name.startswith(tuple(f"{folder}/" for folder in LATER))
