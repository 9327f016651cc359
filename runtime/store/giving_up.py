"""The messages of a home, and the files that several instances share, given up for good."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from runtime.errors import Conflict
from runtime.lang import Text, listed
from runtime.store.database import Db
from runtime.store.database.place import movable_at, url_of
from runtime.store.messages.tables import TABLES
from runtime.store.moving import refuse_users
from runtime.store.opening import columns_of

SHOWN = 5
AFTER = ("", "-wal", "-shm")
"""What stands behind the name of a database's file."""
FILES, OBJECTS = "_files", "objects"
"""End of the name of the schema that has them; its table that names those in a bucket."""
NOT_OURS = Text(
    "{shown} 里有不是鸿雁的表（{names}），所以不删：请自己删掉鸿雁的表。",
    "{shown} has tables that are not Hongyan's ({names}), so it is left: remove those of Hongyan yourself.",
)


def shown(path: Path) -> str:
    """Where the messages are, without a password; "" where that is a file of the home. Raises BadSettings."""
    return movable_at(url, path).shown if (url := url_of(path)) else ""


def refuse_living(path: Path) -> None:
    """Raises Conflict while somebody works with them."""
    if url := url_of(path):
        refuse_users(movable_at(url, path))


def give_up(path: Path) -> Sequence[str]:
    """The schemas that are gone, or files. Raises StoreFailed, Conflict: then nothing is changed."""
    if url := url_of(path):
        refuse_living(path)
        return _schemas(url)
    gone = [path.with_name(path.name + end) for end in AFTER]
    there = [one for one in gone if one.exists()]
    for one in there:
        one.unlink()
    return [one.name for one in there]


def large_files(path: Path) -> Sequence[str]:
    """Names in the bucket of large files that several instances share. Raises StoreFailed."""
    if not (url := url_of(path)):
        return []
    from runtime.store.database.postgres_failed import RAISED, failed
    from runtime.store.database.postgres_opening import connected
    from runtime.store.database.postgres_url import read

    at = read(url)
    schema = at.schema + FILES
    with closing(connected(at)) as session:
        try:
            if OBJECTS not in _tables(session, schema):
                return []
            rows = session.execute(f'select key from "{schema}".{OBJECTS} order by key').fetchall()
        except RAISED as e:
            raise failed(at, e) from e
    return [f"{schema}/{row[0]}" for row in rows]


def _schemas(url: str) -> Sequence[str]:
    """That of the messages and that of the files, where nobody else has tables in them."""
    from runtime.store.database.postgres_failed import RAISED, failed
    from runtime.store.database.postgres_opening import connected
    from runtime.store.database.postgres_url import read

    at = read(url)
    with closing(connected(at)) as session:
        try:
            found = [one for one in (at.schema, at.schema + FILES) if _tables(session, one)]
            if strange := _tables(session, at.schema) - ours():
                raise Conflict(NOT_OURS.fill(shown=at.shown, names=listed(sorted(strange)[:SHOWN])))
            session.run("begin")
            for one in found:
                session.run(f'drop schema "{one}" cascade')
            session.run("commit")
        except RAISED as e:
            raise failed(at, e) from e
    return found


def ours() -> frozenset[str]:
    """Every table that we make beside a server's own."""
    from runtime.store.database.postgres_opening import MARKER

    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(TABLES.tables)
        return frozenset({*columns_of(db), MARKER, "batches"})


def _tables(db: Db, schema: str) -> frozenset[str]:
    sql = "select tablename from pg_tables where schemaname=?"
    return frozenset(str(row[0]) for row in db.execute(sql, (schema,)))
