"""TinyDB on files that are whole at any moment."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tinydb import TinyDB

from runtime.errors import NotSaved, Unreadable
from runtime.store.control.atomic import AtomicJSONStorage, private_folder

DATA = {"records": {"1": {"name": "一"}}}
NEXT = {"records": {"1": {"name": "二"}}}


@pytest.fixture
def storage(tmp_path):
    return AtomicJSONStorage(tmp_path / "kind.json")


def test_tinydb_works_on_it(storage):
    database = TinyDB(storage.path, storage=AtomicJSONStorage)
    database.insert({"name": "一"})
    assert TinyDB(storage.path, storage=AtomicJSONStorage).all() == [{"name": "一"}]


def test_nothing_is_read_where_nothing_was_written(storage):
    assert storage.read() is None


def test_what_is_read_may_be_changed_without_changing_the_file(storage):
    storage.write(DATA)
    storage.read()["records"]["1"]["name"] = "changed"
    assert storage.read() == DATA


def test_only_the_owner_may_read_the_file(storage):
    storage.write(DATA)
    assert storage.path.stat().st_mode & 0o777 == 0o600


def test_another_content_has_another_stamp(storage):
    before = storage.stamp()
    storage.write(DATA)
    between = storage.stamp()
    storage.write(NEXT)
    assert len({before, between, storage.stamp()}) == 3


@pytest.mark.parametrize("kept", [0, 10, 50, 90, 99])
def test_a_damaged_file_is_put_aside_and_the_version_before_it_used(storage, kept):
    storage.write(DATA)
    storage.write(NEXT)
    whole = storage.path.read_bytes()
    storage.path.write_bytes(whole[: len(whole) * kept // 100])

    assert storage.read() == DATA
    assert storage.read() == DATA
    assert [path.read_bytes() for path in storage.path.parent.glob("*.broken-*")] == [
        whole[: len(whole) * kept // 100]
    ]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"a": NaN}', b"{} {}"])
def test_a_damaged_file_without_an_earlier_version_is_refused_by_name(storage, content):
    storage.path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"kind\.json"):
        storage.read()
    assert storage.path.read_bytes() == content


def test_a_write_that_fails_leaves_the_old_content_and_no_litter(storage, tmp_path):
    storage.write(DATA)
    with pytest.raises(NotSaved):
        AtomicJSONStorage(tmp_path / ("x" * 240 + ".json")).write(NEXT)
    assert storage.read() == DATA
    assert not list(tmp_path.glob(".new-*"))


def test_litter_of_a_killed_write_is_removed_at_start_but_not_a_running_one(tmp_path):
    old, young = tmp_path / ".new-old", tmp_path / ".new-young"
    old.touch()
    young.touch()
    os.utime(old, (0, 0))
    private_folder(tmp_path)
    assert list(tmp_path.iterdir()) == [young]
    assert tmp_path.stat().st_mode & 0o777 == 0o700


COUNT = """
import sys
from pathlib import Path
from runtime.store.control.atomic import AtomicJSONStorage
storage = AtomicJSONStorage(Path(sys.argv[1]))
for _ in range(25):
    with storage.exclusive():
        data = storage.read() or {"n": 0}
        storage.write({"n": data["n"] + 1})
"""


def test_processes_do_not_overwrite_each_other(storage):
    workers = [subprocess.Popen([sys.executable, "-c", COUNT, str(storage.path)], cwd=ROOT) for _ in range(3)]
    assert [worker.wait() for worker in workers] == [0, 0, 0]
    assert storage.read() == {"n": 75}


def test_threads_do_not_overwrite_each_other(storage):
    def add():
        for _ in range(10):
            with storage.exclusive(), storage.exclusive():
                storage.write({"n": (storage.read() or {"n": 0})["n"] + 1})

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert storage.read() == {"n": 40}


def test_a_killed_writer_leaves_a_whole_file(storage):
    storage.write({"n": 0})
    for _ in range(3):
        worker = subprocess.Popen(
            [sys.executable, "-c", COUNT.replace("25", "10**6"), str(storage.path)], cwd=ROOT
        )
        before = storage.read()["n"]
        while storage.read()["n"] < before + 5:
            assert worker.poll() is None
        worker.kill()
        worker.wait()
    assert storage.read()["n"] >= 15
    assert not list(storage.path.parent.glob("*.broken-*"))


ROOT = Path(__file__).parents[4]
