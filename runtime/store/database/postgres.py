"""PostgreSQL with one writer thread, where everything that waits shares one durable commit.

Writers of several programs go one after the other: each transaction first takes the lock of its schema, as
SQLite's takes that of the file. So whatever was read in a transaction still holds when it writes.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from typing import ClassVar, TypeVar

from runtime.errors import StoreFailed
from runtime.store.database import Outside, Signs, Work, unwatched
from runtime.store.database.batches import Batches, Job
from runtime.store.database.patience import asked
from runtime.store.database.postgres_abreast import done_abreast, of_many_people
from runtime.store.database.postgres_failed import AGAIN, RAISED, STORE, failed, given_up, is_lost
from runtime.store.database.postgres_locks import lock_name
from runtime.store.database.postgres_marks import Marks
from runtime.store.database.postgres_opening import connected, prepared
from runtime.store.database.postgres_signs import PostgresSigns
from runtime.store.database.postgres_url import Url
from runtime.store.database.session import Session
from runtime.store.opening import Tables

log = logging.getLogger(__name__)

T = TypeVar("T")

READERS = 2
READ_SECONDS = 10.0
PATIENCE = 2.0
"""Seconds for which a connection is looked for, before a write is refused."""
UNDECIDED = 60.0
"""Seconds for which it is asked whether a commit came about whose answer was lost."""
PAUSE = 0.1
MOST_TRIES = 10


class PostgresDatabase:
    """One schema. `write` returns when its change is durable where the server says so."""

    is_shared: ClassVar = True

    def __init__(self, url: Url, tables: Tables, outside: Outside = unwatched) -> None:
        """Raises StoreFailed, see postgres_opening.prepared."""
        self.instance, self.leaves = 0, False
        self._url = url
        alone(lambda: prepared(url, tables))
        self._writing: Session | None = None
        self._marks = Marks()
        self._reading = threading.local()
        self._sessions: list[Session] = []
        self._trouble: tuple[float, StoreFailed] | None = None
        self._reader = ThreadPoolExecutor(READERS, f"read {url.schema}")
        self._batches = Batches(url.schema, outside, self._commit, lambda jobs: None)

    @property
    def schema(self) -> str:
        return self._url.schema

    async def join(self, sql: str, name: str) -> None:
        """On a connection of its own: as what we were, nothing may be written any more."""

        def work() -> int:
            try:
                with closing(connected(self._url)) as session:
                    return int(session.execute(sql, (name,)).fetchone()["id"])
            except RAISED as e:
                raise failed(self._url, e) from e

        self.instance = await asyncio.get_running_loop().run_in_executor(self._reader, work)

    def give_signs(self, signs: Signs) -> Callable[[], None]:
        return PostgresSigns(self._url, signs).end

    def check(self) -> None:
        """Raises StoreFailed when nothing could be written just now."""
        if self._trouble and time.monotonic() - self._trouble[0] < PATIENCE:
            raise self._trouble[1]

    async def write(self, work: Work[T], *, scrub: bool = False) -> T:
        """Run `work` in a transaction shared with others. An error inside `work` undoes only `work`, which
        may run more than once, but counts once. Raises StoreFailed. `scrub`: vacuum does that, later."""
        return await asked(lambda: self.post(work, scrub=scrub))

    def post(self, work: Work[T], *, scrub: bool = False) -> "asyncio.Future[T]":
        return self._batches.post(work, scrub=scrub)

    async def read(self, work: Work[T]) -> T:
        """Beside the writer, on one of a few connections."""
        loop = asyncio.get_running_loop()
        return await asked(lambda: loop.run_in_executor(self._reader, self._read, work))

    def close(self) -> None:
        self._batches.close()
        self._reader.shutdown()
        alone(self._close)

    def _close(self) -> None:
        if self._writing is not None:
            with suppress(*RAISED):  # one more row, for a day
                self._marks.forget(self._writing)
        for session in (*self._sessions, self._writing):
            _drop(session)

    def _read(self, work: Work[T]) -> T:
        for left in (1, 0):
            session: Session | None = getattr(self._reading, "session", None)
            try:
                if session is None or not session.is_open:
                    session = self._reading.session = connected(self._url, READ_SECONDS)
                    self._sessions.append(session)
                session.plan_anew()
                return session.whole(partial(work, session))
            except RAISED as e:
                if not left or not (is_lost(e) or isinstance(e, AGAIN)):
                    raise failed(self._url, e) from e
                if session is not None:
                    self._sessions.remove(session)
                    _drop(session)
        raise AssertionError  # the second time it returned, or raised

    def _commit(self, jobs: list[Job]) -> None:
        began, careful, tries = time.monotonic(), False, 0
        while True:
            tries += 1
            try:
                if self._try(jobs, careful=careful):
                    break
                careful = True
                continue
            except StoreFailed as e:  # no connection
                failure, again = e, e.code == "gone"
            except RAISED as e:
                failure = failed(self._url, e)
                again = is_lost(e) or (isinstance(e, AGAIN) and tries <= MOST_TRIES)
            self._give_up()
            if not again or time.monotonic() > began + (UNDECIDED if self._marks.in_doubt else PATIENCE):
                self._refuse(jobs, failure)
                return
            if tries > 1:
                time.sleep(PAUSE)
        self._trouble = None

    def _try(self, jobs: list[Job], *, careful: bool) -> bool:
        """Whether all is committed that can be; else it is to be done again, `careful`: each for itself."""
        session = self._session()
        return session.whole(lambda: self._transaction(session, jobs, careful=careful))

    def _transaction(self, session: Session, jobs: list[Job], *, careful: bool) -> bool:
        session.run("begin")
        if self._marks.in_doubt and self._marks.came_about(session, lock_name(self._url, "write")):
            log.warning("the answer to a commit was lost: it came about")
            session.run("rollback")
            return True
        self._begin(session)
        if not careful:
            self._batches.fill(jobs)
        for job in jobs:
            job.result = job.error = None
        if not careful and not _done(session, jobs):
            session.run("rollback")
            return len(jobs) == 1
        if careful:
            _done_each(session, jobs)
        self._end(session)
        return True

    def _begin(self, session: Session) -> None:
        """Raises StoreFailed where we may not write any more."""
        session.instance, session.leaves = self.instance, self.leaves
        if not self._marks.leave(session, lock_name(self._url, "write"), session.instance):
            raise given_up(self._url)

    def _end(self, session: Session) -> None:
        try:
            session.run("commit")
        except Exception as e:
            self._marks.in_doubt = is_lost(e)
            raise

    def _session(self) -> Session:
        if self._writing is not None and not self._writing.is_open:
            self._give_up()
        if self._writing is None:
            self._writing = connected(self._url)
        self._writing.plan_anew()
        return self._writing

    def _give_up(self) -> None:
        _drop(self._writing)
        self._writing = None

    def _refuse(self, jobs: list[Job], error: StoreFailed) -> None:
        if self._marks.in_doubt:
            self._marks.in_doubt = False
            error = StoreFailed(error.text, code="disk")  # it may have come about: it is not done again
        self._trouble = time.monotonic(), error
        for job in jobs:
            job.result, job.error = None, error


def _done(session: Session, jobs: list[Job]) -> bool:
    """False: one failed, and nothing of the transaction is kept. The only one has its error."""
    for some in of_many_people(jobs):
        try:
            results = done_abreast(session, [job.work for job in some])
        except Exception as e:
            if _is_of_the_store(e):
                raise
            some[0].error = e
            return False
        for job, result in zip(some, results, strict=True):
            job.result = result
    return True


def _done_each(session: Session, jobs: list[Job]) -> None:
    """What fails is undone by itself."""
    for job in jobs:
        session.run("savepoint job")
        try:
            job.result = job.work(session)
        except Exception as e:
            if _is_of_the_store(e):
                raise
            job.error = e
            session.run("rollback to job")
        session.run("release job")


def _is_of_the_store(error: Exception) -> bool:
    """Everything else, whatever it is, belongs to whoever asked."""
    return is_lost(error) or isinstance(error, (*AGAIN, *STORE))


def _drop(session: Session | None) -> None:
    if session is not None:
        with suppress(Exception):  # it is of no use any more, whatever is wrong with it
            session.close()


def alone(work: Callable[[], T]) -> T:
    """In a thread without an event loop, waited for."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()
