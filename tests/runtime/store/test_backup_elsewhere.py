"""Backups of homes in PostgreSQL: of the same kind as a file's, and put back on either."""

import asyncio
import shutil
import sqlite3
import tarfile
from contextlib import closing

import made_of_world
import moving_world as world
import pytest

from runtime.backups.before_update import keep
from runtime.backups.making import check, make, opening
from runtime.backups.places import where
from runtime.backups.sealing_keys import SecretKey
from runtime.errors import BadSettings, Conflict, StoreFailed
from runtime.files import write_whole
from runtime.message import Message
from runtime.store import messages_file
from runtime.store.backup import back_up
from runtime.store.control.control import Control
from runtime.store.control.records import Options
from runtime.store.database.postgres import alone
from runtime.store.database.postgres_opening import connected
from runtime.store.database.postgres_url import VARIABLE, read
from runtime.store.home import home_of
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.people import Face
from runtime.store.messages.restored import Restored
from runtime.store.messages.tables import TABLES
from runtime.store.opening import open_store
from runtime.store.put_back import put_back, put_back_from
from runtime.testing.forgetting import Forgetting

PICTURE = f"data/media/{'ab' * 32}"


@pytest.fixture
def url(postgresql, monkeypatch):
    url = postgresql.url("kept")
    monkeypatch.setenv(VARIABLE, url)
    yield url
    sql = "select nspname from pg_namespace where nspname like 'kept%'"
    for row in ask(url, sql):
        ask(url, f"drop schema {row[0]} cascade")


def ask(url, sql):
    def work():
        with closing(connected(read(url))) as session:
            return session.execute(sql).fetchall()

    return alone(work)


def home_at(folder):
    control = Control.in_folder(folder / "data")
    control.save_options(Options(default_model="m/before"))
    write_whole(folder / "agents/shop.json", b"{}")
    return folder


@pytest.mark.plain("it counts the keys")
async def test_a_backup_is_put_back_on_either_engine_and_nothing_is_sent(url, tmp_path, monkeypatch):
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "b.tar.gz"
    world.fill(tmp_path / "all.db")
    await asyncio.to_thread(messages_file.put_there, tmp_path / "all.db", here / "data/messages.db")
    home_at(here)
    shutil.copytree(here, there)
    with home_of(here, ""), home_of(there, ""):
        write_whole(there / PICTURE, b"picture")
        with closing(Messages(here / "data/messages.db")) as messages:
            await messages.accept("p", Message("new", "ann", "问"), 1)
            saved = await asyncio.to_thread(back_up, here, file, 1)
            assert (saved.messages, saved.has_key) == (9, True)
            with tarfile.open(file) as tar:
                assert {"data/messages.db", "agents/shop.json", PICTURE} <= set(tar.getnames())
            assert not (here / PICTURE).exists()
            with pytest.raises(Conflict, match="running Hongyan"):
                await asyncio.to_thread(put_back, here, file, 2)
            await messages.accept("p", Message("later", "ann", "问"), 1)
        write_whole(here / "agents/shop.json", b'{"later": 1}')
        write_whole(here / "agents/later.json", b"{}")

        bad = tmp_path / "bad.tar.gz"
        bad.write_bytes(file.read_bytes()[:-40])
        with pytest.raises((BadSettings, StoreFailed)):
            await asyncio.to_thread(put_back, here, bad, 3)
        assert (here / "agents/later.json").exists()

        done = await asyncio.to_thread(put_back, here, file, 3)
        assert done.unfinished == Restored(here / "data/messages.db").count() == 9
        assert (here / "agents/shop.json").read_bytes() == b"{}"
        aside, former = done.aside.split(", ")
        assert ask(url, f"select count(*) from {former}.messages")[0][0] == 10
        assert (here / "agents" / aside / "later.json").exists()
    with home_of(tmp_path / "third", "k" * 32), closing(Messages(tmp_path / "third/data/messages.db")):
        assert (tmp_path / "third/agents/shop.json").read_bytes() == b"{}"
        assert not (tmp_path / "third/agents/later.json").exists()

    monkeypatch.delenv(VARIABLE)
    assert put_back(tmp_path / "alone", file, 4).unfinished == 9
    assert (tmp_path / "alone" / PICTURE).read_bytes() == b"picture"
    taken = world.rows_in(tmp_path / "alone/data/messages.db")
    told = {name: len(rows) for name, rows in taken.items()}
    assert told == {name: len(rows) for name, rows in world.rows_in(tmp_path / "all.db").items()} | {
        "messages": 9, "moments": 9, "restored": told["restored"], "schedules": 0, "reminders": 0,
    }  # fmt: skip


