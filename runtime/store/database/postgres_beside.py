"""Looks into a schema from beside whoever writes to it, where an event loop may run.

A connection is kept for a moment: the next look follows soon, and to connect takes longer than to look.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from runtime.errors import TooSlow
from runtime.store.database.postgres_failed import RAISED, failed
from runtime.store.database.postgres_locks import lock
from runtime.store.database.postgres_opening import connected
from runtime.store.database.postgres_url import Url
from runtime.store.database.sqlite_file import TOO_SLOW

SECONDS = 10.0
"""For one look."""
KEPT = 3
"""Connections that wait for a next look."""
IDLE, OLD = 20.0, 60.0
"""Seconds for which one does, and after which it is of no use: another schema may have its name by then."""


class Beside:
    """A session in a thread of its own."""

    instance = 0
    """See instance_of."""

    def __init__(self, url: Url, seconds: float | None = SECONDS) -> None:
        """`seconds`: of one that only reads. Raises StoreFailed."""
        self._thread = ThreadPoolExecutor(1, "beside")
        self.url, self.began, self.kept = url, time.monotonic(), 0.0
        self._ends: float | None = None
        name = "hongyan looks" if seconds else ""
        try:
            self._session = self._thread.submit(connected, url, seconds, name=name).result()
        except BaseException:
            self._thread.shutdown(wait=False)
            raise

    def begin(self, seconds: float) -> None:
        """One look, for so long at most."""
        self._ends = time.monotonic() + seconds
        self.run(f"set statement_timeout={max(1, int(seconds * 1000))}")

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        if self._ends is not None and time.monotonic() > self._ends:
            raise TooSlow(TOO_SLOW)
        return self._thread.submit(self._session.execute, sql, parameters).result()

    def executemany(self, sql: str, parameters: Any, /) -> None:
        self._thread.submit(self._session.executemany, sql, parameters).result()

    def run(self, script: str) -> None:
        """Statements without parameters."""
        self._thread.submit(self._session.run, script).result()

    def close(self) -> None:
        self._thread.submit(self._session.close)
        self._thread.shutdown(wait=False)


_free: deque[Beside] = deque(maxlen=KEPT)
_lock = threading.Lock()


@contextmanager
def looking(url: Url, seconds: float) -> Iterator[Beside]:
    """Raises StoreFailed, and TooSlow."""
    beside: Beside | None = None
    try:
        beside = _kept(url, seconds)
        if beside is None:
            beside = Beside(url)
            beside.begin(seconds)
        yield beside
    except BaseException as e:
        if beside is not None:
            beside.close()
        if isinstance(e, RAISED):
            raise failed(url, e) from e
        raise
    _keep(beside)


@contextmanager
def writing(url: Url) -> Iterator[Beside]:
    """One step, durable once it is left. Raises StoreFailed."""
    beside = Beside(url, None)
    try:
        beside.run("begin")
        lock(beside, url, "write")
        yield beside
        beside.run("commit")
    except RAISED as e:
        raise failed(url, e) from e
    finally:
        beside.close()


def _kept(url: Url, seconds: float) -> Beside | None:
    while True:
        with _lock:
            beside = next((one for one in _free if one.url == url), None)
            if beside is None:
                return None
            _free.remove(beside)
        try:
            if time.monotonic() - beside.began < OLD:
                beside.begin(seconds)
                return beside
        except RAISED:  # the server went away meanwhile, and may be there again
            pass
        beside.close()


def _keep(beside: Beside) -> None:
    with _lock:
        over = _free.popleft() if len(_free) == KEPT else None
        _free.append(beside)
        beside.kept = time.monotonic()
    if over is not None:
        over.close()
    timer = threading.Timer(IDLE, _let_go, (beside, beside.kept))
    timer.daemon = True
    timer.start()


def _let_go(beside: Beside, kept: float) -> None:
    with _lock:
        if beside.kept != kept or beside not in _free:
            return
        _free.remove(beside)
    beside.close()
