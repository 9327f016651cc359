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
from typing import BinaryIO, cast

from runtime.errors import NotFound
from runtime.files import disk
from runtime.lang import Text
from runtime.store import messages_file
from runtime.store.control.secrets import KEY_FILE
from runtime.store.home_files import DATABASE, MESSAGES, STAYING, copied, elsewhere, files
from runtime.store.roll import Digested, Roll, Takes
from runtime.version import VERSION

ABOUT = "hongyan-backup.json"
"""Of the first entry; those of format 2 end with another one, CONTENTS, by which they are compared."""
CONTENTS = "hongyan-contents.json"
FORMAT = 2
FIRST = 1
"""Every program reads it, also those from before there was a second; only gzip's sum is compared."""


@dataclass(frozen=True)
class Saved:
    """What a backup holds. `contents`: two with the same hold the same; `has_key`: also the key that opens
    its credentials."""

    files: int
    messages: int
    bytes: int
    has_key: bool
    contents: str


def back_up(home: Path, to: Path, now: float) -> Saved:
    """Into one file, 0600, whole or not at all. Raises as `write_all`, and NotSaved."""
    with whole_file(to) as file:
        saved = write_all(home, file, now)
    return saved


def write_all(home: Path, to: Takes, now: float, format: int = FORMAT) -> Saved:
    """Everything as one gzipped tar, piece by piece: memory does not grow with what there is.

    Messages are as they were at one moment; agents and settings are read right after. Raises StoreFailed,
    NotFound, NotSaved and whatever `to` raises.
    """
    if not (home / "data").exists():
        raise NotFound(
            Text("「{home}」里还没有数据。", "There is nothing in {home!r} yet.").fill(home=str(home))
        )
    counted, roll = Counted(to), Roll()
    with (
        gzip.GzipFile(fileobj=cast("BinaryIO", counted), mode="wb", compresslevel=3) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        about = {"hongyan_backup": format, "at": now, "version": VERSION}
        _add(tar, ABOUT, json.dumps(about).encode(), now)
        rows = _write(home, tar, roll, now)
        said = {"files": roll.files, "contents": roll.hex, "rows": rows}
        if format > FIRST:
            _add(tar, CONTENTS, json.dumps(said).encode(), now)
    has_key = (home / "data" / KEY_FILE).exists()
    return Saved(roll.files, rows.get("messages", 0), counted.bytes, has_key, roll.hex)


@contextmanager
def whole_file(to: Path) -> Iterator[BinaryIO]:
    """It takes its place once all was written; else what stood there stays, and nothing is left beside it.
    Raises NotSaved."""
    temporary = to.with_name(f".new-{to.name}-{secrets.token_hex(4)}")
    with disk(to):
        to.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(to)
        finally:
            temporary.unlink(missing_ok=True)


class Counted:
    """Knows how many bytes went there."""

    def __init__(self, to: Takes) -> None:
        self._to, self.bytes = to, 0

    def write(self, data: bytes, /) -> int:
        self.bytes += len(data)
        return self._to.write(data)

    def flush(self) -> None:
        """What is behind it is flushed by whoever made it."""


def _write(home: Path, tar: tarfile.TarFile, roll: Roll, now: float) -> dict[str, int]:
    """How many rows each table of the messages has."""
    rows: dict[str, int] = {}
    with messages_file.taken(home / "data" / MESSAGES) as file_of_all:
        if file_of_all:
            _add_file(tar, f"data/{MESSAGES}", file_of_all, roll)
            rows = messages_file.rows(file_of_all)
    for name, path in files(home):
        if name in STAYING:
            continue
        if path.suffix == DATABASE:
            with copied(path) as copy:
                _add_file(tar, name, copy, roll)
            continue
        try:
            _add_file(tar, name, path, roll)
        except FileNotFoundError:
            continue  # renamed or deleted since
    for name, content in elsewhere(home):
        _add(tar, name, content, now, roll)
    return rows


def _add_file(tar: tarfile.TarFile, name: str, path: Path, roll: Roll) -> None:
    """As it was when it was opened: whoever replaces it renames another one into its place."""
    with path.open("rb") as file:
        known = os.fstat(file.fileno())
        _put(tar, name, file, known.st_size, known.st_mtime, roll)


def _add(tar: tarfile.TarFile, name: str, content: bytes, at: float, roll: Roll | None = None) -> None:
    _put(tar, name, io.BytesIO(content), len(content), at, roll)


def _put(tar: tarfile.TarFile, name: str, content: BinaryIO, size: int, at: float, roll: Roll | None) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, int(at), 0o600
    digested = Digested(content)
    tar.addfile(entry, cast("BinaryIO", digested))
    if roll:
        roll.add(name, digested)
