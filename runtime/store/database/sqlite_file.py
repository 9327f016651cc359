"""A SQLite file as a place of messages: opened by a gateway, or looked into from beside."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from runtime.errors import TooSlow, Unreadable
from runtime.lang import Text
from runtime.store.database import Database, Db, Outside
from runtime.store.database.sqlite import ASKERS, SqliteDatabase, scrubbed, write_anew_if_small
from runtime.store.database.sqlite_moving import marked
from runtime.store.opening import Tables, connect, failed, open_store

TRIES = 20
"""To empty the log, a tenth of a second apart, while others read."""
TOO_SLOW = Text(
    "数据太多，查询超时已停止。请缩短时间范围，或选定一个发布。",
    "Too much data: the query was stopped. Choose a shorter period or one publication.",
)


class SqliteFile:
    def __init__(self, path: Path) -> None:
        self._path = path

    def is_there(self) -> bool:
        return self._path.exists()

    def open(self, tables: Tables, outside: Outside) -> Database:
        self._refuse_moved()
        return SqliteDatabase(self._path, tables, outside)

    @contextmanager
    def reading(self) -> Iterator[Db]:
        try:
            with closing(self._read_only()) as db:
                yield db
        except sqlite3.Error as e:
            raise failed(self._path, e) from e

    @contextmanager
    def looking(self, seconds: float) -> Iterator[Db]:
        ends = time.monotonic() + seconds
        try:
            with closing(self._read_only()) as db:
                db.set_progress_handler(lambda: time.monotonic() > ends, 100_000)
                yield db
        except sqlite3.DatabaseError as e:  # also of a file that is none, or a damaged one
            if isinstance(e, ASKERS):
                raise
            if e.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise TooSlow(TOO_SLOW) from None
            raise _unreadable(self._path, e) from e

    @contextmanager
    def writing(self, tables: Tables, *, scrub: bool = False) -> Iterator[Db]:
        self._refuse_moved()
        try:
            with closing(connect(self._path) if self.is_there() else open_store(self._path, tables)) as db:
                db.execute("begin immediate")
                yield db
                db.execute("commit")
                if scrub:
                    write_anew_if_small(db)
                for _ in range(TRIES if scrub else 0):
                    if scrubbed(db):
                        break
                    time.sleep(0.1)
        except sqlite3.Error as e:
            raise failed(self._path, e) from e

    def write_anew(self) -> None:
        self._refuse_moved()
        try:
            with closing(connect(self._path)) as db:
                db.execute("vacuum")
                for _ in range(TRIES):
                    if scrubbed(db):
                        break
                    time.sleep(0.1)
        except sqlite3.Error as e:
            raise failed(self._path, e) from e

    def _refuse_moved(self) -> None:
        """Raises StoreFailed."""
        if mark := marked(self._path):
            raise mark.refusal(str(self._path))

    def _read_only(self) -> sqlite3.Connection:
        db = sqlite3.connect(f"file:{quote(str(self._path))}?mode=ro", uri=True, timeout=2)
        db.row_factory = sqlite3.Row
        return db


def _unreadable(path: Path, error: sqlite3.Error) -> Unreadable:
    return Unreadable(
        Text(
            "读不了 {path}：{why}。请检查磁盘和文件权限。",
            "Cannot read {path}: {why}. Check the disk and the file's permissions.",
        ).fill(path=path, why=error)
    )
