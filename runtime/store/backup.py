"""A whole installation in one file, taken while it runs; of the same kind wherever its messages are."""

import gzip
import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import NotFound
from runtime.files import bring, disk
from runtime.lang import Text
from runtime.mirror import mirror_of
from runtime.store import messages_file
from runtime.store.control.secrets import KEY_FILE
from runtime.store.database.sqlite_moving import copy_file
from runtime.store.installation import MARKER

FOLDERS = ("agents", "knowledge", "files", "data")
MESSAGES = "messages.db"
ABOUT = "hongyan-backup.json"
FORMAT = 1
MOMENTARY = (MARKER, "ready", "at-work")
DATABASE = ".sqlite"
"""End of the names of databases beside the messages."""
LEFT_OUT = (".lock", ".previous.json", "-wal", "-shm")
"""Ends of names in `data` that mean something only to the program that runs there."""


@dataclass(frozen=True)
class Saved:
    """What a backup holds. `has_key`: also the key that opens its credentials."""

    files: int
    messages: int
    bytes: int
    has_key: bool


def back_up(home: Path, to: Path, now: float) -> Saved:
    """Write everything into one gzipped tar, 0600, whole or not at all.

    Messages are as they were at one moment; agents and settings are read right after. Raises NotSaved,
    StoreFailed, NotFound.
    """
    if not (home / "data").exists():
        raise NotFound(
            Text("「{home}」里还没有数据。", "There is nothing in {home!r} yet.").fill(home=str(home))
        )
    temporary = to.with_name(f".new-{to.name}-{secrets.token_hex(4)}")
    with disk(to):
        to.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                saved = _write(home, file, now)
                file.flush()
                os.fsync(file.fileno())
            size = temporary.stat().st_size
            temporary.replace(to)
        finally:
            temporary.unlink(missing_ok=True)
    return Saved(*saved, bytes=size, has_key=(home / "data" / KEY_FILE).exists())


def _write(home: Path, file: io.BufferedWriter, now: float) -> tuple[int, int]:
    count = messages = 0
    with (
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=3) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        _add(tar, ABOUT, json.dumps({"hongyan_backup": FORMAT, "at": now}).encode(), now)
        with messages_file.taken(home / "data" / MESSAGES) as file_of_all:
            if file_of_all:
                tar.add(file_of_all, f"data/{MESSAGES}")
                messages = messages_file.count(file_of_all)
                count += 1
        for name, path in _files(home):
            if path.suffix == DATABASE:
                with _copied(path) as copy:
                    tar.add(copy, name)
                count += 1
                continue
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue  # renamed or deleted since
            _add(tar, name, content, path.stat().st_mtime if path.exists() else now)
            count += 1
        for name, content in _elsewhere(home):
            _add(tar, name, content, now)
            count += 1
    return count, messages


@contextmanager
def _copied(path: Path) -> Iterator[Path]:
    copy = path.with_name(f".new-{path.name}-{secrets.token_hex(4)}")
    try:
        copy_file(path, copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _files(home: Path) -> Iterator[tuple[str, Path]]:
    """Everything but the messages, by its name in the backup. No links, nothing hidden, nothing momentary."""
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            inside = path.relative_to(home)
            if path.is_symlink() or not path.is_file() or any(part[0] == "." for part in inside.parts):
                continue
            momentary = path.name in MOMENTARY or path.name.startswith(MESSAGES)
            if folder == "data" and (momentary or path.name.endswith(LEFT_OUT)):
                continue
            yield inside.as_posix(), path


def _elsewhere(home: Path) -> Iterator[tuple[str, bytes]]:
    """What other instances have, and nobody asked for here. One at a time: there may be much of it."""
    mirror = mirror_of(home)
    for path in mirror.everything() if mirror else ():
        if not path.exists() and bring(path):
            yield path.relative_to(home.resolve()).as_posix(), path.read_bytes()
            path.unlink()


def _add(tar: tarfile.TarFile, name: str, content: bytes, at: float) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(content), int(at), 0o600
    tar.addfile(entry, io.BytesIO(content))
