"""All messages as one SQLite file, for a backup: taken from wherever they are, and put back there."""

import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from runtime.errors import HongyanError
from runtime.store.database.place import movable_at, place_of, url_of
from runtime.store.messages.beside import look
from runtime.store.messages.consents import Marks, erased_since, faces_erased, keep_erased
from runtime.store.messages.erasures import erase, files_of
from runtime.store.messages.growth import SECONDS, condition
from runtime.store.messages.restored import hold
from runtime.store.messages.tables import TABLES
from runtime.store.moving import copied, new_number, refuse_users
from runtime.store.opening import columns_of, failed, open_store
from runtime.store.sealing.data_keys import Blind
from runtime.store.sealing.sealed_db import SealedDb


@contextmanager
def taken(path: Path) -> Iterator[Path | None]:
    """As they are at one moment, also while they are worked on; the file goes afterwards. None: there are
    none. Raises StoreFailed. It needs as much room on the disk as they have."""
    source = movable_at(url_of(path), path)
    if not source.number():
        yield None
        return
    file = path.with_name(f".new-{path.name}-{secrets.token_hex(4)}")
    target = movable_at("", file)
    try:
        if not source.copy_to(file, TABLES):
            copied(source, target, new_number())
        yield file
    finally:
        target.call_off()
        file.unlink(missing_ok=True)


def older(path: Path) -> int:
    """The version of the tables there, where this program would bring them forward; else 0."""
    try:
        found = condition(path)
    except HongyanError:
        return 0  # whoever opens them is told
    return found.version if found and found.version in TABLES.steps else 0


def last_number(path: Path) -> int:
    """Of the newest message there, of whatever version; 0 for none. Raises HongyanError."""
    with place_of(path).looking(SECONDS) as db:
        return int(db.execute("select coalesce(max(seq), 0) as last from messages").fetchone()["last"])


def count_since(path: Path, at: float) -> int | None:
    """Messages that came there after `at`; None where that cannot be told, as of damaged ones."""
    sql = "select count(*) as many from messages where accepted_at>?"
    try:
        return look(path, lambda db: int(db.execute(sql, (at,)).fetchone()["many"]), 0)
    except HongyanError:
        return None


def rows(file: Path) -> dict[str, int]:
    """How many each table has."""
    with closing(sqlite3.connect(file)) as db:
        return {
            table: int(db.execute(f'select count(*) from "{table}"').fetchone()[0])
            for table in sorted(columns_of(db))
        }


def look_whole(file: Path) -> None:
    """Raises StoreFailed where SQLite does not find it whole."""
    try:
        with closing(sqlite3.connect(file)) as db:
            _refuse_damaged(db)
    except sqlite3.Error as e:
        raise failed(file, e) from e


def bring_forward(file: Path) -> None:
    """To this version. Raises StoreFailed."""
    open_store(file, TABLES).close()


def _refuse_damaged(db: sqlite3.Connection) -> None:
    [found] = db.execute("pragma quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(found)


def hold_back(file: Path) -> int:
    """Look whether SQLite finds them whole, bring them to this version, hold back what is unfinished; returns
    how much that is. Makes an empty one where there is none. Raises StoreFailed."""
    try:
        with closing(open_store(file, TABLES)) as db:
            _refuse_damaged(db)
            db.execute("begin immediate")
            held = hold(db)
            db.execute("commit")
            db.execute("pragma wal_checkpoint(truncate)")
            return held
    except sqlite3.Error as e:
        raise failed(file, e) from e


def forgotten(path: Path) -> Mapping[str, float]:
    """Who was forgotten of those whose messages are there, and when."""
    return look(path, lambda db: erased_since(db, 0.0), {})


def forget_again(
    file: Path, erased: Mapping[str, float], since: float, marks: Marks, now: float
) -> tuple[int, list[str]]:
    """Whoever was forgotten after that time is forgotten in this file, too: how many, and which files of
    theirs are to be removed, by their hashes. Raises StoreFailed."""
    hashes: set[str] = set()
    try:
        with closing(open_store(file, TABLES)) as whole:
            db = SealedDb(whole, Blind())
            db.execute("begin immediate")
            faces = faces_erased(db, erased, since, marks)
            for face in faces:
                hashes |= {
                    *files_of(db, face),
                    *erase(db, face, now, marks=marks).files,
                }
            keep_erased(db, erased)
            db.execute("commit")
            db.execute("pragma wal_checkpoint(truncate)")
    except sqlite3.Error as e:
        raise failed(file, e) from e
    return len(faces), sorted(hashes)


def is_elsewhere(path: Path) -> bool:
    """Whether messages are to be put there with put_there(), and not as that file."""
    return bool(url_of(path))


def put_there(file: Path, path: Path) -> str:
    """In place of what is there, which is put aside; whole, or nothing changes. Returns where the former ones
    are. Raises StoreFailed, Conflict."""
    target = movable_at(url_of(path), path)
    refuse_users(target)
    return copied(movable_at("", file), target, new_number(), whole=lambda: refuse_users(target)).aside
