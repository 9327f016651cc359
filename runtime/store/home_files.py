"""Which files of a home are its owner's, wherever they are: all but the messages, and what is momentary."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.files import bring
from runtime.mirror import mirror_of
from runtime.store.database.sqlite_moving import copy_file
from runtime.store.installation import MARKER

FOLDERS = ("agents", "prompts", "words", "knowledge", "files", "data")
MESSAGES = "messages.db"
MEDIA = "media"
"""In `data`: files by the hash of what is in them."""
WORKERS = "workers"
"""In `data`: homes of further instances on this machine, which have the same files."""
STAYING = ("data/control/backups/plan.json", "data/control/backups/last.json")
"""In no backup, and there after one was put back: a home that was restored elsewhere neither makes nor
removes backups of the one that it came from."""
MOMENTARY = (MARKER, "ready", "at-work")
DATABASE = ".sqlite"
"""End of the names of databases beside the messages."""
BACKUPS = (".tar.gz", ".tar.gz.age")
"""Ends of names that stand in `data` itself: former backups, each of which would hold the one before it."""
LEFT_OUT = (".lock", ".previous.json", "-wal", "-shm")
"""Ends of names in `data` that mean something only to the program that runs there."""


@contextmanager
def copied(path: Path) -> Iterator[Path]:
    """A database beside the messages, at one moment."""
    copy = path.with_name(f".new-{path.name}-{secrets.token_hex(4)}")
    try:
        copy_file(path, copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def files(home: Path) -> Iterator[tuple[str, Path]]:
    """Everything but the messages, by its name in the backup. No links, nothing hidden, nothing momentary."""
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            inside = path.relative_to(home)
            if path.is_symlink() or not path.is_file() or any(part[0] == "." for part in inside.parts):
                continue
            if inside.parts[:2] == ("data", WORKERS):
                continue
            momentary = path.name in MOMENTARY or path.name.startswith(MESSAGES)
            if inside.parent == Path("data") and path.name.endswith(BACKUPS):
                continue
            if folder == "data" and (momentary or path.name.endswith(LEFT_OUT)):
                continue
            yield inside.as_posix(), path


def elsewhere(home: Path) -> Iterator[tuple[str, bytes]]:
    """What other instances have, and nobody asked for here. One at a time: there may be much of it."""
    mirror = mirror_of(home)
    for path in mirror.everything() if mirror else ():
        if not path.exists() and bring(path):
            yield path.relative_to(home.resolve()).as_posix(), path.read_bytes()
            path.unlink()
