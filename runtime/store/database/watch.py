"""Notices when a SQLite file is no longer the one that is open: then what is written is lost."""

import os
import sys
import time
from pathlib import Path

from runtime.errors import StoreCode, StoreFailed
from runtime.lang import Text

MAGIC = b"SQLite format 3\0"
TRIES = 3
PAUSE = 0.02
"""Seconds between two looks at a file that seems cut: another process may be lengthening it just now."""


class Watch:
    """A look costs 5 µs. The file's own descriptor stays open as long as SQLite has it: closing one earlier
    would free the locks that this process holds (https://www.sqlite.org/howtocorrupt.html, 2.2)."""

    def __init__(self, path: Path, identity: int) -> None:
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._identity = identity.to_bytes(4, "big")
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._index = os.open(path.with_name(f"{path.name}-shm"), os.O_RDONLY | os.O_CLOEXEC)
        self._files = {file: _number(file) for file in (self._path, self._log)}

    def check(self, *, is_kept: bool = False) -> None:
        """Raises StoreFailed (`gone`, `replaced`) when what is written now would not be found at a start; and
        (`disk`) where the system does not let that be seen, unless it `is_kept` already."""
        try:
            self._look()
        except OSError as e:
            if is_kept:
                return
            raise _unseen(self._path, e.strerror or str(e)) from e

    def _look(self) -> None:
        for file, number in self._files.items():
            found = _number(file)
            if found is None:
                raise _lost(file, "gone", Text("不见了", "is gone"))
            if found != number:
                raise _lost(file, "replaced", Text("被换成了另一个文件", "was replaced by another file"))
        for left in reversed(range(TRIES)):
            problem = self._problem()
            if problem is None:
                return
            if not left:
                raise _lost(self._path, "replaced", problem)
            time.sleep(PAUSE)

    def close(self) -> None:
        os.close(self._descriptor)
        os.close(self._index)

    def _problem(self) -> Text | None:
        """Of the content, see https://www.sqlite.org/fileformat.html, 1.3."""
        head = os.pread(self._descriptor, 100, 0)
        if len(head) < 100:
            return Text("被清空了", "was emptied")
        if head[:16] != MAGIC or head[68:72] != self._identity:
            return Text("被写成了别的内容", "was overwritten with something else")
        size = int.from_bytes(head[16:18], "big")
        size = 65536 if size == 1 else size
        pages, there = int.from_bytes(head[28:32], "big"), os.fstat(self._descriptor).st_size // size
        if there < pages and not self._in_log(set(range(there + 1, pages + 1)), size):
            return Text("被截短了", "was cut")
        return None

    def _in_log(self, missing: set[int], size: int) -> bool:
        """Whether these pages are to be copied from the log yet: a disk that was full in the middle of that
        took the first page, which counts them all, and not the others. See
        https://www.sqlite.org/walformat.html, 2.1 (the log's index has the machine's own byte order)."""
        index = os.pread(self._index, 100, 0)
        last, copied = (int.from_bytes(index[at : at + 4], sys.byteorder) for at in (16, 96))
        with self._log.open("rb") as log:
            for frame in range(copied, last):
                log.seek(32 + frame * (24 + size))
                missing.discard(int.from_bytes(log.read(4), "big"))
        return not missing


def _number(file: Path) -> tuple[int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def _unseen(file: Path, why: str) -> StoreFailed:
    return StoreFailed(
        Text(
            "{file} 读不出来（{why}），没有保存。请检查磁盘和打开文件数的上限。",
            "{file} cannot be read ({why}); not saved. Check the disk, and the limit of open files.",
        ).fill(file=file, why=why),
        code="disk",
    )


def _lost(file: Path, code: StoreCode, what: Text) -> StoreFailed:
    return StoreFailed(
        Text(
            "{file} 在运行中{what}，新消息没有地方可存，已拒收。请停下程序，放回原文件或恢复备份，再启动。",
            "{file} {what} while the program runs, so new messages have no place and are refused. "
            "Stop the program, put the file back or restore a backup, and start again.",
        ).fill(file=file, what=what),
        code=code,
    )
