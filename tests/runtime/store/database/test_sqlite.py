import asyncio
import os
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.errors import StoreFailed
from runtime.store.database import unwatched
from runtime.store.database.batches import Batches
from runtime.store.database.sqlite import SqliteDatabase as Database
from runtime.store.opening import Tables

TABLE = Tables("create table if not exists t(x integer primary key)")


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "t.db", TABLE)
    yield database
    database.close()


def insert(x):
    return lambda db: db.execute("insert into t values(?)", (x,)).rowcount


def count(db):
    return db.execute("select count(*) from t").fetchone()[0]


async def test_what_was_written_can_be_read(database):
    await database.write(insert(1))
    assert await database.read(count) == 1


async def test_many_writers_share_commits(database):
    commits = []
    database._connection.set_trace_callback(lambda sql: commits.append(sql) if sql == "commit" else None)
    await asyncio.gather(*(database.write(insert(i)) for i in range(500)))
    assert await database.read(count) == 500
    assert len(commits) < 50


async def test_an_error_undoes_only_its_own_write(database):
    def half(db):
        insert(7)(db)
        raise ValueError("no")

    results = await asyncio.gather(
        database.write(insert(1)), database.write(half), database.write(insert(2)), return_exceptions=True
    )
    assert isinstance(results[1], ValueError)
    assert await database.read(lambda db: [x for (x,) in db.execute("select x from t")]) == [1, 2]


async def test_a_doubled_key_belongs_to_who_wrote_it(database):
    await database.write(insert(1))
    with pytest.raises(sqlite3.IntegrityError):
        await database.write(insert(1))


async def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path):
    database = Database(tmp_path / "t.db", Tables("create table if not exists big(x blob)"))
    database._connection.execute("pragma max_page_count=20")
    with pytest.raises(StoreFailed, match="磁盘"):
        await database.write(lambda db: db.execute("insert into big values(zeroblob(1000000))").rowcount)
    await database.write(lambda db: db.execute("insert into big values(zeroblob(10))").rowcount)
    assert await database.read(lambda db: db.execute("select count(*) from big").fetchone()[0]) == 1
    database.close()


def test_a_damaged_file_is_refused_and_left_alone(tmp_path):
    (tmp_path / "t.db").write_bytes(b"not a database" * 100)
    with pytest.raises(StoreFailed):
        Database(tmp_path / "t.db", TABLE)
    assert (tmp_path / "t.db").read_bytes().startswith(b"not a database")


NEWER = Tables(
    "create table if not exists t(x integer primary key, y text not null default '')",
    version=2,
    steps={1: "alter table t add column y text not null default ''"},
)


async def test_an_older_file_is_brought_forward_and_keeps_what_it_held(tmp_path):
    older = Database(tmp_path / "t.db", TABLE)
    await older.write(insert(1))
    older.close()
    newer = Database(tmp_path / "t.db", NEWER)
    assert await newer.read(lambda db: [tuple(row) for row in db.execute("select x, y from t")]) == [(1, "")]
    newer.close()
    Database(tmp_path / "t.db", NEWER).close()


def test_a_step_that_fails_leaves_the_older_version(tmp_path):
    Database(tmp_path / "t.db", TABLE).close()
    half = Tables(NEWER.script, 2, {1: "alter table t add column y text; insert into nothing values(1)"})
    with pytest.raises(StoreFailed, match="nothing"):
        Database(tmp_path / "t.db", half)
    Database(tmp_path / "t.db", TABLE).close()


@pytest.mark.parametrize(
    ("written", "opened", "said"),
    [
        (NEWER, TABLE, "newer version of Hongyan.*Update"),
        (TABLE, Tables(NEWER.script, 2), "no way forward"),
        (Tables("create table if not exists u(x)", 0), TABLE, "no way forward"),
        (Tables("create table if not exists u(x)", 1), TABLE, "no table t"),
        (TABLE, Tables(NEWER.script, 1), "no column t.y"),
    ],
    ids=["newer", "older without a step", "another program's", "a table is missing", "a column is missing"],
)
def test_a_file_that_is_not_this_versions_is_refused_in_words_and_left_alone(tmp_path, written, opened, said):
    Database(tmp_path / "t.db", written).close()
    before = (tmp_path / "t.db").read_bytes()
    with pytest.raises(StoreFailed, match=said) as refusal:
        Database(tmp_path / "t.db", opened)
    assert "disk space" not in str(refusal.value)
    assert (tmp_path / "t.db").read_bytes() == before


def remove(path):
    path.unlink()


def replace(path):
    path.with_name("other").write_bytes(path.read_bytes())
    path.with_name("other").replace(path)


def empty(path):
    os.truncate(path, 0)


def cut(path):
    os.truncate(path, 4096)


def overwrite(path):
    other = path.with_name("other.db")
    Database(other, TABLE).close()
    path.write_bytes(other.read_bytes())


def remove_log(path):
    path.with_name("t.db-wal").unlink()


def replace_log(path):
    path.with_name("t.db-wal").unlink()
    path.with_name("t.db-wal").touch()


LOST = [remove, replace, empty, cut, overwrite, remove_log, replace_log]


