"""A folder of files is written anew; its secrets, and other people's folders, stay as they are."""

import stat

import pytest

from runtime.deployment import folder
from runtime.deployment.folder import Secret
from runtime.errors import Conflict


def written(path, kind="compose", value="first", files=None):
    kept = [Secret("a.env", "ONE", value), Secret("a.env", "TWO", value), Secret("key", "", value)]
    return folder.write(path, kind, files or {"compose.yaml": value, "deep/b.yml": value}, kept)


def test_files_change_and_secrets_stay(tmp_path):
    into = tmp_path / "new"
    written(into)
    (into / "secrets/a.env").write_text("ONE=the owner's own")  # who also took a line out, and the last break
    written(into, value="second")
    assert (into / "compose.yaml").read_text() == "second"
    assert (into / "deep/b.yml").read_text() == "second"
    assert (into / "secrets/a.env").read_text() == "ONE=the owner's own\nTWO=second\n"
    assert (into / "secrets/key").read_text() == "first"


def test_nobody_else_looks_in(tmp_path):
    into = tmp_path / "new"
    written(into)
    assert stat.S_IMODE(into.stat().st_mode) == 0o700
    assert stat.S_IMODE((into / "secrets").stat().st_mode) == 0o700


@pytest.mark.parametrize("there", ["nginx.conf", ".hidden", "compose.yaml"])
def test_a_folder_with_other_files_is_left_alone(tmp_path, there):
    (tmp_path / there).write_text("somebody's")
    with pytest.raises(Conflict) as caught:
        written(tmp_path)
    assert caught.value.field == "--into"
    assert [file.name for file in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "somebody's"


def test_a_folder_of_another_kind_is_left_alone(tmp_path):
    written(tmp_path / "new", "helm")
    with pytest.raises(Conflict):
        written(tmp_path / "new", "compose", "second")


def test_an_empty_folder_is_taken(tmp_path):
    assert len(written(tmp_path)) == 4
