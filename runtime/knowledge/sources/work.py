"""What is being done to the sources of a base, and what came of it: kept beside its index, so that it goes on
after a crash, and seen by every process."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from runtime.knowledge.reading import Unread, Why
from runtime.store.opening import Tables, failed, open_store

State = Literal["waiting", "reading", "done", "failed", "cancelled"]
"""`failed`: nothing of it could be read. `done` may have pages that could not."""

TABLES = Tables("""
create table if not exists source(
  file text primary key, state text not null, mark text not null default '', digest text not null default '',
  size integer not null default -1, changed integer not null default 0, kind text not null default '',
  page integer not null default 0, pages integer not null default 0, passages integer not null default 0,
  sees text not null default '', cost real not null default 0, at real not null default 0
) without rowid;
create table if not exists unread(
  file text not null, place integer not null, page integer, why text not null,
  detail text not null default '',
  primary key(file, place)
) without rowid;
create table if not exists seen(
  file text not null, digest text not null, page integer not null, text text not null, cost real,
  primary key(file, digest, page)
) without rowid;
create table if not exists fetched(
  file text primary key, at real not null, why text not null default '', detail text not null default ''
) without rowid;
""")
"""`source.mark`: what was read, and how; `size` and `changed` of the file then, in bytes and nanoseconds.
`seen`: what a model saw on a page, which is paid for once."""
MOST_UNREAD = 200
"""That are kept of one source."""


@dataclass(frozen=True)
class Progress:
    """Of one source. `page` of `pages` is what is being read; 0 where there are no pages."""

    file: str
    state: State = "waiting"
    kind: str = ""
    page: int = 0
    pages: int = 0
    passages: int = 0
    cost: float = 0.0
    """US dollars that reading its pictures took."""
    at: float = 0.0
    unread: Sequence[Unread] = ()
    mark: str = ""
    digest: str = ""
    stamp: tuple[int, int] = (-1, 0)
    sees: str = ""

    @property
    def is_settled(self) -> bool:
        return self.state in ("done", "failed", "cancelled")


class Work:
    """Thread-safe; several processes may have it open. Every method may raise StoreFailed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = open_store(path, TABLES)
        self._db.executescript(
            "pragma secure_delete=on; pragma busy_timeout=10000; pragma synchronous=normal;"
        )
        self._lock = threading.Lock()

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def all(self) -> dict[str, Progress]:
        """By file. What could not be fetched counts among what was not read."""
        with self._asking() as db:
            unread: dict[str, list[Unread]] = {}
            for row in db.execute("select * from unread order by file, place"):
                one = Unread(cast(Why, row["why"]), row["page"], row["detail"])
                unread.setdefault(row["file"], []).append(one)
            for row in db.execute("select * from fetched where why<>''"):
                one = Unread(cast(Why, row["why"]), detail=row["detail"])
                unread.setdefault(row["file"], []).append(one)
            rows = db.execute("select * from source").fetchall()
        return {row["file"]: _progress(row, tuple(unread.get(row["file"], ()))) for row in rows}

    def begin(self, file: str, mark: str, digest: str, stamp: tuple[int, int], sees: str, now: float) -> None:
        """It is being read from now on."""
        sql = """insert into source(file,state,mark,digest,size,changed,sees,at)
                 values(?,'reading',?,?,?,?,?,?) on conflict(file) do update set state='reading',
                 mark=excluded.mark, digest=excluded.digest, size=excluded.size, changed=excluded.changed,
                 sees=excluded.sees, page=0, pages=0, at=excluded.at"""
        with self._asking() as db:
            db.execute(sql, (file, mark, digest, *stamp, sees, now))

    def goes_on(self, file: str, page: int, pages: int, kind: str) -> bool:
        """Where it is; whether it still should be read."""
        sql = "update source set page=?, pages=?, kind=? where file=? and state='reading'"
        with self._asking() as db:
            return db.execute(sql, (page, pages, kind, file)).rowcount > 0

    def end(
        self, file: str, state: State, unread: Sequence[Unread], passages: int, cost: float, now: float
    ) -> None:
        """Unless somebody cancelled it meanwhile."""
        sql = """update source set state=?, passages=?, cost=?, at=?, page=pages
                 where file=? and state<>'cancelled'"""
        with self._asking() as db:
            db.execute("begin immediate")
            try:
                db.execute("delete from unread where file=?", (file,))
                rows = ((file, place, one.page, one.why, one.detail) for place, one in enumerate(unread))
                db.executemany("insert into unread values(?,?,?,?,?)", list(rows)[:MOST_UNREAD])
                db.execute(sql, (state, passages, cost, now, file))
                db.execute("commit")
            except BaseException:
                if db.in_transaction:  # a full disk has taken it back already
                    db.execute("rollback")
                raise

    def stamped(self, file: str, stamp: tuple[int, int]) -> None:
        """The file was touched, and is the same."""
        with self._asking() as db:
            db.execute("update source set size=?, changed=? where file=?", (*stamp, file))

    def cancel(self, file: str) -> None:
        """It is not read, or no further; what was in the index stays there."""
        with self._asking() as db:
            db.execute("insert or ignore into source(file,state) values(?,'cancelled')", (file,))
            db.execute(
                "update source set state='cancelled' where file=? and state in ('waiting','reading')", (file,)
            )

    def again(self, file: str) -> None:
        """It is read anew."""
        with self._asking() as db:
            db.execute("update source set state='waiting', mark='', size=-1 where file=?", (file,))

    def see(self, file: str, digest: str, page: int, text: str, cost: float | None) -> None:
        with self._asking() as db:
            db.execute("insert or replace into seen values(?,?,?,?,?)", (file, digest, page, text, cost))

    def seen(self, file: str, digest: str) -> dict[int, tuple[str, float]]:
        """What a model saw already, by page, and what it cost."""
        with self._asking() as db:
            rows = db.execute("select * from seen where file=? and digest=?", (file, digest)).fetchall()
        return {row["page"]: (row["text"], row["cost"] or 0.0) for row in rows}

    def fetched(self, file: str, now: float, why: Why | Literal[""] = "", detail: str = "") -> None:
        """It was fetched, or could not be."""
        with self._asking() as db:
            db.execute("insert or replace into fetched values(?,?,?,?)", (file, now, why, detail))

    def fetches(self) -> dict[str, tuple[float, Unread | None]]:
        """By file, when it was last fetched, and what was wrong."""
        with self._asking() as db:
            rows = db.execute("select * from fetched").fetchall()
        return {
            row["file"]: (
                row["at"],
                Unread(cast(Why, row["why"]), detail=row["detail"]) if row["why"] else None,
            )
            for row in rows
        }

    def forget(self, *files: str) -> None:
        """To the last byte, as far as this database goes."""
        with self._asking() as db:
            for table in ("source", "unread", "seen", "fetched"):
                db.executemany(f"delete from {table} where file=?", [(file,) for file in files])
            db.execute("vacuum")
            db.execute("pragma wal_checkpoint(truncate)").fetchone()

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._db
            except sqlite3.Error as e:
                raise failed(self._path, e) from e


def _progress(row: sqlite3.Row, unread: Sequence[Unread]) -> Progress:
    return Progress(
        row["file"], row["state"], row["kind"], row["page"], row["pages"], row["passages"], row["cost"],
        row["at"], unread, row["mark"], row["digest"], (row["size"], row["changed"]), row["sees"],
    )  # fmt: skip
