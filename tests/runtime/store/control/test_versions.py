"""Frozen agents, one file a version."""

import json

import pytest

from runtime.errors import NotFound
from runtime.store.control.control import Control


@pytest.fixture
def control(tmp_path):
    return Control.in_folder(tmp_path)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def older(folder, *rows):
    """The one file that an earlier program kept all versions in."""
    table = {str(n): row for n, row in enumerate(rows, 1)}
    path = folder / "control" / "versions.json"
    path.write_text(json.dumps({"records": table}), encoding="utf-8")
    return path


def row(publication, number, **more):
    agent = {"id": "shop", "n": number}
    known = {"publication": publication, "number": number, "agent": agent, "at": 5.0, "note": "好"}
    return {"id": f"{publication}.{number}", **known, **more}


def test_each_version_is_a_file_of_its_own_which_later_ones_do_not_touch(control, tmp_path):
    control.freeze("shop-1", {"n": 1})
    first = tmp_path / "control" / "versions" / "shop-1.1.json"
    before = first.stat()
    control.freeze("shop-1", {"n": 2})
    assert names(first.parent) == ["shop-1.1.json", "shop-1.2.json"]
    assert first.stat() == before
    assert first.stat().st_mode & 0o777 == 0o600


def test_they_come_in_the_order_of_their_numbers(control):
    for n in range(1, 12):
        control.freeze("shop-1", {"n": n})
    control.freeze("shop-11", {"n": 99})
    assert [version.agent["n"] for version in control.versions("shop-1")] == list(range(1, 12))


def test_a_note_is_kept_and_the_agent_stays(control):
    control.freeze("shop-1", {"n": 1})
    control.note_version("shop-1", 1, "第一版", by="anna")
    [version] = control.versions("shop-1")
    assert (version.note, version.noted_by, version.agent) == ("第一版", "anna", {"n": 1})
    with pytest.raises(NotFound):
        control.note_version("shop-1", 2, "没有")


def test_what_another_process_wrote_is_seen(control, tmp_path):
    control.freeze("shop-1", {"n": 1})
    assert control.version("shop-1", 2) is None
    Control.in_folder(tmp_path).freeze("shop-1", {"n": 2})
    assert control.version("shop-1", 2).agent == {"n": 2}
    assert control.freeze("shop-1", {"n": 3}).number == 3


@pytest.mark.parametrize("publication", ["../shop", "shop-1/..", "", "Shop"])
def test_a_name_is_no_path(control, publication):
    assert control.version(publication, 1) is None


def test_those_of_an_earlier_program_are_taken_over_once(control, tmp_path):
    path = older(tmp_path, row("shop-1", 1), row("shop-1", 2), row("tea-1", 1))
    again = Control.in_folder(tmp_path)
    assert [version.note for version in again.versions("shop-1")] == ["好", "好"]
    assert again.frozen_agent("tea-1", 1) == {"id": "shop", "n": 1}
    assert again.freeze("shop-1", {"n": 3}).number == 3
    assert not path.exists()
    assert Control.in_folder(tmp_path).version("shop-1", 3).agent == {"n": 3}


def test_what_cannot_be_read_of_them_is_kept_as_it_is_and_its_number_stays_taken(control, tmp_path):
    older(tmp_path, row("shop-1", 1), row("shop-1", 2, new=1))
    again = Control.in_folder(tmp_path)
    assert [version.number for version in again.versions("shop-1")] == [1]
    kept = json.loads((tmp_path / "control" / "versions" / "shop-1.2.json").read_text(encoding="utf-8"))
    assert kept == row("shop-1", 2, new=1)
    assert again.freeze("shop-1", {"n": 3}).number == 3
