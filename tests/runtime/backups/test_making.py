"""Backups made, spoiled in every way, checked, and put back elsewhere."""

import asyncio
import contextlib
import io
import json
import os
import sqlite3
import tarfile
import time
import tracemalloc
from contextlib import closing

import pytest
from backup_world import KEY, OTHER, InMemory, filled, full_disk, tree

from runtime.backups.key_files import key_of, make_key
from runtime.backups.making import check, make, name_at, opening
from runtime.backups.places import Where, where
from runtime.backups.sealing_keys import Passphrase, PublicKey
from runtime.errors import BadSettings, NotFound, NotSaved, StoreFailed
from runtime.store.home_files import FOLDERS
from runtime.store.messages.restored import Restored
from runtime.store.messages.tables import TABLES
from runtime.store.put_back import put_back_from
from runtime.store.unpacking import unpack

pytestmark = pytest.mark.of_files
KEYS = {"plain": None, "a pair": KEY, "a passphrase": Passphrase("correct horse battery", work=2)}


@pytest.fixture
async def home(tmp_path):
    return await filled(tmp_path / "home")


@pytest.mark.parametrize("key", KEYS)
async def test_a_backup_is_the_same_elsewhere_and_silent_until_told(home, tmp_path, key):
    place = InMemory()
    made = make(home, Where(place, "b"), KEYS[key], 5)
    checked = check(place, "b", KEYS[key], tmp_path / "checks")
    assert (checked.contents, checked.messages, checked.at) == (made.saved.contents, 1, 5)
    assert list((tmp_path / "checks").iterdir()) == []
    with opening(place, "b", KEYS[key]) as archive:
        done = put_back_from(tmp_path / "there", archive, "b", 9)
    assert (done.contents, done.unfinished) == (made.saved.contents, 1)
    assert Restored(tmp_path / "there/data/messages.db").count() == 1
    for name in ("agents/shop.json", "knowledge/tea/a.md", "data/secret.key"):
        assert (tmp_path / "there" / name).read_bytes() == (home / name).read_bytes()
    assert (b"shop.json" in place.kept["b"], place.kept["b"].startswith(b"age")) == (False, key != "plain")


async def test_another_word_in_it_is_another_hash(home, tmp_path):
    place = InMemory()
    former = make(home, Where(place, "a"), None, 5).saved.contents
    (home / "agents/shop.json").write_text("[]")
    assert make(home, Where(place, "b"), None, 5).saved.contents != former


async def test_no_backup_holds_the_one_before_it(home):
    place = InMemory()
    former = make(home, Where(place, "a"), None, 5).saved.contents
    for name in ("backup.tar.gz", "hongyan-20261130T000000Z.tar.gz.age"):
        (home / "data" / name).write_bytes(place.kept["a"])
    assert make(home, Where(place, "b"), None, 5).saved.contents == former


def read_into(raw, folder, key=None):
    place = InMemory()
    place.kept["b"] = raw
    with opening(place, "b", key) as archive:
        return unpack(archive, "b", {name: folder / name for name in FOLDERS})


@pytest.mark.parametrize("key", ["plain", "a pair"])
async def test_a_backup_that_is_cut_at_any_byte_is_refused(tmp_path, key):
    (tmp_path / "home/data").mkdir(parents=True)
    (tmp_path / "home/agents").mkdir()
    (tmp_path / "home/agents/a.json").write_text("{}")
    place = InMemory()
    make(tmp_path / "home", Where(place, "b"), KEYS[key], 5)
    whole = place.kept["b"]
    for at in range(len(whole)):
        with pytest.raises(BadSettings):
            read_into(whole[:at], tmp_path / str(at), KEYS[key])
    assert read_into(whole, tmp_path / "whole", KEYS[key]).files == 1


async def test_what_opens_it_and_what_does_not_is_said(home, tmp_path):
    place = InMemory()
    make(home, Where(place, "b"), KEY, 5)
    for key, words in {None: "is encrypted", OTHER: "another key", KEY.public: "only the public key"}.items():
        with pytest.raises(BadSettings, match=words):
            check(place, "b", key, tmp_path / "checks")
    assert list((tmp_path / "checks").iterdir()) == []


async def test_who_made_one_for_a_public_key_can_check_it_and_nobody_else(home, tmp_path):
    place = InMemory()
    made = make(home, Where(place, "b"), KEY.public, 5)
    assert check(place, "b", KEY.public, tmp_path / "checks", made.own).contents == made.saved.contents
    assert check(place, "b", KEY, tmp_path / "checks").contents == made.saved.contents


