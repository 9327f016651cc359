"""What is in a backup, written out beside, and compared with what the backup says of itself."""

import errno
import gzip
import json
import math
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from runtime.errors import BadSettings, NotFound
from runtime.lang import Text, as_it_is
from runtime.store.backup import ABOUT, CONTENTS, FORMAT
from runtime.store.roll import Digested, Roll

BROKEN = (
    EOFError,
    StopIteration,
    ValueError,
    TypeError,
    AttributeError,
    RecursionError,
    tarfile.TarError,
    gzip.BadGzipFile,
    zlib.error,
)
LONGEST = 100_000
"""Bytes of what a backup says of itself."""
PIECE = 1 << 20
SPARE = 50_000_000
"""Bytes that stay free on the disk, whatever an archive unpacks to."""
WORDS = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
"""Entries that are read into memory, as what is said of the next one."""
_BROKEN = Text(
    "「{file}」不是完整的鸿雁备份（{why}），什么都没有改动。",
    "{file!r} is no whole backup of Hongyan ({why}); nothing was changed.",
)
_NEWER = Text(
    "「{file}」是更新的鸿雁（{version}）做的备份（格式 {found}，这里只到 {ours}）。"
    "请先升级鸿雁。什么都没有改动。",
    "{file!r} is a backup of a newer Hongyan, {version} (format {found}; this one knows {ours}). "
    "Update Hongyan first. Nothing was changed.",
)
_MISSING = Text("没有「{file}」这个文件。", "There is no file {file!r}.")
_UNREADABLE = Text("读不了「{file}」（{why}）。", "{file!r} cannot be read ({why}).")


@dataclass(frozen=True)
class Unpacked:
    """`at`: when the backup was made; `contents`: see Saved, "" in the older format, which did not compare.
    `rows`: of each table of the messages, as the backup says."""

    files: int
    at: float
    contents: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)


class _Entry(tarfile.TarInfo):
    """Of which nothing is believed that would take room without bytes in the archive."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Entry":
        entry = super().frombuf(buf, encoding, errors)
        if entry.type in WORDS and entry.size > LONGEST:
            raise ValueError("what is said of an entry is too long")
        return entry


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """Raises NotFound."""
    try:
        archive = file.open("rb")
    except OSError as e:
        missing = isinstance(e, FileNotFoundError)
        text = _MISSING.fill(file=str(file)) if missing else _UNREADABLE.fill(file=str(file), why=e.strerror)
        raise NotFound(text) from None
    with archive:
        yield archive


def unpack(archive: BinaryIO, name: str, fresh: Mapping[str, Path]) -> Unpacked:
    """Into these folders. Raises BadSettings, and OSError where it cannot be written.

    Only plain files below our folders are taken, whatever the archive says.
    """
    try:
        with (
            gzip.open(archive) as packed,
            tarfile.open(fileobj=packed, mode="r|", tarinfo=_Entry) as tar,
        ):
            entries = iter(tar)  # one alone: a stream is read once
            about = _about(tar, next(entries), name)
            roll, said = Roll(), None
            for entry in entries:
                if said is not None:
                    raise ValueError(f"{entry.name!r} comes after the end")
                if entry.name == CONTENTS:
                    said = _json(tar, entry)
                else:
                    roll.add(entry.name, _written(tar, entry, fresh))
            while packed.read(PIECE):
                pass  # to the end, where gzip compares its sum
            return _compared(about, roll, said)
    except BROKEN as e:
        raise BadSettings(_BROKEN.fill(file=name, why=str(e) or "?"), field="FILE") from None


def _about(tar: tarfile.TarFile, entry: tarfile.TarInfo, name: str) -> Mapping[str, Any]:
    said = _json(tar, entry) if entry.name == ABOUT else {}
    made = said.get("hongyan_backup")
    if type(made) is not int or made < 1:
        raise ValueError("no backup of this program")
    if made > FORMAT:
        version = as_it_is(str(said.get("version", "?"))[:40])
        text = _NEWER.fill(file=name, version=version, found=made, ours=FORMAT)
        raise BadSettings(text, field="FILE", code="version")
    return said


def _json(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> Mapping[str, Any]:
    content = tar.extractfile(entry) if entry.isreg() and entry.size < LONGEST else None
    said = json.loads(content.read()) if content else None
    if not isinstance(said, dict):
        raise ValueError(f"{entry.name!r} says nothing")
    return said


def _written(tar: tarfile.TarFile, entry: tarfile.TarInfo, fresh: Mapping[str, Path]) -> Digested:
    folder, *rest = PurePosixPath(entry.name).parts
    content = tar.extractfile(entry) if entry.isreg() and not entry.issparse() else None
    if content is None or folder not in fresh or not rest or ".." in rest:
        raise ValueError(f"{entry.name!r} does not belong there")
    target = fresh[folder].joinpath(*rest)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if shutil.disk_usage(target.parent).free < entry.size + SPARE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    digested = Digested(cast("BinaryIO", content))
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(cast("BinaryIO", digested), out, PIECE)
        out.flush()
        os.fsync(out.fileno())
    return digested


def _compared(about: Mapping[str, Any], roll: Roll, said: Mapping[str, Any] | None) -> Unpacked:
    at = float(about.get("at") or 0.0)
    if not math.isfinite(at):
        raise ValueError("it does not say when it was made")
    if about["hongyan_backup"] == 1:
        return Unpacked(roll.files, at)
    if said is None:
        raise ValueError("its end is missing")
    if said.get("files") != roll.files or said.get("contents") != roll.hex:
        raise ValueError("what is in it is not what was put into it")
    rows = said.get("rows")
    return Unpacked(roll.files, at, roll.hex, rows if isinstance(rows, dict) else {})
