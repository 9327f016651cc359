"""A schema of PostgreSQL that is left for another store, or made from one."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import asyncpg

from runtime.lang import Text
from runtime.store.database import Db, Work
from runtime.store.database.contents import ROWID, Step, contents, is_empty
from runtime.store.database.dialect import schema
from runtime.store.database.moving import Mark, read_mark
from runtime.store.database.postgres_as_file import LAST, SEQUENCE, ever, written
from runtime.store.database.postgres_failed import RAISED, failed, other
from runtime.store.database.postgres_locks import lock
from runtime.store.database.postgres_opening import (
    MARKER,
    MOVED,
    application,
    connected,
    prepared,
    triggers_of,
)
from runtime.store.database.postgres_url import Url
from runtime.store.database.session import Session
from runtime.store.database.sqlite_moving import UNCOUNTED
from runtime.store.opening import Tables

PATIENCE = 3600.0
"""Seconds that one step may take: what is large is made an index of."""
LONGEST = 40
"""Letters of a schema's name that stand in those beside it; PostgreSQL takes 63 in all."""
NUMBER = "number"
"""Row of the marker: what was given to it when messages came."""
_IN_USE = Text(
    "另一个程序正在把消息搬到这里",
    "another program is moving messages to here just now",
)
USERS = """select coalesce(host(client_addr), 'local') as host, count(*) as connections from pg_stat_activity
where datname=current_database() and application_name=? and pid<>pg_backend_pid() group by 1 order by 1"""


