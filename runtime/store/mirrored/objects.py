"""Objects of a bucket as rows: expected, had by a file, left. See contents.py."""

from collections.abc import Sequence

from runtime.errors import StoreFailed
from runtime.lang import Text
from runtime.store.database import Db

TABLES = """create table if not exists objects(
  key text primary key, at real not null, gone integer not null default 0) without rowid;
"""
NOW = "extract(epoch from clock_timestamp())"
LONGEST = 3600.0
"""Seconds between an object's being expected and its having a row; after that nobody brings it any more."""
MOST = 100

STALE = f"at < {NOW} - {LONGEST} and not exists (select 1 from files where files.key=objects.key)"
TOO_LATE = Text("上传太久，没有保存，请再试一次。", "The upload took too long; not saved. Try again.")


def expect(db: Db, key: str) -> None:
    db.execute(f"insert into objects(key, at) values(?,{NOW})", (key,))


def have(db: Db, key: str) -> None:
    """Raises StoreFailed where it was given up meanwhile."""
    if db.execute("select 1 from objects where key=? and gone=0", (key,)).fetchone() is None:
        raise StoreFailed(TOO_LATE, code="busy")


def let_go(db: Db, name: str, but: str = "") -> None:
    """Of the file, which has something else from now on, or is gone; `but`: what it has from now on, or has
    already, where this is done a second time."""
    sql = "update objects set gone=1 where key<>? and key=(select key from files where name=?)"
    db.execute(sql, (but, name))


def are_there(db: Db) -> bool:
    return db.execute("select 1 from files where key<>'' limit 1").fetchone() is not None


def has_left(db: Db) -> bool:
    return db.execute(f"select 1 from objects where gone=1 or ({STALE}) limit 1").fetchone() is not None


def leave(db: Db) -> list[str]:
    """Some that no file has, nor will have after this."""
    db.execute(f"update objects set gone=1 where gone=0 and {STALE}")
    sql = "select key from objects where gone=1 order by key limit ?"
    return [row[0] for row in db.execute(sql, (MOST,))]


def forget(db: Db, keys: Sequence[str]) -> None:
    db.executemany("delete from objects where key=? and gone=1", [(key,) for key in keys])
