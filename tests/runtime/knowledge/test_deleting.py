"""A base or a source that was deleted comes back whole, whatever the index has done meanwhile."""

import io

import pytest

from runtime.errors import Conflict, NotFound, NotSaved
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.deleting import delete, drop_files, put_back, restore, start_removing
from runtime.lang import Text


@pytest.fixture
def bases(tmp_path):
    found = Bases(tmp_path)
    found.create("tea", "茶")
    for name in ("a.txt", "b.txt", "c.txt"):
        found.add("tea", io.BytesIO(name.encode()), name)
    return found


def held(bases):
    return {path.name: path.read_bytes() for path in bases.folder("tea").rglob("*") if path.is_file()}


@pytest.mark.parametrize("forgotten", [False, True], ids=["before the index forgot it", "after"])
def test_a_source_comes_back_in_its_place(bases, forgotten):
    before = held(bases)
    token = start_removing(bases, "tea", "b.txt").token
    if forgotten:
        drop_files(bases, "tea", ["b.txt"])
        bases.forget("tea", "b.txt")
    assert put_back(bases, token) == "tea"
    assert held(bases) == before
    drop_files(bases, "tea", ["b.txt"])  # by an index that looked before it was back
    bases.forget("tea", "b.txt")
    assert held(bases) == before
    with pytest.raises(NotFound):
        put_back(bases, token)


def test_a_source_whose_return_broke_off_can_be_asked_for_again(bases, monkeypatch):
    before = held(bases)
    token = start_removing(bases, "tea", "b.txt").token

    def full(base):
        raise NotSaved(Text("磁盘满了", "the disk is full"))

    with monkeypatch.context() as disk:
        disk.setattr(bases, "save", full)
        with pytest.raises(NotSaved):
            put_back(bases, token)
    assert put_back(bases, token) == "tea"
    assert held(bases) == before


def test_with_a_sitemap_come_the_pages_that_it_brought(bases):
    for name in ("a.txt", "c.txt"):
        bases.change("tea", lambda base, name=name: listed(base, name))
    before = held(bases)
    token = start_removing(bases, "tea", "b.txt").token
    assert [one.file for one in bases.get("tea").sources if not one.going] == []
    put_back(bases, token)
    assert held(bases) == before


def listed(base, name):
    pages = [
        one.model_copy(update={"listed_by": "b.txt"}) if one.file == name else one for one in base.sources
    ]
    return base.model_copy(update={"sources": tuple(pages)})


def test_a_source_for_good_leaves_nothing_aside(bases, tmp_path):
    assert start_removing(bases, "tea", "b.txt", for_good=True).token == ""
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == b"b.txt"]
    assert kept == []


def test_a_base_comes_back_with_its_index_unless_its_name_is_taken(bases):
    bases.index("tea").write_bytes(b"index")
    before = held(bases)
    token = delete(bases, "tea")
    assert bases.listing().bases == []
    assert restore(bases, token) == "tea"
    assert (held(bases), bases.index("tea").read_bytes()) == (before, b"index")
    token = delete(bases, "tea")
    bases.create("tea", "另一个")
    assert not bases.index("tea").exists()
    with pytest.raises(Conflict):
        restore(bases, token)
