"""The connection of a mirror: steps in a transaction, locks for a moment, and who tells of a change."""

import asyncio
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TypeVar

from runtime.errors import StoreFailed
from runtime.store.database import Db
from runtime.store.database.postgres_failed import RAISED, failed, is_lost
from runtime.store.database.postgres_locks import lock
from runtime.store.database.postgres_opening import connected, listening
from runtime.store.database.postgres_url import Url
from runtime.store.database.session import Session

log = logging.getLogger(__name__)
T = TypeVar("T")

REST = 2.0
"""Seconds for which nothing is asked of a database that could not be reached: who waits is told at once."""
PAUSE = 0.02
PATIENCE = 10.0
"""Seconds for which a lock is waited for."""
LONGEST = 40.0
"""Seconds for which anything is waited for; a statement ends before."""
ON_A_LOOP = 0.25
"""The same where an event loop would stand still: others are to be answered."""


def patience() -> float:
    """Seconds that whoever asks may be kept."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return LONGEST
    return ON_A_LOOP


def _nobody() -> None:
    """Is there to be woken."""


class Line:
    """Every method blocks, in any thread, also where an event loop runs. Raises StoreFailed."""

    def __init__(self, url: Url) -> None:
        self._url = url
        self._thread = ThreadPoolExecutor(1, f"files {url.schema}")
        self._session: Session | None = None
        self._rests: tuple[float, StoreFailed] | None = None
        self._hurried = 0.0
        """Until when nothing is waited for on an event loop."""
        self._held = set[int]()
        self._lost = set[int]()
        """Numbers of locks that went with a connection: nothing is written before their holders know."""
        self._number = 0
        self._over = threading.Event()
        self._wake: Callable[[], object] = _nobody

    def step(self, work: Callable[[Db], T], *, is_long: bool = False) -> T:
        """Done whole or not at all, by one at a time; whoever listens hears of it. `is_long`: it may take
        minutes."""
        return self._done(lambda: self._step(work), is_long=is_long)

    def look(self, work: Callable[[Db], T]) -> T:
        return self._done(lambda: work(self._connected()))

    @contextmanager
    def locked(self, name: str, *, wait: bool) -> Iterator[bool]:
        """Whether it is ours alone of all that are connected."""
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        ends, number = time.monotonic() + min(PATIENCE, patience()), 0
        while not (number := self._done(lambda: self._lock(key), late=lambda late: self._unlock(key, late))):
            if not wait or time.monotonic() > ends:
                break
            time.sleep(PAUSE)
        if not number and wait:
            raise self._busy()
        try:
            yield bool(number)
        finally:
            if number:
                with suppress(TimeoutError):  # in its turn
                    self._thread.submit(self._unlock, key, number).result(patience())

    def follow(self, heard: Callable[[], None], every: float) -> None:
        """Call `heard` whenever something may have changed, until end(). For a thread of its own."""
        while not self._over.is_set():
            with suppress(StoreFailed, *RAISED):  # whoever writes tells of it
                asyncio.run(self._follow(heard, every))
            self._over.wait(REST)

    def end(self) -> None:
        """Nothing is followed any more."""
        self._over.set()
        self._wake()

    def close(self) -> None:
        self._thread.submit(self._drop).result()
        self._thread.shutdown()

    async def _follow(self, heard: Callable[[], None], every: float) -> None:
        woken, loop = asyncio.Event(), asyncio.get_running_loop()
        connection = await listening(self._url, self._url.schema, lambda _: woken.set())
        try:
            self._wake = lambda: loop.call_soon_threadsafe(woken.set)
            while not self._over.is_set() and not connection.is_closed():
                await asyncio.to_thread(heard)
                with suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), every)
                woken.clear()
        finally:
            self._wake = _nobody
            connection.terminate()

    def _done(
        self, work: Callable[[], T], late: Callable[[T], None] | None = None, *, is_long: bool = False
    ) -> T:
        """`late`: what is done with the result when nobody waits for it any more."""
        longest = patience()
        if longest == ON_A_LOOP and time.monotonic() < self._hurried:
            raise self._busy()
        job = self._thread.submit(self._tried, work)
        try:
            return job.result(None if is_long else longest)
        except TimeoutError:
            if longest == ON_A_LOOP:
                self._hurried = time.monotonic() + REST
            if not job.cancel() and late:
                job.add_done_callback(lambda job: _had(job, late))
            raise self._busy() from None

    def _busy(self) -> StoreFailed:
        return StoreFailed(failed(self._url, TimeoutError()).text, code="busy")

    def _tried(self, work: Callable[[], T]) -> T:
        if self._rests and time.monotonic() < self._rests[0]:
            raise self._rests[1]
        for left in (1, 0):
            try:
                return work()
            except RAISED as e:
                self._drop()
                if not left or not is_lost(e):
                    raise self._resting(failed(self._url, e), is_lost(e)) from e
            except StoreFailed as e:
                raise self._resting(e, e.code == "gone") from e
        raise AssertionError  # the second time it returned, or raised

    def _resting(self, error: StoreFailed, is_gone: bool) -> StoreFailed:
        self._rests = (time.monotonic() + REST, error) if is_gone else None
        return error

    def _step(self, work: Callable[[Db], T]) -> T:
        session = self._connected()
        if self._lost:
            raise StoreFailed(failed(self._url, ConnectionError()).text, code="busy")

        def alone() -> T:
            lock(session, self._url, "write")
            done = work(session)
            session.execute("select pg_notify(?, '')", (self._url.schema,))
            return done

        return session.step(alone)

    def _lock(self, key: int) -> int:
        """A number, or 0 where somebody else has it."""
        sql = "select pg_try_advisory_lock(?::bigint)"
        if not self._connected().execute(sql, (key,)).fetchone()[0]:
            return 0
        self._number += 1
        self._held.add(self._number)
        return self._number

    def _unlock(self, key: int, number: int) -> None:
        if number in self._held:
            self._held.discard(number)
            with suppress(StoreFailed, *RAISED):  # it goes with the connection
                self._connected().execute("select pg_advisory_unlock(?::bigint)", (key,))
        self._lost.discard(number)

    def _connected(self) -> Session:
        if self._session is not None and not self._session.is_open:
            self._drop()
        if self._session is None:
            self._session = connected(self._url)
        return self._session

    def _drop(self) -> None:
        self._lost |= self._held
        self._held.clear()
        if self._session is not None:
            with suppress(Exception):  # it is of no use any more, whatever is wrong with it
                self._session.close()
        self._session = None


def _had(job: Future[T], late: Callable[[T], None]) -> None:
    if job.exception() is None:
        late(job.result())
