"""Make a backup, open one, and check one by restoring it beside."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from runtime.backups.places import Place, Where
from runtime.backups.sealed import MAGIC, Opening, is_sealed, sealing
from runtime.backups.sealing_keys import FILE_KEY, Key
from runtime.errors import BadSettings
from runtime.files import disk, make_private
from runtime.lang import Text
from runtime.store import messages_file
from runtime.store.backup import FORMAT, Counted, Saved, write_all
from runtime.store.home_files import FOLDERS, MESSAGES
from runtime.store.unpacking import unpack

PLAIN_END, SEALED_END = ".tar.gz", ".tar.gz.age"
_NEEDS_KEY = Text(
    "「{file}」是加密的。请给出 --key-file 或 --passphrase-file。",
    "{file!r} is encrypted. Give --key-file or --passphrase-file.",
)
_NEEDS_SECRET = Text(
    "密钥文件里只有公钥，打不开备份。请给出有 AGE-SECRET-KEY 的那一个。",
    "The key file has only the public key, which opens nothing. Give the one with AGE-SECRET-KEY.",
)
_DIFFERS = Text(
    "「{file}」恢复出来不一样：表 {table} 有 {found} 行，备份时是 {said} 行。",
    "{file!r} does not come back the same: table {table} has {found} rows, and had {said} when it was made.",
)


@dataclass(frozen=True)
class Made:
    """`own`: its key, by which whoever made it can check it; b"" for one that is not encrypted."""

    name: str
    saved: Saved
    own: bytes


@dataclass(frozen=True)
class Checked:
    """`at`: when it was made, in seconds since 1970; `rows`: of all tables of the messages."""

    files: int
    messages: int
    rows: int
    contents: str
    at: float


def make(home: Path, to: Where, key: Key | None, now: float, mark: str = "", format: int = FORMAT) -> Made:
    """Streamed there, so it takes no room here but that of a copy of the messages. Raises HongyanError: then
    nothing is there, and what was there stays. `mark`: see name_at."""
    name = to.name or name_at(now, mark, is_sealed=key is not None)
    own = os.urandom(FILE_KEY) if key else b""
    with to.place.writing(name) as out:
        counted = Counted(out)
        if key is None:
            saved = write_all(home, counted, now, format)
        else:
            with sealing(counted, key, own) as sealed:
                saved = write_all(home, sealed, now, format)
    return Made(name, replace(saved, bytes=counted.bytes), own)


def name_at(now: float, mark: str, *, is_sealed: bool) -> str:
    """In UTC, whatever zone the machine is in. `mark`: whose it is, where several write into one place."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    parts = ("hongyan", *([mark] if mark else []), stamp)
    return f"{'-'.join(parts)}{SEALED_END if is_sealed else PLAIN_END}"


@contextmanager
def opening(place: Place, name: str, key: Key | None, own: bytes = b"") -> Iterator[BinaryIO]:
    """What is in it, whether it is encrypted or not. Raises HongyanError, also while it is read."""
    with place.reading(name) as archive:
        head = _read(archive, len(MAGIC))
        whole = cast("BinaryIO", _Again(head, archive))
        if not is_sealed(head):
            yield whole
            return
        if not own and key is None:
            raise BadSettings(_NEEDS_KEY.fill(file=name), field="--key-file")
        if not own and key is not None and not key.opens:
            raise BadSettings(_NEEDS_SECRET, field="--key-file")
        yield cast("BinaryIO", Opening(whole, key, name, own or None))


def check(place: Place, name: str, key: Key | None, data: Path, own: bytes = b"") -> Checked:
    """Restore it into a folder of its own below `data`, and compare hash and rows with what the backup says;
    nothing else is touched. Raises HongyanError."""
    make_private(data)
    with ExitStack() as done, disk(data):
        beside = Path(tempfile.mkdtemp(prefix=".checking-", dir=data))
        done.callback(shutil.rmtree, beside, ignore_errors=True)
        fresh = {folder: beside / folder for folder in FOLDERS}
        with opening(place, name, key, own) as archive:
            held = unpack(archive, name, fresh)
        messages, rows = fresh["data"] / MESSAGES, dict[str, int]()
        if messages.exists():
            messages_file.look_whole(messages)
            rows = messages_file.rows(messages)
        for table, said in held.rows.items():
            if rows.get(table) != said:
                text = _DIFFERS.fill(file=name, table=table, found=rows.get(table, 0), said=said)
                raise BadSettings(text, field="FILE", code="damaged")
        if messages.exists():
            messages_file.bring_forward(messages)
    return Checked(held.files, rows.get("messages", 0), sum(rows.values()), held.contents, held.at)


class _Again:
    """A stream whose beginning was looked at."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1) -> bytes:
        if not self._head:
            return self._rest.read(size)
        found = self._head if size < 0 else self._head[:size]
        self._head = self._head[len(found) :]
        return found + self._rest.read() if size < 0 else found


def _read(source: BinaryIO, size: int) -> bytes:
    found = b""
    while len(found) < size and (more := source.read(size - len(found))):
        found += more
    return found