def rewritten(raw, change):
    """The same archive with its files as `change` makes them, by their names."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(raw)) as old, tarfile.open(fileobj=out, mode="w:gz") as new:
        for entry in old:
            content = change(entry.name, old.extractfile(entry).read())
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def said(name, **values):
    return lambda at, content: json.dumps(json.loads(content) | values).encode() if at == name else content


OF_OTHERS = {
    "a newer version": (said("hongyan-backup.json", hongyan_backup=3, version="9.1"), "newer Hongyan, 9.1"),
    "another file": (lambda at, raw: b"[]" if at == "agents/shop.json" else raw, "not what was put into it"),
    "fewer files": (said("hongyan-contents.json", files=1), "not what was put into it"),
    "other rows": (said("hongyan-contents.json", rows={"messages": 7}), "had 7 when it was made"),
}


@pytest.mark.parametrize("case", OF_OTHERS)
async def test_what_is_not_as_it_was_made_is_told(home, tmp_path, case):
    change, words = OF_OTHERS[case]
    place = InMemory()
    make(home, Where(place, "b"), None, 5)
    place.kept["b"] = rewritten(place.kept["b"], change)
    with pytest.raises(BadSettings, match=words):
        check(place, "b", None, tmp_path / "checks")


async def test_messages_of_newer_tables_are_refused_and_nothing_is_changed(home, tmp_path):
    with closing(sqlite3.connect(home / "data/messages.db")) as db:
        db.execute(f"pragma user_version={TABLES.version + 1}")
    place = InMemory()
    make(home, Where(place, "b"), None, 5)
    with pytest.raises(StoreFailed, match="newer version"):
        check(place, "b", None, tmp_path / "checks")
    there = await filled(tmp_path / "there")
    before = tree(there)
    with pytest.raises(StoreFailed, match="newer version"), opening(place, "b", None) as archive:
        put_back_from(there, archive, "b", 9)
    assert tree(there) == before


async def test_on_a_full_disk_nothing_is_left_and_the_older_ones_stay(home, tmp_path):
    (home / "files").mkdir()
    (home / "files/a.bin").write_bytes(os.urandom(1_500_000))
    to = where(f"{tmp_path}/out/b.tar.gz")
    make(home, to, KEY, 5)
    before = tree(tmp_path / "out")
    for size in (100_000, 1_000_000):  # in the messages, and in what follows
        with full_disk(size), pytest.raises((NotSaved, StoreFailed), match="Check disk"):
            make(home, to, KEY, 6)
    with full_disk(1_000_000), pytest.raises(NotSaved):
        check(to.place, to.name, KEY, home / "data")
    assert tree(tmp_path / "out") == before
    assert not [path for path in (home / "data").iterdir() if path.name.startswith((".new-", ".checking-"))]


async def test_two_at_once_are_both_whole(home, tmp_path):
    to = where(f"{tmp_path}/out/b.tar.gz")
    both = [asyncio.to_thread(make, home, to, KEY, now) for now in (5, 6)]
    found = {made.saved.contents for made in await asyncio.gather(*both)}
    assert check(to.place, to.name, KEY, tmp_path / "checks").contents in found
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.tar.gz"]


class Nowhere:
    def write(self, data):
        return len(data)


async def test_memory_does_not_grow_with_the_home(home):
    (home / "files").mkdir()
    with (home / "files/large.bin").open("wb") as file:
        file.truncate(16_000_000)

    class Place(InMemory):
        def writing(self, name):
            return contextlib.nullcontext(Nowhere())

    tracemalloc.start()
    make(home, Where(Place(), "b"), KEY, 5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


def test_a_name_is_the_same_in_every_time_zone(monkeypatch):
    for zone in ("Asia/Shanghai", "America/New_York", "UTC"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert name_at(1_796_000_000, "ab", is_sealed=True) == "hongyan-ab-20261130T005320Z.tar.gz.age"
    monkeypatch.delenv("TZ")
    time.tzset()


PLACES = {"": None, "ftp://x/y": None, "s3://b": None, "out/": "", "out/b.tar.gz": "b.tar.gz"}


@pytest.mark.parametrize("typed", PLACES)
def test_where_a_backup_goes(typed):
    if PLACES[typed] is None:
        with pytest.raises(BadSettings):
            where(typed, {})
    else:
        assert where(typed, {}).name == PLACES[typed]


def test_a_key_is_made_once_and_read_again(tmp_path):
    file = tmp_path / "key"
    public = make_key(file).public
    assert (file.stat().st_mode & 0o777, key_of(str(file), "").public) == (0o600, public)
    with pytest.raises(BadSettings, match="there already"):
        make_key(file)
    (tmp_path / "public").write_text(f"# on the server\n{public.written}\n")
    assert key_of(str(tmp_path / "public"), "") == PublicKey(public.raw)
    assert key_of("", "") is None


WRONG_FILES = {
    "nothing": b"",
    "a short one": b"short",
    "bytes": bytes(range(256)) * 10,
    "a slip": b"age1qqqqqq",
}


@pytest.mark.parametrize("case", WRONG_FILES)
def test_a_file_without_a_key_is_told(tmp_path, case):
    (tmp_path / "k").write_bytes(WRONG_FILES[case])
    with pytest.raises(BadSettings):
        key_of(str(tmp_path / "k"), "")
    with pytest.raises(BadSettings, match="cannot be read"):
        key_of("", str(tmp_path / "none"))
    with pytest.raises(BadSettings, match="not both"):
        key_of(str(tmp_path / "k"), str(tmp_path / "k"))


async def test_a_backup_that_is_not_there_is_named(tmp_path):
    with pytest.raises(NotFound, match=r"x\.tar\.gz"):
        check(where(f"{tmp_path}/x.tar.gz").place, "x.tar.gz", None, tmp_path / "checks")


def test_the_former_format_is_read(tmp_path):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        for name, content in {
            "hongyan-backup.json": b'{"hongyan_backup": 1, "at": 3}',
            "agents/a.json": b"{}",
        }.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    assert read_into(raw.getvalue(), tmp_path).at == 3
