"""SQLite with one writer thread, where everything that waits shares one durable commit."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from runtime.errors import HongyanError
from runtime.lang import Text

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

BATCH = 500
"""Writes that share one commit at most."""


class StoreFailed(HongyanError):
    """Nothing of the write was kept: disk full, read-only, or an I/O error."""


@dataclass
class _Job:
    work: Work[Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: Any = None
    error: BaseException | None = None


class Database:
    """One file. `write` returns when its change is on the disk (WAL, synchronous=FULL)."""

    def __init__(self, path: Path, schema: str, version: int = 1) -> None:
        """Open or make the file. Raises StoreFailed: not writable, damaged, or of another version."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._connect()
            is_new = self._connection.execute("select count(*) from sqlite_master").fetchone()[0] == 0
            found = self._connection.execute("pragma user_version").fetchone()[0]
            if not is_new and found != version:
                raise _other_version(path, found, version)
            self._connection.executescript(f"{schema}; pragma user_version={version}")
        except sqlite3.Error as e:
            raise _failed(path, e) from e
        path.chmod(0o600)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_forever, name=f"write {path.name}", daemon=True)
        self._writer.start()
        self._reader = ThreadPoolExecutor(1, f"read {path.name}")
        self._reading: sqlite3.Connection | None = None

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=2, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.executescript("pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on;")
        return connection

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction shared with others; return its result once it is durable.

        An error inside `work` undoes only `work`. Raises StoreFailed when the disk refuses.
        """
        return await self.post(work)

    def post(self, work: Work[T]) -> "asyncio.Future[T]":
        """Like write, for whoever need not wait. Done in the order of asking."""
        loop = asyncio.get_running_loop()
        job = _Job(work, loop.create_future(), loop)
        self._jobs.put(job)
        return job.future

    async def read(self, work: Work[T]) -> T:
        """Run a query on a connection of its own, beside the writer."""
        return await asyncio.get_running_loop().run_in_executor(self._reader, self._read, work)

    def _read(self, work: Work[T]) -> T:
        if self._reading is None:
            self._reading = self._connect()
        try:
            return work(self._reading)
        except sqlite3.OperationalError as e:
            raise _failed(self.path, e) from e

    def close(self) -> None:
        """Finish what is queued and close. May block for as long as a commit takes."""
        self._jobs.put(None)
        self._writer.join()
        if self._reading is not None:
            self._reader.submit(self._reading.close)
        self._reader.shutdown()
        self._connection.close()

    def _write_forever(self) -> None:
        while (first := self._jobs.get()) is not None:
            jobs, more = [first], True
            while more and len(jobs) < BATCH:
                try:
                    following = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    self._jobs.put(None)
                    more = False
                else:
                    jobs.append(following)
            self._commit(jobs)
            for loop, settled in groupby(jobs, lambda job: job.loop):
                loop.call_soon_threadsafe(_settle, list(settled))

    def _commit(self, jobs: list[_Job]) -> None:
        connection = self._connection
        try:
            connection.execute("begin immediate")
            for job in jobs:
                _attempt(connection, job)
            connection.execute("commit")
        except sqlite3.Error as e:
            if connection.in_transaction:
                connection.execute("rollback")
            for job in jobs:
                job.error = _failed(self.path, e)


def _attempt(connection: sqlite3.Connection, job: _Job) -> None:
    connection.execute("savepoint job")
    try:
        job.result = job.work(connection)
    except sqlite3.OperationalError:
        raise  # the disk: the whole transaction is void
    except Exception as e:  # noqa: BLE001 # whatever it is, it belongs to whoever asked
        connection.execute("rollback to job")
        job.error = e
    connection.execute("release job")


def _settle(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.future.cancelled():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)


def _other_version(path: Path, found: int, ours: int) -> StoreFailed:
    """Never opened half-way: what another version wrote may mean something else."""
    return StoreFailed(
        Text(
            f"{path} 是另一个版本（{found}）的鸿雁写的，这个版本要 {ours}。请用那个版本，或移走它。",
            f"{path} was written by another version of Hongyan ({found}; this one needs {ours}). "
            "Run that version, or move the file away to start anew.",
        ),
        code="version",
    )


def _failed(path: Path, error: sqlite3.Error) -> StoreFailed:
    return StoreFailed(
        Text(
            f"写不进 {path}：{error}。请检查磁盘空间和权限。",
            f"Cannot write {path}: {error}. Check disk space and permissions.",
        ),
        code="store",
    )
