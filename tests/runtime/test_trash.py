"""What was deleted is aside for a while, comes back as it was, and then is gone."""

import os
from pathlib import Path

import pytest

from runtime import trash as trash_module
from runtime.errors import NotFound, NotSaved, Refused
from runtime.lang import Text
from runtime.trash import KEPT, Kind, Trash
from set_clock import Clock

REAL = "1000000000000-" + "a" * 16


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def told():
    return []


@pytest.fixture
def trash(tmp_path, clock, told):
    def places(about, names):
        return {name: tmp_path / "here" / about["id"] / name for name in names}

    def say(what):
        return lambda about: told.append((what, about["id"]))

    kind = Kind(places, leaves=say("leaves"), returns=say("returns"), forgotten=say("forgotten"))
    return Trash(tmp_path / "trash", kind, clock)


def put(tmp_path, path, text):
    file = tmp_path / "here" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def refuse(*args):
    raise NotSaved(Text("磁盘满了", "the disk is full"))


def test_files_and_folders_come_back_as_they_were(tmp_path, trash, clock, told):
    file, inside = put(tmp_path, "x/a.txt", "a"), put(tmp_path, "x/b/in/b.txt", "b")
    token = trash.take({"id": "x"}, ["a.txt", "b", "none"])
    assert (file.exists(), inside.exists()) == (False, False)
    (deleted,) = trash.listing()
    assert (deleted.token, deleted.about, list(deleted.files)) == (token, {"id": "x"}, ["a.txt", "b"])
    assert deleted.at == clock.now
    trash.give_back(deleted)
    assert (file.read_text(), inside.read_text()) == ("a", "b")
    assert told == [("leaves", "x"), ("returns", "x")]
    assert trash.listing() == []
    with pytest.raises(NotFound):
        trash.find(token)


def test_it_comes_back_as_another_beside_what_took_its_place(tmp_path, trash):
    put(tmp_path, "x/a.txt", "old")
    token = trash.take({"id": "x"}, ["a.txt"])
    there = put(tmp_path, "x/a.txt", "new")
    trash.give_back(trash.find(token), {"id": "y"})
    assert (there.read_text(), (tmp_path / "here" / "y" / "a.txt").read_text()) == ("new", "old")


def test_a_folder_comes_back_into_what_is_left_of_it(tmp_path, trash):
    folder = put(tmp_path, "x/b/one", "1").parent
    token = trash.take({"id": "x"}, ["b"])
    put(tmp_path, "x/b/two", "2")
    trash.give_back(trash.find(token))
    assert sorted(path.name for path in folder.iterdir()) == ["one", "two"]


def test_what_is_aside_for_too_long_is_gone_and_told(tmp_path, trash, clock, told):
    put(tmp_path, "old/a", "a")
    old = trash.take({"id": "old"}, ["a"])
    clock.now += KEPT - 1
    put(tmp_path, "young/b", "b")
    young = trash.take({"id": "young"}, ["b"])
    assert trash.find(old).files.keys() == {"a"}
    clock.now += 2
    assert [one.token for one in trash.listing()] == [young]
    trash.take({"id": "z"})
    assert ("forgotten", "old") in told
    assert trash.find(young).files.keys() == {"b"}
    with pytest.raises(NotFound):
        trash.find(old)
    assert not any(path.read_text() == "a" for path in (tmp_path / "trash").rglob("*.kept"))


def test_what_a_crash_left_of_one_that_was_dropped_goes_with_the_next(tmp_path, trash):
    put(tmp_path, "x/a", "a")
    folder = tmp_path / "trash" / trash.take({"id": "x"}, ["a"])
    (folder / "about.json").unlink()
    assert trash.listing() == []
    trash.take({"id": "y"})
    assert not folder.exists()


@pytest.mark.parametrize("way", ["aside", "back"])
def test_what_the_disk_refuses_halfway_is_taken_back(tmp_path, trash, told, monkeypatch, way):
    files = [put(tmp_path, f"x/{name}", name) for name in "ab"]
    if way == "back":
        token = trash.take({"id": "x"}, ["a", "b"])
    moved, places = trash_module._moved, []

    def once(path, to):
        places.append(path)
        return refuse() if len(places) == 2 else moved(path, to)

    with monkeypatch.context() as disk:
        disk.setattr(trash_module, "_moved", once)
        with pytest.raises(NotSaved):
            trash.take({"id": "x"}, ["a", "b"]) if way == "aside" else trash.give_back(trash.find(token))
    assert [file.exists() for file in files] == [way == "aside"] * 2
    assert len(trash.listing()) == (way == "back")
    assert trash.begun() == []


def test_what_may_not_leave_stays_and_nothing_is_begun(tmp_path):
    def used(about):
        raise Refused(Text("在用", "It is used"))

    file = put(tmp_path, "x/a", "a")
    trash = Trash(tmp_path / "trash", Kind(lambda about, names: {"a": file}, leaves=used))
    with pytest.raises(Refused):
        trash.take({"id": "x"}, ["a"])
    assert (file.exists(), trash.begun(), trash.listing()) == (True, [], [])


@pytest.mark.parametrize(
    "token",
    ["", "..", "../x", "0000000000000-0123456789abcdef", "x" * 400, "../other/{real}", "./{real}"],
)
def test_a_token_that_is_none_finds_nothing_also_where_its_path_leads_to_a_deletion(tmp_path, clock, token):
    for folder in ("other", "mine"):
        kept = tmp_path / folder / Trash(tmp_path / folder, Kind(), clock).take({"id": "x"})
        kept.rename(kept.with_name(REAL))
    with pytest.raises(NotFound):
        Trash(tmp_path / "mine", Kind(), clock).find(token.format(real=REAL))


def test_a_folder_that_goes_while_it_is_looked_at_has_nothing_in_it(tmp_path, monkeypatch):
    folder, look = tmp_path / "trash", os.scandir

    def late(path):
        if Path(path) == folder:
            folder.rmdir()  # as another instance's mirror does with an empty one
        return look(path)

    monkeypatch.setattr(os, "scandir", late)
    trash = Trash(folder, Kind())
    for looked in (trash.begun, trash.listing):
        folder.mkdir()
        assert looked() == []
        assert not folder.exists()
