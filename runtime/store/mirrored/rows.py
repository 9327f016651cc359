"""Files as rows of PostgreSQL: each with what is in it, and a number that grows with every change.

Whoever writes has the lock of the schema, so numbers become visible in their order: whoever has read up to
one misses none before it.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from runtime.store.database import Db
from runtime.store.mirrored import objects
from runtime.store.opening import Tables

TABLES = Tables(
    """create table if not exists files(
  name text primary key, content blob, key text not null default '', digest text not null,
  bytes integer not null, revision integer not null, at real not null);
create unique index if not exists files_in_order on files(revision);
create table if not exists former(name text not null, digest text not null, at real not null,
  primary key(name, digest)) without rowid;
create table if not exists facts(name text primary key, value text not null) without rowid;
"""
    + objects.TABLES
)
"""`files.content`: null where it is in an object, whose `key` it is, and once the file is gone; then `digest`
is "". `former`: what a file was before, so that an old copy of it is told from one that somebody wrote.
`facts`: see keys.py."""
NOW = "extract(epoch from clock_timestamp())"
NEXT = "(select coalesce(max(revision), 0) + 1 from files)"
FORGOTTEN = 30 * 86_400
"""Seconds for which it is known that a file is gone, and what was in it, to whoever was not there then."""


class Row(NamedTuple):
    name: str
    digest: str
    bytes: int
    revision: int
    at: float
    is_large: bool


class Content(NamedTuple):
    """`key`: of the object that has it; "" where `content` is all of it."""

    content: bytes
    key: str
    digest: str
    bytes: int


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(
    db: Db, name: str, content: bytes, *, key: str = "", at: float | None = None, former: bool = True
) -> float:
    """When it was written, in seconds since 1970: `at`, or by the database's clock. `key`: of the object that
    has the content; `former`: what the file was before is remembered. Raises StoreFailed: it was too late."""
    if former:
        _remember(db, name)
    if key:
        objects.have(db, key)
    objects.let_go(db, name, but=key)
    row = db.execute(
        "insert into files(name, content, key, digest, bytes, revision, at)"
        f" values(?,?,?,?,?,{NEXT},coalesce(?,{NOW}))"
        " on conflict(name) do update set content=excluded.content, key=excluded.key,"
        " digest=excluded.digest, bytes=excluded.bytes, revision=excluded.revision, at=excluded.at"
        " returning at",
        (name, None if key else content, key, digest_of(content), len(content), at),
    ).fetchone()
    return float(row[0])


def touch(db: Db, name: str) -> None:
    db.execute(f"update files set revision={NEXT}, at={NOW} where name=? and digest<>''", (name,))


def remove(db: Db, name: str, *, beside: bool, former: bool) -> None:
    """The file, or all below the folder; `beside`: and what goes on with a dot."""
    starts = [f"{name}/", *([f"{name}."] if beside else [])]
    below = " or ".join("substr(name, 1, ?)=?" for _ in starts)
    sql = f"select name from files where digest<>'' and (name=? or {below}) order by name"
    given = [word for start in starts for word in (len(start), start)]
    for (one,) in db.execute(sql, (name, *given)).fetchall():
        if former:
            _remember(db, one)
        objects.let_go(db, one)
        gone = f"content=null, key='', digest='', bytes=0, revision={NEXT}, at={NOW}"
        db.execute(f"update files set {gone} where name=?", (one,))
    db.execute(f"delete from files where digest='' and at < {NOW} - {FORGOTTEN}")
    db.execute(f"delete from former where at < {NOW} - {FORGOTTEN}")


def content(db: Db, name: str) -> Content | None:
    """None when there is no such file."""
    sql = "select content, key, digest, bytes from files where name=? and digest<>''"
    row = db.execute(sql, (name,)).fetchone()
    return None if row is None else Content(bytes(row[0] or b""), row[1], row[2], row[3])


def names(db: Db) -> Sequence[str]:
    """Of all that there are."""
    return [row[0] for row in db.execute("select name from files where digest<>''")]


def is_new(db: Db) -> bool:
    """Whether there never was a file."""
    return db.execute("select 1 from files limit 1").fetchone() is None


def was(db: Db, name: str, digest: str) -> bool:
    """Whether that is, or lately was, what is in the file."""
    sql = "select 1 from former where name=? and digest=?"
    now = "select 1 from files where name=? and digest=?"
    return db.execute(f"{sql} union all {now}", (name, digest, name, digest)).fetchone() is not None


def newer(db: Db, than: int, most: int) -> Sequence[Row]:
    sql = (
        "select name, digest, bytes, revision, at, key<>'' from files"
        " where revision>? order by revision limit ?"
    )
    return [Row(*row) for row in db.execute(sql, (than, most))]


def fact(db: Db, name: str) -> str:
    """ "" for none."""
    row = db.execute("select value from facts where name=?", (name,)).fetchone()
    return "" if row is None else str(row[0])


def put_fact(db: Db, name: str, value: str) -> None:
    sql = "insert into facts(name, value) values(?,?) on conflict(name) do update set value=excluded.value"
    db.execute(sql, (name, value))


def _remember(db: Db, name: str) -> None:
    db.execute(
        f"insert into former(name, digest, at) select name, digest, {NOW} from files"
        " where name=? and digest<>'' on conflict(name, digest) do update set at=excluded.at",
        (name,),
    )
