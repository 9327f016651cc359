"""SQLite with one writer thread, where everything that waits shares one durable commit."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar, TypeVar

from runtime.errors import StoreFailed
from runtime.store.database import Outside, Signs, Work, unwatched
from runtime.store.database.batches import Batches, Job
from runtime.store.database.patience import asked
from runtime.store.database.watch import Watch
from runtime.store.opening import Tables, connect, failed, identity, open_store

log = logging.getLogger(__name__)

T = TypeVar("T")

AGAIN = 0.5
"""Seconds after which it is tried again to empty the log."""
SMALL = 32 * 1024 * 1024
"""Bytes of a file that is written anew behind an erasure: everybody waits for it, 0.25 s at most…"""
REST = 10.0
"""…and so many seconds not again."""
ASKERS = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError, sqlite3.NotSupportedError)
"""Faults of what was asked, not of the store."""


class SqliteDatabase:
    """One file. `write` returns when its change is on the disk (WAL, synchronous=FULL)."""

    is_shared: ClassVar = False
    instance, leaves = 0, False
    schema = ""

    def __init__(self, path: Path, tables: Tables, outside: Outside = unwatched, small: int = SMALL) -> None:
        """Open or make the file. Raises StoreFailed, see open_store()."""
        self.path, self._small = path, small
        self._connection = open_store(path, tables)
        self._watch = Watch(path, identity(self._connection))
        self._scrub = False
        """What was deleted still stands in the log, since somebody read just then: tried again."""
        self._copies = False
        """…or perhaps between the rows of a page: the file is written anew as soon as that was long ago."""
        self._anew_at = float("-inf")
        self._batches = Batches(path.name, outside, self._commit, self._emptied)
        self._reader = ThreadPoolExecutor(1, f"read {path.name}")
        self._reading: sqlite3.Connection | None = None

    async def join(self, sql: str, name: str) -> None:
        """It is nobody else's."""

    def give_signs(self, signs: Signs) -> Callable[[], None]:
        """To nobody."""
        return lambda: None

    def check(self) -> None:
        """Raises StoreFailed when what is written now would be lost: the file is gone, replaced or cut."""
        self._watch.check()

    async def write(self, work: Work[T], *, scrub: bool = False) -> T:
        """Run `work` in a transaction shared with others; return its result once it is durable.

        `scrub`: and once the log is empty, in which stands what it deleted; when somebody reads just then,
        as soon as nobody does. An error inside `work` undoes only `work`.
        Raises StoreFailed when the disk refuses.
        """
        return await asked(lambda: self.post(work, scrub=scrub))

    def post(self, work: Work[T], *, scrub: bool = False) -> "asyncio.Future[T]":
        """Like write, for whoever need not wait. Done in the order of asking."""
        return self._batches.post(work, scrub=scrub)

    async def read(self, work: Work[T]) -> T:
        """Run a query on a connection of its own, beside the writer."""
        loop = asyncio.get_running_loop()
        return await asked(lambda: loop.run_in_executor(self._reader, self._read, work))

    def _read(self, work: Work[T]) -> T:
        self.check()
        try:
            if self._reading is None:
                self._reading = connect(self.path)
            return work(self._reading)
        except sqlite3.DatabaseError as e:
            raise failed(self.path, e) from e

    def close(self) -> None:
        """Finish what is queued and close. May block for as long as a commit takes."""
        self._batches.close()
        if self._reading is not None:
            self._reader.submit(self._reading.close)
        self._reader.shutdown()
        if self._copies:
            self._write_anew()
        self._connection.close()
        self._watch.close()

    def _commit(self, jobs: list[Job]) -> None:
        connection = self._connection
        try:
            connection.execute("begin immediate")
            self._batches.fill(jobs)
            for job in jobs:
                _attempt(connection, job)
            self.check()
            connection.execute("commit")
            self._watch.check(is_kept=True)  # what went into a file that nobody will find again is not kept
        except (sqlite3.Error, StoreFailed) as e:
            if connection.in_transaction:
                connection.execute("rollback")  # what cannot be told even that is told it before the next
            for job in jobs:
                job.error = failed(self.path, e) if isinstance(e, sqlite3.Error) else e

    def _emptied(self, jobs: list[Job]) -> float | None:
        if any(job.scrub and job.error is None for job in jobs):
            self._scrub = self._copies = True
        if self._copies and time.monotonic() - self._anew_at > REST:
            self._write_anew()
        if self._scrub:
            self._scrub = not scrubbed(self._connection)
        return AGAIN if self._scrub or self._copies else None

    def _write_anew(self) -> None:
        write_anew_if_small(self._connection, self._small)
        self._copies, self._scrub, self._anew_at = False, True, time.monotonic()


def write_anew_if_small(connection: sqlite3.Connection, small: int = SMALL) -> None:
    """SQLite overwrites what is deleted, but not the copies that it leaves between the rows of a page when it
    moves them to another. Those go when the file is written anew, for which everybody waits."""
    [pages] = connection.execute("pragma page_count").fetchone()
    [size] = connection.execute("pragma page_size").fetchone()
    if pages * size > small:
        return
    try:
        connection.execute("pragma temp_store=memory")  # no words in a file elsewhere
        connection.execute("vacuum")
    except sqlite3.Error as e:
        log.warning("copies of what was deleted may stand in the database for a while: %s", e)


def scrubbed(connection: sqlite3.Connection) -> bool:
    """Whether all of the log is in the file now, and the log empty; it is not while somebody reads."""
    [patience] = connection.execute("pragma busy_timeout").fetchone()
    try:
        connection.execute("pragma busy_timeout=50")  # whoever reads for long holds up nobody's message
        [busy, *_] = connection.execute("pragma wal_checkpoint(truncate)").fetchone()
    except sqlite3.Error as e:
        log.warning("what was deleted stands in the log of the database for a while: %s", e)
        return False
    finally:
        connection.execute(f"pragma busy_timeout={patience}")
    return not busy


def _attempt(connection: sqlite3.Connection, job: Job) -> None:
    connection.execute("savepoint job")
    try:
        job.result = job.work(connection)
    except Exception as e:  # whatever it is, it belongs to whoever asked
        if isinstance(e, sqlite3.DatabaseError) and not isinstance(e, ASKERS):
            raise  # the disk or the file: the whole transaction is void
        connection.execute("rollback to job")
        job.error = e
    connection.execute("release job")
