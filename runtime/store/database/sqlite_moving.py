"""A SQLite file that is left for another store, or made from one."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from runtime.files import disk, private, write_here
from runtime.store.database import Db, Work
from runtime.store.database.contents import Step, contents, is_empty
from runtime.store.database.moving import Mark, read_mark
from runtime.store.opening import Tables, connect, failed, identity, open_store

MARK = ".moved"
"""End of the name of the file that says where the messages went."""
BESIDE = ("", "-wal", "-shm")
UNCOUNTED = ("facts",)
"""Tables that a program fills which took no message yet."""


class SqliteMovable:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._new = path.with_name(f".moving-{path.name}")
        self._mark = mark_of(path)
        self.shown = str(path)

    def mark(self) -> Mark | None:
        return marked(self._path)

    def put_mark(self, mark: Mark | None) -> None:
        if mark is None:
            with disk(self._mark):
                self._mark.unlink(missing_ok=True)
        else:
            write_here(self._mark, mark.written().encode(), 0o600)

    def users(self) -> str:
        return ""  # the locks of its folder tell

    def number(self) -> int:
        if not self._path.exists():
            return 0
        with _sqlite(self._path), closing(_read_only(self._path)) as db:
            return identity(db) or 1

    def is_empty(self, tables: Tables) -> bool:
        if not self._path.exists() or not self._path.stat().st_size:
            return True
        with _sqlite(self._path), closing(_read_only(self._path)) as db:
            there = {row[0] for row in db.execute("select name from sqlite_master where type='table'")}
            ours = [table for table in contents(tables) if table.name in there]
            known = {"sqlite_sequence", *tables.of_instances, *(table.name for table in ours)}
            return there <= known and is_empty(db, ours, UNCOUNTED)

    @contextmanager
    def reading(self, tables: Tables) -> Iterator[Db]:
        open_store(self._path, tables).close()
        with _sqlite(self._path), closing(_read_only(self._path)) as db:
            db.execute("begin")
            yield db

    def copy_to(self, file: Path, tables: Tables) -> bool:
        copy_file(self._path, file)
        return True

    def counters(self, db: Db, tables: Tables) -> Mapping[str, int]:
        return dict(map(tuple, db.execute("select name, seq from sqlite_sequence")))

    @contextmanager
    def building(self, tables: Tables, number: int) -> Iterator[tuple[Db, Step]]:
        if self._new.exists() and not self._is_ours(number):
            self.call_off()
        with _sqlite(self._new):
            is_new = not self._new.exists()
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(connect(self._new)) as db:
                private(self._new, 0o600)
                if is_new:
                    # without triggers: what is taken along is what was there, whatever came after what
                    head = f"pragma user_version={tables.version}; pragma application_id={number}"
                    db.executescript(f"begin; {tables.tables}; {head}; commit")
                yield db, lambda work: _step(db, work)

    def become(self, tables: Tables, number: int, counters: Mapping[str, int], stamp: str) -> str:
        with _sqlite(self._new), disk(self._path):
            with closing(open_store(self._new, tables)) as db:
                put = "insert into sqlite_sequence(name, seq) values(?,?)"
                for table, last in counters.items():
                    if not db.execute(
                        "update sqlite_sequence set seq=? where name=?", (last, table)
                    ).rowcount:
                        db.execute(put, (table, last))
                db.execute("pragma wal_checkpoint(truncate)")
            aside = self._put_aside(stamp)
            self._new.replace(self._path)
        return aside

    def call_off(self) -> None:
        with disk(self._new):
            for end in BESIDE:
                self._new.with_name(self._new.name + end).unlink(missing_ok=True)

    def taken_back(self, tables: Tables, work: Work[int]) -> int:
        with _sqlite(self._path), closing(open_store(self._path, tables)) as db:
            done = int(_step(db, work))
        self.put_mark(None)  # after a kill it is done once more, which changes nothing
        return done

    def _is_ours(self, number: int) -> bool:
        try:
            with closing(_read_only(self._new)) as db:
                return identity(db) == number
        except sqlite3.Error:
            return False

    def _put_aside(self, stamp: str) -> str:
        aside = self._path.with_name(f".before-move-{stamp}")
        for end in (*reversed(BESIDE), MARK):
            file = self._path.with_name(self._path.name + end)
            if file.exists():
                aside.mkdir(mode=0o700, exist_ok=True)
                file.replace(aside / file.name)
        return aside.name if aside.exists() else ""


def copy_file(path: Path, to: Path) -> None:
    """A database at one moment, beside the writer and not in its way. Raises StoreFailed."""
    with _sqlite(path), closing(_read_only(path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
    private(to, 0o600)


def mark_of(path: Path) -> Path:
    return path.with_name(path.name + MARK)


def marked(path: Path) -> Mark | None:
    """Whether what is in that file went elsewhere. Raises StoreFailed where that cannot be read."""
    try:
        return read_mark(mark_of(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as e:
        raise failed(mark_of(path), sqlite3.OperationalError(str(e))) from e


def _step(db: sqlite3.Connection, work: Work[Any]) -> Any:
    db.execute("begin immediate")
    try:
        done = work(db)
        db.execute("commit")
    except BaseException:
        if db.in_transaction:
            db.execute("rollback")
        raise
    return done


def _read_only(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5, isolation_level=None)
    db.row_factory = sqlite3.Row
    return db


@contextmanager
def _sqlite(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as e:
        raise failed(path, e) from e
