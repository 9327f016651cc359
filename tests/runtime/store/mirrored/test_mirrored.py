"""Homes of several instances whose files are in one database."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

import app
from runtime.agents.library import Library
from runtime.errors import BadSettings, Conflict, NotSaved, StoreFailed
from runtime.files import bring, remove, remove_folder, settle, write_whole
from runtime.lang import Text
from runtime.locks import Lock, alone
from runtime.media.kept import KeptMedia
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.records import Contact
from runtime.store.control.table import Table
from runtime.store.database.postgres_locks import lock
from runtime.store.database.postgres_opening import connected
from runtime.store.database.postgres_url import VARIABLE, read
from runtime.store.home import home_of
from runtime.store.messages.beside import writing
from runtime.store.messages.sealed_files import SealedFiles
from runtime.store.messages.switching import switch
from runtime.store.mirrored import rows
from runtime.store.mirrored.folder import ASIDE
from runtime.store.mirrored.home import files_of, home_in

ROOT = Path(__file__).parents[4]


def test_what_one_writes_the_others_have(homes, soon):
    one, other = homes(), homes()
    write_whole(one / "agents/shop.json", b"first")
    soon(lambda: (other / "agents/shop.json").exists())
    assert (other / "agents/shop.json").read_bytes() == b"first"
    write_whole(other / "agents/shop.json", b"second")
    soon(lambda: (one / "agents/shop.json").read_bytes() == b"second")
    remove(one / "agents/shop.json")
    soon(lambda: not (other / "agents/shop.json").exists())


def test_whoever_comes_later_has_all_of_it_at_once_and_nothing_that_is_gone(homes, soon):
    one = homes()
    for n in range(201):
        write_whole(one / f"knowledge/manual/sources/{n}.md", str(n).encode())
    remove(one / "knowledge/manual/sources/7.md")
    (one / "new").write_bytes(b"whole")
    settle(one / "new", one / "knowledge/manual/base.json")
    later = homes()
    assert len(list((later / "knowledge/manual/sources").iterdir())) == 200
    assert (later / "knowledge/manual/base.json").read_bytes() == b"whole"
    remove_folder(one / "knowledge/manual")
    soon(lambda: not (later / "knowledge/manual").exists())
    assert (later / "knowledge").is_dir()


def test_what_belongs_to_one_instance_alone_stays_there(homes, soon):
    one, other = homes(), homes()
    own = ("data/control/x.lock", "data/control/x.previous.json", "data/ready", "agents/.git", "loose.json")
    for name in own:
        write_whole(one / name, b"own")
    write_whole(one / "agents/last.json", b"{}")
    soon(lambda: (other / "agents/last.json").exists())
    assert not [name for name in own if (other / name).exists()]


def test_large_files_of_messages_come_when_they_are_asked_for(homes, soon):
    one, other = homes(), homes()
    content = bytes(range(256)) * 8_000
    kept, there = KeptMedia(one / "data/media"), KeptMedia(other / "data/media")
    hash = kept._keep(content)
    write_whole(one / "agents/last.json", b"{}")
    soon(lambda: (other / "agents/last.json").exists())
    assert not there.path(hash).exists()
    assert there.read_now(hash) == content
    assert there.path(hash).exists()
    there.remove_now([hash])
    soon(lambda: not kept.path(hash).exists())
    assert kept.read_now(hash) is None
    assert not bring(one / "data/media/../../../../etc/hosts-of-nobody")


def test_one_that_is_sealed_at_an_instance_is_fetched_as_it_is_by_the_others(homes, soon, tmp_path):
    one, other = homes(), homes()
    path = one / "data/messages.db"
    with writing(path) as db:
        switch(db, "on", 1.0)
    kept, there = [KeptMedia(home / "data/media", SealedFiles(path)) for home in (one, other)]
    plain = KeptMedia(one / "data/media")
    content = b"from somebody" * 100
    hash = plain._keep(content)
    assert there.read_now(hash) == content
    assert sum(kept.seal_all(on=True)) == 1
    soon(lambda: content not in there.path(hash).read_bytes() if there.path(hash).exists() else True)
    assert there.read_now(hash) == content
    assert content not in there.path(hash).read_bytes()
    assert sum(there.seal_all(on=True)) == 0
    hidden = plain._keep(b"only in the database")
    kept.path(hidden).unlink()
    assert sum(there.seal_all(on=True)) == 1  # also what neither has here
    assert there.read_now(hidden) == b"only in the database"


def test_records_that_two_instances_change_at_once_are_all_kept(homes, soon):
    tables = [Table(homes() / "data/control/contacts.json", Contact) for _ in range(3)]

    def fill(n, table):
        for k in range(10):
            table.put(Contact(id=f"c{n}-{k}"))

    threads = [threading.Thread(target=fill, args=(n, table)) for n, table in enumerate(tables)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for table in tables:
        soon(lambda table=table: len(table.all()) == 30)


def test_of_two_who_edit_one_agent_the_second_is_told(homes, tmp_path, soon):
    starters = tmp_path / "none"
    one, other = (Library(folder / "agents", starters, folder / "data") for folder in (homes(), homes()))
    agent = one.import_('{"format": 1, "id": "shop", "name": "Shop", "flow": []}')
    soon(lambda: (other.folder / "shop.json").exists())
    revision = other.get("shop").revision
    one.save(agent.model_copy(update={"name": "One"}), revision)
    with pytest.raises(Conflict):
        other.save(agent.model_copy(update={"name": "Other"}), revision)
    assert other.get("shop").agent.name == "One"


def test_a_lock_is_had_by_one_instance(homes):
    one, other = homes(), homes()
    here, there = Lock(one / "data/control/x.lock"), Lock(other / "data/control/x.lock")
    assert here.take()
    assert not there.take()
    here.give_back()
    assert there.take()
    there.give_back()
    entered = []
    with alone(one / "data/control/x.lock"):
        waiting = threading.Thread(target=_enter, args=(other, entered))
        waiting.start()
        time.sleep(0.1)
        assert not entered
    waiting.join()
    assert entered


def _enter(home, entered):
    with alone(home / "data/control/x.lock"):
        entered.append(True)


def test_the_first_one_brings_what_it_has_and_nobody_loses_what_was_there(url, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    write_whole(first / "agents/shop.json", b"mine")
    os.utime(first / "agents/shop.json", (1_000_000_000, 1_000_000_000))
    write_whole(second / "agents/shop.json", b"also mine")
    write_whole(second / "agents/other.json", b"only mine")
    write_whole(second / "data/media/ab/abab", b"a picture")
    with home_in(url, first), home_in(url, second):
        for home in (first, second):
            assert (home / "agents/shop.json").read_bytes() == b"mine"
            assert (home / "agents/shop.json").stat().st_mtime == 1_000_000_000
        [aside] = (second / ASIDE).iterdir()
        assert {path.name: path.read_bytes() for path in aside.rglob("*.json")} == {
            "shop.json": b"also mine",
            "other.json": b"only mine",
        }


def test_who_was_away_has_no_old_copy_left_and_nothing_to_put_aside(homes, url, tmp_path):
    away = tmp_path / "away"
    with home_in(url, away):
        for name in ("changed", "gone", "same"):
            write_whole(away / f"agents/{name}.json", b"old")
    one = homes()
    write_whole(one / "agents/changed.json", b"new")
    remove(one / "agents/gone.json")
    (away / "agents/same.json").write_bytes(b"by hand")
    with home_in(url, away):
        there = {path.name: path.read_bytes() for path in (away / "agents").iterdir()}
    assert there == {"changed.json": b"new", "same.json": b"old"}
    assert [path.read_bytes() for path in (away / ASIDE).rglob("*.json")] == [b"by hand"]


def test_another_key_is_told_before_anything_is_taken(url, tmp_path):
    first, other = tmp_path / "first", tmp_path / "other"
    with home_in(url, first, lambda may_make: ["a"] if may_make else []):
        write_whole(first / "agents/shop.json", b"ours")
    write_whole(other / "agents/mine.json", b"mine")
    for marks in (lambda _: ["b"], _no_key):
        with pytest.raises(BadSettings, match="HONGYAN_SECRET_KEY"), home_in(url, other, marks):
            pass
        assert [path.name for path in (other / "agents").iterdir()] == ["mine.json"]
    with home_in(url, first, lambda _: ["b", "a"]):  # it is changed, and the former one still opens
        pass
    with pytest.raises(BadSettings), home_in(url, first, lambda _: ["a"]):
        pass


def _no_key(may_make):
    assert not may_make
    raise BadSettings(Text("没有", "none"), field="HONGYAN_SECRET_KEY")


def test_what_was_put_into_the_folder_by_hand_is_put_aside_and_told(homes, url, tmp_path, caplog):
    write_whole(homes() / "agents/shop.json", b"ours")
    folder = tmp_path / "late"
    write_whole(folder / "agents/shop.json", b"old")
    write_whole(folder / "agents/mine.json", b"mine")
    with home_in(url, folder):
        assert (folder / "agents/shop.json").read_bytes() == b"ours"
        assert not (folder / "agents/mine.json").exists()
    [aside] = (folder / ASIDE).rglob("mine.json")
    assert aside.read_bytes() == b"mine"
    assert "mine.json" in caplog.text


def test_while_the_database_is_away_all_is_read_and_nothing_written(homes, postgresql, monkeypatch, soon):
    one, other = homes(), homes()
    write_whole(one / "agents/shop.json", b"first")
    soon(lambda: (other / "agents/shop.json").exists())
    with monkeypatch.context() as away:
        _end_all(postgresql, then=lambda: away.setattr("asyncpg.connect", _refuse))
        for folder in (one, other):
            with pytest.raises(NotSaved):
                write_whole(folder / "agents/shop.json", b"second")
            assert (folder / "agents/shop.json").read_bytes() == b"first"
    soon(lambda: _written(one / "agents/shop.json", b"third"))
    soon(lambda: (other / "agents/shop.json").read_bytes() == b"third")


def test_a_lock_that_went_with_its_connection_lets_nothing_be_written(homes, postgresql, soon):
    one = homes()
    path = one / "data/control/x.json"
    with alone(one / "data/control/x.lock"):
        write_whole(path, b"with")
        _end_all(postgresql)
        with pytest.raises(NotSaved):
            write_whole(path, b"without")
    soon(lambda: _written(path, b"anew"))


def _written(path, content):
    try:
        write_whole(path, content)
    except NotSaved:
        return False
    return True


async def _refuse(*_, **__):
    raise ConnectionRefusedError


def _end_all(postgresql, then=lambda: None):
    """Every connection is gone, as at a restart of the server."""

    def end():
        session = connected(read(postgresql.url("public")))
        then()
        session.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid<>pg_backend_pid()")
        session.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(end).result()


async def test_an_event_loop_does_not_stand_still_while_the_database_does(homes, url, soon):
    one = homes()
    path = one / "data/control/x.json"
    with ThreadPoolExecutor(1) as thread:
        session = thread.submit(_stopping, url).result()
        with pytest.raises(NotSaved):
            write_whole(path, b"while it stands still")
        with pytest.raises(NotSaved):  # also what another thread of ours holds up
            Lock(one / "data/control/x.lock").take()
        thread.submit(session.close).result()
    soon(lambda: _written(path, b"anew"))


def _stopping(url):
    """Somebody who has the lock of all writers, and does nothing with it."""
    session = connected(files_of(url))
    session.run("begin")
    lock(session, files_of(url), "write")
    return session


def test_an_address_in_the_environment_is_all_that_an_instance_needs(url, tmp_path, monkeypatch):
    one, other, key = tmp_path / "one", tmp_path / "other", "0123456789abcdef"
    with home_of(one, ""):
        write_whole(one / "agents/shop.json", b"here alone")
    monkeypatch.setenv(VARIABLE, url.dsn + f"&schema={url.schema}")
    with home_of(one, key):
        secrets = Control.in_folder(one / "data", key).secrets
        secrets.put("token", "value", ["example.com"])
        with home_of(other, key):
            assert (other / "agents/shop.json").read_bytes() == b"here alone"
            assert Control.in_folder(other / "data", key).secrets.names() == secrets.names()
        for wrong in ("", "fedcba9876543210"):
            with pytest.raises(BadSettings, match="HONGYAN_SECRET_KEY"), home_of(tmp_path / "third", wrong):
                pass
    assert not (tmp_path / "third/agents").exists()
    assert not (tmp_path / "third/data/secret.key").exists()
    monkeypatch.setenv(VARIABLE, url.dsn + f"&schema={url.schema}_next")
    with home_of(other, key):
        pass
    monkeypatch.delenv(VARIABLE)
    for home, schema in ((one, url.schema), (other, f"{url.schema}_next")):  # alone, each would answer, too
        refusal = rf"\({schema}\): set HONGYAN_DATABASE_URL"
        with pytest.raises(StoreFailed, match=refusal), home_of(home, key):
            pass
    app.run(["move", "--undo"], Settings(home=other))
    with home_of(other, key):
        write_whole(other / "agents/shop.json", b"alone again")


DEATHS = {
    # where it dies: what is in the database then, and what both instances have after that
    "files_entered": (set(), b"first"),
    "file_kept": ({"agents/shop.json"}, b"second"),
}
DIES = """
import sys
from pathlib import Path
from runtime.files import write_whole
from runtime.store.home import home_of

home = Path(sys.argv[1])
with home_of(home, "0123456789abcdef"):
    write_whole(home / "agents/shop.json", b"second")
"""


def test_who_dies_while_saving_leaves_the_old_file_or_the_new_one(url, tmp_path):
    for point, (there, content) in DEATHS.items():
        own = replace(url, schema=f"{url.schema}_{point}")
        one, other = tmp_path / point / "one", tmp_path / point / "other"
        write_whole(one / "agents/shop.json", b"first")
        environ = {**os.environ, VARIABLE: f"{own.dsn}&schema={own.schema}", "HONGYAN_CRASH_AT": point}
        died = subprocess.run([sys.executable, "-c", DIES, one], cwd=ROOT, env=environ, check=False)
        assert died.returncode == -signal.SIGKILL
        session = connected(files_of(own))
        assert set(rows.names(session)) == there
        session.close()
        with home_in(own, one), home_in(own, other):
            assert [(home / "agents/shop.json").read_bytes() for home in (one, other)] == [content] * 2
            assert not (one / ASIDE).exists()
