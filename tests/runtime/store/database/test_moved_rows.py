"""What SQLite leaves of rows that it moved goes with what is erased."""

from contextlib import closing

from runtime.store.database import sqlite
from runtime.store.database.sqlite import SqliteDatabase
from runtime.store.opening import Tables

TABLE = Tables("create table if not exists t(x integer primary key, words text, reply text)")
MARK = "wisteria"
ROWS = 300


def said(db):
    db.executemany("insert into t values(?,?,'')", [(x, f"{MARK} {'.' * 400}") for x in range(ROWS)])


def answered(db):
    """Rows grow, so that pages are full, and some are moved."""
    db.executemany("update t set reply=? where x=?", [("!" * 700, x) for x in range(0, ROWS, 3)])


def forgotten(db):
    db.execute("update t set words='', reply=''")


def stands(path):
    return MARK.encode() in path.read_bytes()


async def lived(path, *, times=1, small=sqlite.SMALL):
    with closing(SqliteDatabase(path, TABLE, small=small)) as database:
        for _ in range(times):
            await database.write(said)
            await database.write(answered)
            await database.write(forgotten, scrub=True)
            here = stands(path)
            await database.write(lambda db: db.execute("delete from t"))
    return here


async def test_a_small_file_is_written_anew(tmp_path):
    assert not await lived(tmp_path / "t.db")


async def test_soon_after_that_it_waits_and_is_done_at_the_latest_when_it_closes(tmp_path):
    assert await lived(tmp_path / "t.db", times=2)
    assert not stands(tmp_path / "t.db")


async def test_a_large_file_is_not_for_which_everybody_would_wait(tmp_path):
    assert await lived(tmp_path / "t.db", small=0)
