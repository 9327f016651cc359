"""A schema of PostgreSQL as a place of messages: opened by a gateway, or looked into from beside."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import asyncpg

from runtime.errors import StoreFailed, TooSlow, Unreadable
from runtime.store.database import Database, Db, Outside
from runtime.store.database.postgres import PostgresDatabase, alone
from runtime.store.database.postgres_failed import RAISED, failed
from runtime.store.database.postgres_locks import lock
from runtime.store.database.postgres_opening import MARKER, connected, prepared
from runtime.store.database.postgres_url import Url
from runtime.store.database.session import Session
from runtime.store.database.sqlite_file import TOO_SLOW
from runtime.store.opening import Tables

SECONDS = 10.0
"""For one look from beside."""


class Beside:
    """A session in a thread of its own, so that it can be used where an event loop runs."""

    instance = 0
    """See instance_of."""

    def __init__(self, thread: ThreadPoolExecutor, session: Session, seconds: float | None) -> None:
        self._thread, self._session = thread, session
        self._ends = None if seconds is None else time.monotonic() + seconds

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        if self._ends is not None and time.monotonic() > self._ends:
            raise TooSlow(TOO_SLOW)
        return self._thread.submit(self._session.execute, sql, parameters).result()

    def executemany(self, sql: str, parameters: Any, /) -> None:
        self._thread.submit(self._session.executemany, sql, parameters).result()


class PostgresSchema:
    def __init__(self, url: Url) -> None:
        self._url = url

    def is_there(self) -> bool:
        sql = "select 1 from pg_tables where schemaname=? and tablename=?"
        try:
            with self.reading() as db:
                return db.execute(sql, (self._url.schema, MARKER)).fetchone() is not None
        except StoreFailed:
            return True  # whoever looks into it is told

    def open(self, tables: Tables, outside: Outside) -> Database:
        return PostgresDatabase(self._url, tables, outside)

    @contextmanager
    def reading(self) -> Iterator[Db]:
        with self._beside(SECONDS) as (_, beside):
            yield beside

    @contextmanager
    def looking(self, seconds: float) -> Iterator[Db]:
        try:
            with self._beside(seconds) as (_, beside):
                yield beside
        except StoreFailed as e:
            if isinstance(e.__cause__, asyncpg.QueryCanceledError):
                raise TooSlow(TOO_SLOW) from None
            raise Unreadable(e.text) from e

    @contextmanager
    def writing(self, tables: Tables, *, scrub: bool = False) -> Iterator[Db]:
        if not self.is_there():
            alone(lambda: prepared(self._url, tables))
        with self._beside(None) as (session, beside):
            session.run("begin")
            lock(beside, self._url, "write")
            yield beside
            session.run("commit")

    @contextmanager
    def _beside(self, seconds: float | None) -> Iterator[tuple["Script", Beside]]:
        with ThreadPoolExecutor(1, "beside") as thread:
            session = thread.submit(connected, self._url, seconds).result()
            try:
                yield Script(thread, session), Beside(thread, session, seconds)
            except RAISED as e:
                raise failed(self._url, e) from e
            finally:
                thread.submit(session.close).result()


class Script:
    """Statements without parameters, in that thread."""

    def __init__(self, thread: ThreadPoolExecutor, session: Session) -> None:
        self._thread, self._session = thread, session

    def run(self, script: str) -> None:
        self._thread.submit(self._session.run, script).result()
