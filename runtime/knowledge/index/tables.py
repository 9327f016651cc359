"""The file of one base: its tables, and how it is opened. What cannot be read is made anew, as it can be."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from runtime.files import disk, private
from runtime.store.opening import connect, failed

log = logging.getLogger(__name__)

VERSION = 1
"""Of the tables and of runtime.knowledge.index.terms: another way to cut words is another version."""

SCRIPT = """
create table source(
  id integer primary key autoincrement, name text not null unique, title text not null, digest text not null
);
create table tag(source integer not null, tag text not null, primary key(source, tag)) without rowid;
create table passage(
  id integer primary key autoincrement, source integer not null, place integer not null,
  text text not null, headings text not null, page integer, answer text,
  was text not null default '', off integer not null default 0
);
create unique index passage_place on passage(source, place);
create virtual table term using fts5(
  terms, content='', detail=none, columnsize=0, tokenize="ascii tokenchars '.'"
);
create table vector(
  id integer primary key autoincrement, passage integer not null unique, numbers blob not null
);
create table about(name text primary key, value text not null) without rowid;
"""
"""`passage.was`: the digest of its text before somebody edited it. `place`: among its source's.

A vector's number grows with time: who has read those up to one reads on from there. Its numbers are float16.
"""

DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA)


def open_file(path: Path) -> sqlite3.Connection:
    """For reading and writing. One of another version, or damaged, is replaced by an empty one, and the log
    says so. Raises StoreFailed, NotSaved."""
    with disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if why := _unusable(path):
            log.warning("%s is made anew from its sources: %s", path, why)
            erase(path)
        connection = connect(path)
        prepare(connection)
    except sqlite3.Error as e:
        raise failed(path, e) from e
    private(path, 0o600)
    return connection


def in_memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    prepare(connection)
    return connection


def prepare(connection: sqlite3.Connection) -> None:
    """What is deleted is overwritten. Two that open a new file at once make its tables once."""
    connection.executescript("pragma secure_delete=on; pragma busy_timeout=10000; pragma synchronous=normal;")
    connection.execute("begin immediate")
    try:
        if connection.execute("pragma user_version").fetchone()[0] != VERSION:
            for statement in SCRIPT.split(";\n"):
                connection.execute(statement)
            connection.execute(f"pragma user_version={VERSION}")
        connection.execute("commit")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def erase(path: Path) -> None:
    """The file, and what SQLite keeps beside it."""
    for end in ("-wal", "-shm", ""):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _unusable(path: Path) -> str:
    """Why a file that is there cannot be used; "" when it can."""
    if not path.exists() or path.stat().st_size == 0:
        return ""
    try:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            version = connection.execute("pragma user_version").fetchone()[0]
            empty = not connection.execute("select count(*) from sqlite_master").fetchone()[0]
            if version != VERSION and not empty:
                return f"it is of version {version}, not {VERSION}"
            if not empty:
                connection.execute("select count(*) from source, tag, about, vector").fetchone()
                connection.execute("select rowid from term where term match 'a' limit 1").fetchone()
    except sqlite3.Error as e:
        code = getattr(e, "sqlite_errorcode", 0) & 0xFF
        if code in DAMAGED:
            return f"it is damaged ({e})"
        raise
    return ""