def forgets(agents, data, erased):
    return Forgetting(agents, data).forget(erased)


@pytest.mark.plain("it looks at rows as they stand")
async def test_who_was_forgotten_since_is_forgotten_in_a_backup_that_is_put_back_there(url, tmp_path):
    home, file, secret = home_at(tmp_path / "home"), tmp_path / "b.tar.gz", "只有安知道的事"
    control = Control.in_folder(home / "data")
    with home_of(home, ""):
        with closing(Messages(home / "data/messages.db", marks=control.marks_of)) as messages:
            for who in ("ann", "bob"):
                seq = (await messages.accept("p", Message(who, who, f"{secret}，{who}"), 1)).seq
                await messages.finish(seq, Outcome("好", 1), [], 2, "silent")
            for who in ("ann", "bob"):
                made_of_world.make(home, control.marks_of, who, 1, f"{who}说的测试")
            await asyncio.to_thread(back_up, home, file, 10)
            await messages.remembered.erase(Face("p", "ann"), 20)
        for at in (30, 40):  # the list of who was forgotten is carried over
            done = await asyncio.to_thread(put_back, home, file, at, control.marks_of, forgets)
            left = [made_of_world.left_in(home, f"{who}说的测试") for who in ("ann", "bob")]
            assert (left[0], len(left[1])) == ([], 4)
            assert done.erased == 1
            rows = ask(url, "select sender, text from messages order by sender")
            assert [tuple(row) for row in rows] == [("ann", ""), ("bob", f"{secret}，bob")]


async def test_an_encrypted_one_is_the_same_on_another_machine_and_another_engine(url, tmp_path, monkeypatch):
    key = SecretKey(bytes(range(32)))
    here, to = home_at(tmp_path / "home"), where(f"{tmp_path}/out/b.tar.gz.age")
    with home_of(here, ""), closing(Messages(here / "data/messages.db")) as messages:
        await messages.accept("p", Message("m", "ann", "只有安知道的事"), 1)
        made = await asyncio.to_thread(make, here, to, key, 5)
        checked = await asyncio.to_thread(check, to.place, to.name, key, here / "data")
    monkeypatch.delenv(VARIABLE)
    with opening(to.place, to.name, key) as archive:
        done = put_back_from(tmp_path / "there", archive, to.name, 9)
    assert made.saved.contents == checked.contents == done.contents
    assert Restored(tmp_path / "there/data/messages.db").count() == done.unfinished == 1
    assert b"m/before" not in (tmp_path / "out/b.tar.gz.age").read_bytes()


@pytest.mark.plain("the tables as they stand there are compared with a file of them")
async def test_an_older_database_is_backed_up_as_it_is_and_not_brought_forward(url, tmp_path):
    world.fill(tmp_path / "all.db")
    await asyncio.to_thread(messages_file.put_there, tmp_path / "all.db", tmp_path / "home/data/messages.db")
    home = home_at(tmp_path / "home")
    older = TABLES.version - 1
    ask(url, f"update hongyan set value='{older}' where name='version' returning 1")
    ask(url, "create table vanishing(name text primary key, ends timestamptz)")  # as what may vanish is kept
    kept = await asyncio.to_thread(keep, home, "")
    with tarfile.open(kept.shown) as tar:
        tar.extract("data/messages.db", tmp_path, filter="data")
    made = tmp_path / "data/messages.db"
    with closing(sqlite3.connect(made)) as db:
        assert db.execute("pragma user_version").fetchone()[0] == kept.version == older
        defaults = "select dflt_value, \"notnull\" from pragma_table_info('messages') where name='tries'"
        assert db.execute(defaults).fetchone() == ("1", 1)
        [last] = db.execute("select seq from sqlite_sequence where name='messages'").fetchone()
        db.execute(f"pragma user_version={TABLES.version}")
    assert [row[0] for row in ask(url, "select value from hongyan where name='version'")] == [str(older)]
    assert (world.rows_in(made), last) == (world.rows_in(tmp_path / "all.db"), 108)
    open_store(made, TABLES).close()  # its columns are all there, and what else it needs is made
