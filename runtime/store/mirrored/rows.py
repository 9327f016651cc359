"""Files as rows of PostgreSQL: each with what is in it, and a number that grows with every change.

Whoever writes has the lock of the schema, so numbers become visible in their order: whoever has read up to
one misses none before it.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from runtime.store.database import Db
from runtime.store.opening import Tables

TABLES = Tables(
    """create table if not exists files(
  name text primary key, content blob, digest text not null, bytes integer not null,
  revision integer not null, at real not null);
create unique index if not exists files_in_order on files(revision);
"""
)
"""`content`: null once the file is gone; then `digest` is ""."""
NOW = "extract(epoch from clock_timestamp())"
NEXT = "(select coalesce(max(revision), 0) + 1 from files)"
FORGOTTEN = 30 * 86_400
"""Seconds for which it is known that a file is gone, to whoever was not there then."""


class Row(NamedTuple):
    name: str
    digest: str
    revision: int
    at: float


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(db: Db, name: str, content: bytes) -> None:
    db.execute(
        f"insert into files(name, content, digest, bytes, revision, at) values(?,?,?,?,{NEXT},{NOW})"
        " on conflict(name) do update set content=excluded.content, digest=excluded.digest,"
        " bytes=excluded.bytes, revision=excluded.revision, at=excluded.at",
        (name, content, digest_of(content), len(content)),
    )


def touch(db: Db, name: str) -> None:
    db.execute(f"update files set revision={NEXT}, at={NOW} where name=? and digest<>''", (name,))


def remove(db: Db, name: str) -> None:
    """The file, or all below the folder."""
    below = "select name from files where digest<>'' and (name=? or substr(name, 1, ?)=?) order by name"
    for (one,) in db.execute(below, (name, len(name) + 1, f"{name}/")).fetchall():
        db.execute(
            f"update files set content=null, digest='', bytes=0, revision={NEXT}, at={NOW} where name=?",
            (one,),
        )
    db.execute(f"delete from files where digest='' and at < {NOW} - {FORGOTTEN}")


def content(db: Db, name: str) -> bytes | None:
    row = db.execute("select content from files where name=?", (name,)).fetchone()
    return None if row is None or row[0] is None else bytes(row[0])


def names(db: Db) -> Sequence[str]:
    """Of all that there are."""
    return [row[0] for row in db.execute("select name from files where digest<>''")]


def newer(db: Db, than: int, most: int) -> Sequence[Row]:
    sql = "select name, digest, revision, at from files where revision>? order by revision limit ?"
    return [Row(*row) for row in db.execute(sql, (than, most))]