@pytest.mark.parametrize("lose", LOST, ids=lambda lose: lose.__name__)
async def test_a_file_that_is_lost_while_running_takes_nothing_more(tmp_path, lose):
    path = tmp_path / "t.db"
    database = Database(path, TABLE)
    await asyncio.gather(*(database.write(insert(x)) for x in range(2000)))
    await database.write(lambda db: db.execute("create index if not exists more on t(x)").rowcount)
    database._connection.execute("pragma wal_checkpoint")
    database.check()
    lose(path)
    with pytest.raises(StoreFailed) as refusal:
        await database.write(insert(3000))
    assert refusal.value.code in ("gone", "replaced")
    with pytest.raises(StoreFailed):
        await database.read(count)
    with pytest.raises(StoreFailed, match="Stop the program"):
        database.check()
    database.close()


async def test_a_file_that_is_put_back_goes_on(tmp_path):
    path = tmp_path / "t.db"
    database = Database(path, TABLE)
    path.rename(tmp_path / "aside")
    with pytest.raises(StoreFailed):
        await database.write(insert(1))
    (tmp_path / "aside").rename(path)
    await database.write(insert(1))
    assert await database.read(count) == 1
    database.close()


async def test_a_disk_that_is_full_while_the_log_is_copied_is_no_loss(tmp_path):
    path = tmp_path / "t.db"
    database = Database(path, TABLE)
    database._connection.execute("pragma wal_checkpoint")
    await asyncio.gather(*(database.write(insert(x)) for x in range(5000)))
    before, limits = path.stat().st_size, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (before, limits[1]))  # the file cannot grow
    try:
        with pytest.raises(sqlite3.OperationalError):
            database._connection.execute("pragma wal_checkpoint")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert int.from_bytes(path.read_bytes()[28:32], "big") * 4096 > path.stat().st_size == before
    await database.write(insert(7000))
    assert await database.read(count) == 5001
    database._connection.execute("pragma wal_checkpoint")
    os.truncate(path, before)
    with pytest.raises(StoreFailed, match="was cut"):
        await database.write(insert(7001))
    database.close()


async def test_a_vacuum_of_the_owners_is_no_loss(tmp_path):
    database = Database(tmp_path / "t.db", TABLE)
    await asyncio.gather(*(database.write(insert(x)) for x in range(5000)))
    await database.write(lambda db: db.execute("delete from t where x > 5").rowcount)
    with sqlite3.connect(tmp_path / "t.db", isolation_level=None) as owner:
        owner.execute("vacuum")
        owner.execute("pragma wal_checkpoint(truncate)")
    owner.close()
    await database.write(insert(7000))
    assert await database.read(count) == 7
    database.close()


async def test_a_table_that_vanishes_while_running_is_not_called_a_full_disk(tmp_path):
    database = Database(tmp_path / "t.db", TABLE)
    with sqlite3.connect(tmp_path / "t.db") as other:
        other.execute("alter table t rename to u")
    other.close()
    with pytest.raises(StoreFailed, match="no such table: t") as refusal:
        await database.write(insert(1))
    assert refusal.value.code == "tables"
    database.close()


WRITE_UNTIL_KILLED = """
import asyncio, sys
from pathlib import Path
from runtime.store.database import unwatched
from runtime.store.database.batches import Batches
from runtime.store.database.sqlite import SqliteDatabase as Database
from runtime.store.opening import Tables
async def main():
    database = Database(Path(sys.argv[1]), Tables("create table if not exists t(x integer primary key)"))
    for x in range(10**9):
        await database.write(lambda db, x=x: db.execute("insert into t values(?)", (x,)).rowcount)
        print(x, flush=True)
asyncio.run(main())
"""


def test_what_was_told_to_be_written_survives_kill_9(tmp_path):
    root = Path(__file__).parents[4]
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE_UNTIL_KILLED, str(tmp_path / "t.db")],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
    )
    told = [process.stdout.readline() for _ in range(50)]
    process.kill()
    rest, _ = process.communicate()
    told = int((rest.splitlines() or told)[-1])
    with sqlite3.connect(tmp_path / "t.db") as db:
        assert count(db) >= told + 1
    db.close()


async def test_a_file_that_cannot_be_looked_at_is_told_and_what_comes_after_it_is_written(database, tmp_path):
    await database.write(insert(1))
    looked, elsewhere = database._watch._descriptor, os.open(tmp_path, os.O_RDONLY)
    kept = os.dup(looked)
    os.dup2(elsewhere, looked)  # a folder, which cannot be read
    with pytest.raises(StoreFailed, match="cannot be read"):
        await database.write(insert(2))
    os.dup2(kept, looked)
    await database.write(insert(3))
    assert await database.read(lambda db: [x for (x,) in db.execute("select x from t")]) == [1, 3]
    os.close(kept)
    os.close(elsewhere)


@pytest.mark.parametrize("where", ["commit", "rest"])
async def test_whatever_fails_the_thread_that_writes_goes_on(where):
    failing = [ZeroDivisionError("a bug")]

    def fails(here):
        if here == where and failing:
            raise failing.pop()

    def commit(jobs):
        fails("commit")
        for job in jobs:
            job.result = job.work(None)

    batches = Batches("t", unwatched, commit, lambda jobs: fails("rest"))
    results = []
    for _ in range(3):
        asked = batches.post(lambda db: "done", scrub=False)
        results += await asyncio.wait_for(asyncio.gather(asked, return_exceptions=True), 5)
    await asyncio.to_thread(batches.close)
    assert isinstance(results[0], StoreFailed) == (where == "commit")
    assert results[1:] == ["done", "done"]
