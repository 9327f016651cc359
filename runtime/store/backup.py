"""A whole installation in one file, taken while it runs; and put back, where nothing is sent unasked."""

import gzip
import io
import json
import os
import secrets
import shutil
import sqlite3
import tarfile
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from runtime.errors import BadSettings, NotFound
from runtime.files import disk
from runtime.lang import Text
from runtime.store.control.secrets import KEY_FILE
from runtime.store.database.place import url_of
from runtime.store.database.postgres_url import VARIABLE
from runtime.store.installation import MARKER
from runtime.store.messages.restored import hold
from runtime.store.messages.tables import TABLES
from runtime.store.opening import failed, open_store

FOLDERS = ("agents", "knowledge", "files", "data")
MESSAGES = "messages.db"
ABOUT = "hongyan-backup.json"
BROKEN = (EOFError, StopIteration, ValueError, AttributeError, tarfile.TarError, gzip.BadGzipFile, zlib.error)
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


@dataclass(frozen=True)
class PutBack:
    """`unfinished`: messages that wait for the owner's word. `aside`: where what was here before is now."""

    files: int
    unfinished: int
    aside: str


def back_up(home: Path, to: Path, now: float) -> Saved:
    """Write everything into one gzipped tar, 0600, whole or not at all.

    Messages are as they were at one moment; agents and settings are read right after. Raises NotSaved,
    StoreFailed, NotFound.
    """
    if not (home / "data").exists():
        raise NotFound(
            Text("「{home}」里还没有数据。", "There is nothing in {home!r} yet.").fill(home=str(home))
        )
    _only_files(home)
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


def put_back(home: Path, file: Path, now: float) -> PutBack:
    """Replace what is in `home`, which must not be running. What was there is moved aside, not removed.

    Raises BadSettings (no backup of ours, or a damaged one), StoreFailed and NotSaved: then nothing changed.
    """
    _only_files(home)
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    with ExitStack() as staged, disk(home):
        fresh = {folder: home / folder / f".restoring-{stamp}" for folder in FOLDERS}
        for place in fresh.values():
            place.mkdir(parents=True)
            staged.callback(shutil.rmtree, place, ignore_errors=True)
        count = _unpack(file, fresh)
        unfinished = _hold_messages(fresh["data"] / MESSAGES)
        for folder, place in fresh.items():
            _swap(home / folder, place, f".before-restore-{stamp}")
    return PutBack(count, unfinished, f".before-restore-{stamp}")


def _only_files(home: Path) -> None:
    """Raises BadSettings: a backup without the messages is none."""
    if url_of(home / "data" / MESSAGES):
        raise BadSettings(
            Text(
                "消息在 PostgreSQL 里，这里的备份和恢复只管文件里的消息。请用 pg_dump 和 pg_restore。",
                "The messages are in PostgreSQL; backup and restore here are for those in a file. "
                "Use pg_dump and pg_restore.",
            ),
            field=VARIABLE,
        )


def _write(home: Path, file: io.BufferedWriter, now: float) -> tuple[int, int]:
    count = messages = 0
    with (
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=3) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        _add(tar, ABOUT, json.dumps({"hongyan_backup": FORMAT, "at": now}).encode(), now)
        if (home / "data" / MESSAGES).exists():
            with _copied(home / "data" / MESSAGES) as copy:
                tar.add(copy, f"data/{MESSAGES}")
                messages = _count(copy)
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
    return count, messages


@contextmanager
def _copied(path: Path) -> Iterator[Path]:
    """A database at one moment, beside the writer and not in its way."""
    copy = path.with_name(f".new-{path.name}-{secrets.token_hex(4)}")
    try:
        with (
            closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
        copy.chmod(0o600)
        yield copy
    except sqlite3.Error as e:
        raise failed(path, e) from e
    finally:
        copy.unlink(missing_ok=True)


def _count(messages: Path) -> int:
    with closing(sqlite3.connect(messages)) as db:
        return int(db.execute("select count(*) from messages").fetchone()[0])


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


def _add(tar: tarfile.TarFile, name: str, content: bytes, at: float) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(content), int(at), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _unpack(file: Path, fresh: dict[str, Path]) -> int:
    """Raises BadSettings. Only plain files below our folders are taken, whatever the archive says."""
    count = 0
    try:
        with gzip.open(file) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            entries = iter(tar)  # one alone: a stream is read once
            first = next(entries)
            about = tar.extractfile(first) if first.name == ABOUT and first.size < 4096 else None
            if about is None or json.loads(about.read()).get("hongyan_backup") != FORMAT:
                raise ValueError("no backup of this program")
            for entry in entries:
                folder, *rest = PurePosixPath(entry.name).parts
                content = tar.extractfile(entry) if entry.isreg() else None
                if content is None or folder not in fresh or not rest or ".." in rest:
                    raise ValueError(f"{entry.name!r} does not belong there")
                target = fresh[folder].joinpath(*rest)
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                    shutil.copyfileobj(content, out)
                    out.flush()
                    os.fsync(out.fileno())
                count += 1
            while packed.read(1 << 20):
                pass  # to the end, where gzip compares its sum
    except FileNotFoundError:
        raise NotFound(
            Text("没有「{file}」这个文件。", "There is no file {file!r}.").fill(file=str(file))
        ) from None
    except BROKEN as e:
        raise BadSettings(
            Text(
                "「{file}」不是完整的鸿雁备份（{why}），什么都没有改动。",
                "{file!r} is no whole backup of Hongyan ({why}); nothing was changed.",
            ).fill(file=file.name, why=e),
            field="FILE",
        ) from None
    return count


def _hold_messages(path: Path) -> int:
    """Look whether SQLite finds them whole, bring them to this version, hold back what is unfinished."""
    if not path.exists():
        return 0
    try:
        with closing(open_store(path, TABLES)) as db:
            [found] = db.execute("pragma quick_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(found)
            db.execute("begin immediate")
            held = hold(db)
            db.execute("commit")
            return held
    except sqlite3.Error as e:
        raise failed(path, e) from e


def _swap(folder: Path, fresh: Path, aside: str) -> None:
    """By moving what is inside: the folder itself may be a mount of its own."""
    former = folder / aside
    former.mkdir(mode=0o700)
    for entry in list(folder.iterdir()):
        if not entry.name.startswith(".") and not entry.name.endswith(".lock"):
            entry.rename(former / entry.name)
    for entry in list(fresh.iterdir()):
        entry.rename(folder / entry.name)
    if not any(former.iterdir()):
        former.rmdir()
