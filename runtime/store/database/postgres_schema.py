"""A schema of PostgreSQL as a place of messages: opened by a gateway, or looked into from beside."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import asyncpg

from runtime.errors import StoreFailed, TooSlow, Unreadable
from runtime.store.database import Database, Db, Outside
from runtime.store.database.postgres import PostgresDatabase, alone
from runtime.store.database.postgres_beside import SECONDS, looking, writing
from runtime.store.database.postgres_failed import RAISED, failed
from runtime.store.database.postgres_opening import MARKER, connected, prepared
from runtime.store.database.postgres_url import Url
from runtime.store.database.sqlite_file import TOO_SLOW
from runtime.store.opening import Tables


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
        with looking(self._url, SECONDS) as beside:
            yield beside

    @contextmanager
    def looking(self, seconds: float) -> Iterator[Db]:
        try:
            with looking(self._url, seconds) as beside:
                yield beside
        except StoreFailed as e:
            if isinstance(e.__cause__, asyncpg.QueryCanceledError):
                raise TooSlow(TOO_SLOW) from None
            raise Unreadable(e.text) from e

    def write_anew(self) -> None:
        alone(lambda: _written_anew(self._url))

    @contextmanager
    def writing(self, tables: Tables, *, scrub: bool = False) -> Iterator[Db]:
        if not self.is_there():
            alone(lambda: prepared(self._url, tables))
        with writing(self._url) as beside:
            yield beside


def _written_anew(url: Url) -> None:
    """What vacuum alone frees stands in the pages until something else is written there."""
    tables = "select tablename from pg_tables where schemaname=? order by tablename"
    with closing(connected(url)) as session:
        try:
            for row in session.execute(tables, (url.schema,)).fetchall():
                session.run(f'vacuum (full) "{url.schema}"."{row[0]}"')
        except RAISED as e:
            raise failed(url, e) from e
        for last in ("select pg_switch_wal()", "checkpoint"):
            with suppress(*RAISED):  # not everybody's database lets its user do that: it does so itself later
                session.run(last)
