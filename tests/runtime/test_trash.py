"""What was deleted is aside for a while, comes back as it was, and then is gone."""

import pytest

from runtime.errors import NotFound
from runtime.trash import KEPT, Trash

REAL = "1000000000000-" + "a" * 16


class Clock:
    now = 1e9

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_files_and_folders_come_back_as_they_were(tmp_path, clock):
    file, folder = tmp_path / "here" / "a.txt", tmp_path / "here" / "b"
    (folder / "in").mkdir(parents=True)
    file.write_text("a")
    (folder / "in" / "b.txt").write_text("b")
    trash = Trash(tmp_path / "trash", clock)
    token = trash.take({"id": "x"}, {"file": file, "folder": folder, "none": tmp_path / "none"})
    assert (file.exists(), folder.exists()) == (False, False)
    deleted = trash.find(token)
    assert (deleted.about, list(deleted.files)) == ({"id": "x"}, ["file", "folder"])
    trash.give_back(deleted, {"folder": folder, "file": file})
    assert (file.read_text(), (folder / "in" / "b.txt").read_text()) == ("a", "b")
    with pytest.raises(NotFound):
        trash.find(token)


def test_a_folder_comes_back_into_what_a_crash_left_of_it(tmp_path, clock):
    folder = tmp_path / "b"
    folder.mkdir()
    (folder / "one").write_text("1")
    trash = Trash(tmp_path / "trash", clock)
    deleted = trash.find(trash.take({}, {"folder": folder}))
    folder.mkdir()
    (folder / "two").write_text("2")
    trash.give_back(deleted, {"folder": folder})
    assert sorted(path.name for path in folder.iterdir()) == ["one", "two"]


def test_what_is_aside_for_too_long_is_gone_and_told(tmp_path, clock):
    told = []
    trash = Trash(tmp_path / "trash", clock, told.append)
    (tmp_path / "a").write_text("a")
    old = trash.take({"id": "old"}, {"a": tmp_path / "a"})
    clock.now += KEPT - 1
    (tmp_path / "b").write_text("b")
    young = trash.take({"id": "young"}, {"b": tmp_path / "b"})
    assert trash.find(old).files.keys() == {"a"}
    clock.now += 2
    trash.take({}, {})
    assert told == [{"id": "old"}]
    assert trash.find(young).files.keys() == {"b"}
    with pytest.raises(NotFound):
        trash.find(old)
    assert not any(path.read_text() == "a" for path in (tmp_path / "trash").rglob("*.kept"))


@pytest.mark.parametrize(
    "token",
    ["", "..", "../x", "0000000000000-0123456789abcdef", "x" * 400, "../other/{real}", "./{real}"],
)
def test_a_token_that_is_none_finds_nothing_also_where_its_path_leads_to_a_deletion(tmp_path, clock, token):
    for folder in ("other", "mine"):
        (tmp_path / "a").write_text("a")
        kept = tmp_path / folder / Trash(tmp_path / folder, clock).take({}, {"a": tmp_path / "a"})
        kept.rename(kept.with_name(REAL))
    with pytest.raises(NotFound):
        Trash(tmp_path / "mine", clock).find(token.format(real=REAL))
