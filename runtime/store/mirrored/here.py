"""One at a time in a home's folder: what is written in it and what comes into it do not cross.

The processes on the folder, and the threads of each.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.errors import NotSaved
from runtime.files import disk
from runtime.lang import Text
from runtime.store.mirrored.line import patience

LOOK = 0.005
BUSY = Text(
    "「{file}」没有保存：正在等数据库。请过几秒再试。",
    "{file!r} is not saved: the database is waited for. Try again in some seconds.",
)


class Here:
    """Whoever has it may take it again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.RLock()
        self._depth = 0
        self._descriptor = -1

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Raises NotSaved where it is not to be had in time."""
        ends = time.monotonic() + patience()
        if not self._threads.acquire(timeout=patience()):
            raise self._busy()
        try:
            if not self._depth:
                self._take(ends)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if not self._depth:
                    os.close(self._descriptor)
        finally:
            self._threads.release()

    def _take(self, ends: float) -> None:
        with disk(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                while not _is_free(descriptor):
                    if time.monotonic() > ends:
                        raise self._busy()
                    time.sleep(LOOK)
            except BaseException:
                os.close(descriptor)
                raise
        self._descriptor = descriptor

    def _busy(self) -> NotSaved:
        return NotSaved(BUSY.fill(file=self._path.name))


def _is_free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