class PostgresMovable:
    def __init__(self, url: Url) -> None:
        self._url = url
        self._new = replace(url, schema=f"{url.schema[:LONGEST]}_moving")
        self.shown = url.shown

    def mark(self) -> Mark | None:
        text = self._about().get(MOVED)
        return read_mark(text) if text else None

    def put_mark(self, mark: Mark | None) -> None:
        with self._open(self._url) as session:
            session.run("begin")
            session.execute(f"delete from {MARKER} where name=?", (MOVED,))
            if mark:
                session.execute(f"insert into {MARKER}(name, value) values(?,?)", (MOVED, mark.written()))
            session.run("commit")

    def users(self) -> str:
        with self._open(self._url) as session:
            rows = session.execute(USERS, (application(self._url),)).fetchall()
        return ", ".join(f"{row['host']}: {row['connections']}" for row in rows)

    def number(self) -> int:
        about = self._about()
        return int(about.get(NUMBER, "1" if about else "0"))

    def is_empty(self, tables: Tables) -> bool:
        with self._open(self._url) as session:
            there = _tables(session, self._url)
            if MARKER not in there:
                return not there
            ours = [table for table in contents(tables) if table.name in there]
            return is_empty(session, ours, UNCOUNTED)

    @contextmanager
    def reading(self, tables: Tables) -> Iterator[Db]:
        prepared(self._url, tables, also_moved=True)
        with self._reading() as session:
            yield session

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        """At one moment."""
        with self._open(self._url) as session:
            session.run("begin isolation level repeatable read read only")
            session.run("set local idle_in_transaction_session_timeout=0")  # nobody waits for who only reads
            yield session
            session.run("commit")

    def copy_to(self, file: Path, tables: Tables) -> bool:
        version = int(self._about().get("version", tables.version))
        if version not in tables.steps:
            return False
        with self._reading() as session:
            names = _tables(session, self._url) & ever(tables)
            number = secrets.randbelow(2**31 - 1) + 1
            written(session, self._url, sorted(names), tables.of_instances, version, number, file)
        return True

    def counters(self, db: Db, tables: Tables) -> Mapping[str, int]:
        found = {}
        for table in contents(tables):
            if table.counted not in ("", ROWID):
                of = (self._url.schema, table.name, table.counted)
                found[table.name] = int(db.execute(LAST, of).fetchone()["last"] or 0)
        return found

    @contextmanager
    def building(self, tables: Tables, number: int) -> Iterator[tuple[Db, Step]]:
        with self._open(self._new) as session:
            if not session.execute("select pg_try_advisory_lock(?)", (self._lock(),)).fetchone()[0]:
                raise other(self._url, _IN_USE, "busy")
            about = _about(session, self._new)
            session.run("begin")
            if about.get(NUMBER) != str(number):
                session.run(f'drop schema if exists "{self._new.schema}" cascade')
                self._make(session, tables, number)
            session.run("commit")
            yield session, lambda work: session.step(partial(work, session))

    def become(self, tables: Tables, number: int, counters: Mapping[str, int], stamp: str) -> str:
        with self._open(self._new) as session:
            session.run("begin")
            session.run(triggers_of(tables))
            self._count(session, tables, counters)
            told = {
                "version": str(tables.version),
                "made": hashlib.sha256(tables.script.encode()).hexdigest(),
            }
            session.executemany(f"insert into {MARKER}(name, value) values(?,?)", list(told.items()))
            lock(session, self._url, "write")
            aside = self._put_aside(session, f"{self._url.schema[:LONGEST]}_before_{stamp}".lower())
            session.run(f'alter schema "{self._new.schema}" rename to "{self._url.schema}"')
            session.run("commit")
        return aside

    def call_off(self) -> None:
        with self._open(self._new) as session:
            if NUMBER in _about(session, self._new):
                session.run(f'drop schema "{self._new.schema}" cascade')

    def taken_back(self, tables: Tables, work: Work[int]) -> int:
        def both(db: Db) -> int:
            done = work(db)
            db.execute(f"delete from {MARKER} where name=?", (MOVED,))
            return done

        prepared(self._url, tables, also_moved=True)
        with self._open(self._url) as session:
            return int(session.step(partial(both, session)))

    def _make(self, session: Session, tables: Tables, number: int) -> None:
        session.run(f'create schema "{self._new.schema}"')
        session.run(f"create table {MARKER}(name text primary key, value text not null)")
        session.execute(f"insert into {MARKER}(name, value) values(?,?)", (NUMBER, str(number)))
        # without triggers: what is taken along is what was there, whatever came after what
        session.run(schema(tables.tables))

    def _count(self, session: Session, tables: Tables, counters: Mapping[str, int]) -> None:
        for table in contents(tables):
            if not table.counted:
                continue
            sql = f'select max("{table.counted}") as newest from "{table.name}"'
            newest = session.execute(sql).fetchone()["newest"] or 0
            if last := max(newest, counters.get(table.name, 0)):
                of = (self._new.schema, table.name, table.counted, last)
                session.execute(f"select setval({SEQUENCE}::regclass, ?)", of)

    def _put_aside(self, session: Session, aside: str) -> str:
        sql = "select 1 from pg_namespace where nspname=?"
        if session.execute(sql, (self._url.schema,)).fetchone() is None:
            return ""
        session.run("savepoint former")
        try:
            session.run(f'drop schema "{self._url.schema}" restrict')
            return ""
        except asyncpg.DependentObjectsStillExistError:
            session.run("rollback to former")
        free, number = aside, 2
        while session.execute(sql, (free,)).fetchone():  # two in one second
            free, number = f"{aside}_{number}", number + 1
        session.run(f'alter schema "{self._url.schema}" rename to "{free}"')
        return free

    def _about(self) -> Mapping[str, str]:
        with self._open(self._url) as session:
            return _about(session, self._url)

    def _lock(self) -> int:
        name = f"hongyan move {self._url.schema}".encode()
        return int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)

    @contextmanager
    def _open(self, url: Url) -> Iterator[Session]:
        session = connected(url, patience=PATIENCE, name="hongyan move")
        try:
            yield session
        except RAISED as e:
            raise failed(url, e) from e
        finally:
            with suppress(*RAISED):
                session.close()


def _about(session: Session, url: Url) -> Mapping[str, str]:
    if MARKER not in _tables(session, url):
        return {}
    return {row["name"]: row["value"] for row in session.execute(f"select name, value from {MARKER}")}


def _tables(session: Session, url: Url) -> set[str]:
    sql = "select tablename from pg_tables where schemaname=?"
    return {row["tablename"] for row in session.execute(sql, (url.schema,))}
