"""Messages that move to another store, and back: nothing is lost on the way, whenever it dies."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import moving_world as world
import pytest

from runtime.cli import commands
from runtime.cli.arguments import parser
from runtime.errors import BadSettings, Conflict, NotFound, StoreFailed
from runtime.files import write_whole
from runtime.message import Message
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.records import Options
from runtime.store.database import contents as reading
from runtime.store.database.contents import OWNER, contents
from runtime.store.database.place import movable_at
from runtime.store.database.postgres import PostgresDatabase, alone
from runtime.store.database.postgres_opening import connected
from runtime.store.database.postgres_url import VARIABLE, read
from runtime.store.database.sqlite_file import SqliteFile
from runtime.store.home import home_of
from runtime.store.installation import Installation
from runtime.store.messages.messages import Messages
from runtime.store.messages.tables import TABLES
from runtime.store.moving import move, undo

ROOT = Path(__file__).parents[3]


def silent(*_):
    pass


@pytest.fixture
def there(postgresql):
    """The address of a schema that goes with the test."""
    url = postgresql.url("elsewhere")
    yield url
    for row in ask(url, "select nspname from pg_namespace where nspname like 'elsewhere%'"):
        ask(url, f"drop schema {row[0]} cascade")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "data" / "messages.db"
    world.fill(path)
    return path


def lossy(db, table, rows):
    db.executemany(table.insert, rows[table.name == "facts" :])


def ask(url, *statements):
    def work():
        with closing(connected(read(url))) as session:
            return [session.execute(sql).fetchall() for sql in statements][-1]

    return alone(work)


def moved(path, url, back=False, to=None):
    ends = movable_at("", path), movable_at(url, to or path)
    return alone(lambda: move(*(reversed(ends) if back else ends), world.NoFiles(), 1.0, silent))


@pytest.mark.plain("the other home has no key of the installation")
async def test_all_of_it_goes_there_and_back_and_what_comes_after_has_new_numbers(path, there, tmp_path):
    before = world.rows_in(path)
    done = moved(path, there)
    assert (done.messages, done.rows) == (8, sum(map(len, before.values())))
    assert world.rows_in(path) == before
    with pytest.raises(StoreFailed, match=r"moved to postgresql://.*elsewhere.*set HONGYAN_DATABASE_URL"):
        SqliteFile(path).open(TABLES, silent)
    with closing(PostgresDatabase(read(there), TABLES)) as database:
        owned = [table.name for table in contents(TABLES) if OWNER in table.columns]
        sql = " union ".join(["select 0 as owner", *(f"select owner from {name}" for name in owned)])
        assert await database.read(lambda db: [row[0] for row in db.execute(sql)]) == [0]
        put = "insert into facts(name, value, at) values('later', '1', 0)"
        await database.write(lambda db: db.execute(put))
    assert ask(there, "select last_value from elsewhere.messages_seq_seq")[0][0] == 108

    home = tmp_path / "other" / "data"
    back = movable_at("", home / "messages.db")
    alone(lambda: move(movable_at(there, path), back, world.NoFiles(), 2.0, silent))
    Installation(home).arrived()
    after = world.rows_in(home / "messages.db")
    assert [row for row in after.pop("facts") if row[0] != "later"] == before.pop("facts")
    assert after == before
    with pytest.raises(StoreFailed, match="with that HONGYAN_HOME"):
        PostgresDatabase(read(there), TABLES)
    with closing(Messages(home / "messages.db")) as messages:
        assert Installation(home).take() == 0
        sql = "select count(*) from messages where state='accepted'"
        assert await messages.database.read(lambda db: db.execute(sql).fetchone()[0]) == 8
        assert (await messages.accept("p", Message("new", "ann", "问"), 3)).seq == 109


def test_killed_at_any_point_it_goes_on_where_it_was(path, there):
    before = world.rows_in(path)
    command = [sys.executable, world.__file__, str(path), there]
    done = subprocess.run(command, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)})
    rows = sum(map(len, before.values()))
    assert done.stdout.split() == [*["-9"] * len(world.POINTS), str(rows), "0"], done.stderr
    assert world.rows_in(path) == before
    back = path.with_name("back.db")
    alone(lambda: move(movable_at(there, path), movable_at("", back), world.NoFiles(), 2.0, silent))
    assert world.rows_in(back) == before


def test_what_was_moved_away_is_used_again_as_it_was_and_nothing_is_sent_twice(path, there):
    moved(path, there)
    for url in ("", there):
        store = movable_at(url, path)
        if url:
            moved(path, there, back=True)
        assert alone(lambda store=store: undo(store)) == 8
        assert alone(store.mark) is None
        if not url:
            path.unlink()
    with pytest.raises(NotFound):
        undo(movable_at("", path))


async def test_what_cannot_be_moved_is_told_before_anything_is_taken(path, there, postgresql, monkeypatch):
    monkeypatch.setenv(VARIABLE, there)
    with pytest.raises(StoreFailed, match=r"are not in .* yet"):
        Installation(path.parent).check()
    used = PostgresDatabase(read(there), TABLES)
    await used.read(lambda db: None)
    server = read(postgresql.url("theirs"))
    ask(there, "create schema theirs", "create table theirs.orders(id int)", "create role outsider login")
    outsider = there.replace("hongyan@", "outsider@").replace("elsewhere", "new")
    full = path.with_name("full.db")
    world.fill(full, 1)
    (path.with_name("strange.db")).write_bytes(b"not a database" * 99)
    cases = [
        (there, path, Conflict, "running Hongyan"),
        (server.dsn + "&schema=theirs", path, Conflict, "other data"),
        (outsider, path, StoreFailed, "missing rights"),
        ("postgresql://me@/postgres?host=/nowhere", path, StoreFailed, "cannot be reached"),
        ("", full, Conflict, "other data"),
        ("", path.with_name("strange.db"), StoreFailed, "damaged"),
        ("", path, Conflict, "already"),
    ]
    for url, at, error, said in cases:
        with pytest.raises(error, match=said):
            alone(
                lambda url=url, at=at: move(
                    movable_at("", path), movable_at(url, at), world.NoFiles(), 1.0, silent
                )
            )
        assert movable_at("", path).mark() is None
    used.close()
    ask(there, "drop schema theirs cascade", "drop role outsider")
    with closing(sqlite3.connect(full)) as db:
        db.execute("pragma user_version=99")
    with pytest.raises(StoreFailed, match="newer version"):
        moved(full, there)
    assert movable_at("", full).mark() is None

    monkeypatch.setattr(reading, "_put", lossy)
    with pytest.raises(StoreFailed, match=r"did not arrive as it was \(8 rows, 7 there\)"):
        moved(path, there)
    monkeypatch.undo()
    with pytest.raises(StoreFailed, match="being moved"):
        SqliteFile(path).open(TABLES, silent)
    with pytest.raises(StoreFailed, match="being moved"):
        moved(path, there.replace("elsewhere", "third"))
    assert undo(movable_at("", path)) == 0
    assert moved(path, there).messages == 8
    assert movable_at("", path).mark().is_done


def test_the_files_of_the_home_go_along_and_nothing_of_another_home_is_mixed_with_them(
    path, there, tmp_path, monkeypatch, capsys
):
    home, other, strange = path.parents[1], tmp_path / "other", tmp_path / "strange"
    picture = f"data/media/{'ab' * 32}"
    Control.in_folder(home / "data").save_options(Options(default_model="m/x"))
    for name in ("agents/shop.json", picture):
        write_whole(home / name, name.encode())
    write_whole(strange / "agents/shop.json", b"another")

    def moves(folder, to):
        options = parser().parse_args(["move", "--to", str(to)])
        with home_of(folder, ""):
            commands.execute(options, Settings(home=folder))
        return json.loads(capsys.readouterr().out)["files"]

    with pytest.raises(Conflict, match=r"other agents.*shop\.json"):
        moves(home, strange)
    assert not movable_at("", path).mark()
    monkeypatch.setenv(VARIABLE, there)
    with pytest.raises(StoreFailed, match=r"are not in .*elsewhere.* yet\. Without HONGYAN_DATABASE_URL"):
        moves(home, there)
    monkeypatch.delenv(VARIABLE)
    assert moves(home, there) == 3
    monkeypatch.setenv(VARIABLE, there)
    (tmp_path / "fresh/data").mkdir(parents=True)
    shutil.copy(home / "data/secret.key", tmp_path / "fresh/data/secret.key")
    further = there.replace("elsewhere", "elsewhere_too")
    assert moves(tmp_path / "fresh", further) == 3
    monkeypatch.setenv(VARIABLE, further)
    assert moves(tmp_path / "fresh", other) == 4
    monkeypatch.delenv(VARIABLE)
    assert (other / picture).read_bytes() == picture.encode()
    assert Control.in_folder(other / "data").default_model() == "m/x"
    assert moves(other, tmp_path / "last") == 4

    ask(there, "drop schema elsewhere cascade")
    world.fill(strange / "data/messages.db", 1)
    with pytest.raises(BadSettings, match="not the one"):
        moves(strange, there)
    shutil.copy(home / "data/secret.key", strange / "data/secret.key")
    with pytest.raises(Conflict, match="other agents"):
        moves(strange, there)
    assert not movable_at("", strange / "data/messages.db").mark()
