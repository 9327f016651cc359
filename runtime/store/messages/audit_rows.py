"""The rows of the audit log: a chain that only grows at its end, and is cut off at its beginning."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from runtime.store.database import Db, Row

NOW = (
    "select coalesce(/*postgresql: extract(epoch from clock_timestamp())::double precision, */ ?, 0.0) as now"
)
"""The database's clock, where several instances share one."""
Sealed = Callable[[int, float, str], tuple[str, str]]
"""The text of a record and its hash, by its number, the time, and the hash of the one before."""
BATCH = 500
MOST_NAMES = 500


@dataclass(frozen=True)
class Told:
    """Columns by which a record is found; all of them stand in its text too."""

    who: str
    what: str
    status: str


def clock(db: Db, now: float) -> float:
    """`now`: where the database has no clock of its own. Seconds since 1970."""
    return float(db.execute(NOW, (now,)).fetchone()["now"])


def append(db: Db, told: Told, sealed: Sealed, now: float) -> int:
    """Its number. Whoever appends waits for who came before: the order is the database's."""
    db.execute("insert into audit_head(id, number, hash) values(1, 0, '') on conflict do nothing")
    [head] = db.execute("update audit_head set number=number+1 where id=1 returning number, hash").fetchall()
    number, at = int(head["number"]), clock(db, now)
    record, hash = sealed(number, at, str(head["hash"]))
    sql = "insert into audit(number, at, who, what, status, record, hash) values(?,?,?,?,?,?,?)"
    db.execute(sql, (number, at, told.who, told.what, told.status, record, hash))
    db.execute("update audit_head set hash=? where id=1", (hash,))
    return number


def begin(db: Db, id: str, record: str, now: float) -> None:
    db.execute("insert into audit_begun(id, at, record) values(?,?,?)", (id, clock(db, now), record))


def end(db: Db, id: str) -> bool:
    """Whether nobody else ended it before."""
    return db.execute("delete from audit_begun where id=?", (id,)).rowcount > 0


def begun_before(db: Db, before: float) -> list[Row]:
    return db.execute("select id, record from audit_begun where at<? order by at", (before,)).fetchall()


def newest(db: Db, below: int, since: float, until: float, most: int) -> list[Row]:
    """The last one first, those below that number."""
    where = "number<? and at>=? and at<?"
    sql = f"select number, record, hash from audit where {where} order by number desc limit ?"
    return db.execute(sql, (below, since, until, most)).fetchall()


def counted(db: Db, column: Literal["who", "what"]) -> list[str]:
    """What stands there, the most frequent first; MOST_NAMES at most."""
    sql = f"select {column} as name, count(*) as n from audit group by {column} order by n desc, name limit ?"
    return [str(row["name"]) for row in db.execute(sql, (MOST_NAMES,)).fetchall()]


def chain(db: Db) -> Iterator[Row]:
    """All of it, from its beginning, as one moment saw each of its parts."""
    after = -1
    sql = "select * from audit where number>? order by number limit ?"
    while rows := db.execute(sql, (after, BATCH)).fetchall():
        yield from rows
        after = int(rows[-1]["number"])


def head(db: Db) -> tuple[int, str]:
    row = db.execute("select number, hash from audit_head where id=1").fetchone()
    return (int(row["number"]), str(row["hash"])) if row else (0, "")


def last_cut(db: Db) -> Row | None:
    found: Row | None = db.execute("select * from audit_cuts order by number desc limit 1").fetchone()
    return found


def ends_before(db: Db, before: float) -> Row | None:
    """The last record of those that are all older than that; None for none."""
    sql = "select min(number) as first from audit where at>=?"
    first = db.execute(sql, (before,)).fetchone()["first"]
    sql = "select number, hash from audit where number<? order by number desc limit 1"
    found: Row | None = db.execute(sql, (first if first is not None else 2**62,)).fetchone()
    return found


def cut(db: Db, last: Row, mark: str, now: float) -> None:
    """What comes up to that record goes; `mark`: proves that it was ours to do."""
    values: Sequence[object] = (last["number"], last["hash"], clock(db, now), mark)
    db.execute("insert into audit_cuts(number, hash, at, mark) values(?,?,?,?)", values)
    db.execute("delete from audit where number<=?", (last["number"],))
