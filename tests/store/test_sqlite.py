import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.store.sqlite import Database, StoreFailed

TABLE = "create table if not exists t(x integer primary key)"


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
    database = Database(tmp_path / "t.db", "create table if not exists big(x blob)")
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


def test_a_file_of_another_version_is_refused_and_left_alone(tmp_path):
    Database(tmp_path / "t.db", TABLE, version=2).close()
    with pytest.raises(StoreFailed, match="版本"):
        Database(tmp_path / "t.db", TABLE, version=1)
    Database(tmp_path / "t.db", TABLE, version=2).close()


WRITE_UNTIL_KILLED = """
import asyncio, sys
from pathlib import Path
from runtime.store.sqlite import Database
async def main():
    database = Database(Path(sys.argv[1]), "create table if not exists t(x integer primary key)")
    for x in range(10**9):
        await database.write(lambda db, x=x: db.execute("insert into t values(?)", (x,)).rowcount)
        print(x, flush=True)
asyncio.run(main())
"""


def test_what_was_told_to_be_written_survives_kill_9(tmp_path):
    root = Path(__file__).parents[2]
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
