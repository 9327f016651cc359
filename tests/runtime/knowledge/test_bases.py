"""Bases as folders: what is in them, whatever it is called and whoever puts it there."""

import io
import json
import resource
import signal

import pytest

from runtime.errors import BadSettings, Conflict, NotFound, NotSaved, Unreadable
from runtime.knowledge.sources.base import Base, Source
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.deleting import delete
from runtime.knowledge.sources.file_names import safe, title_of


def files(home):
    return sorted(path.name for path in (home / "knowledge" / "tea" / "sources").iterdir())


@pytest.fixture
def bases(tmp_path):
    bases = Bases(tmp_path)
    bases.create("tea", "茶")
    return bases


def add(bases, content, name, **more):
    return bases.add("tea", io.BytesIO(content), name, **more)


def test_a_base_is_a_small_file_that_a_person_can_read(bases, tmp_path):
    add(bases, b"a", "价目表.txt", tags=["price"])
    text = (tmp_path / "knowledge" / "tea" / "base.json").read_text(encoding="utf-8")
    assert json.loads(text) == {
        "format": 1, "id": "tea", "name": "茶", "description": "", "splitting": {"longest": 400},
        "embedding": "offline", "rerank": "", "sees": "",
        "sources": [{"file": "价目表.txt", "title": "价目表.txt", "tags": ["price"]}],
    }  # fmt: skip
    assert "价目表" in text
    assert (tmp_path / "knowledge" / "tea" / "sources" / "价目表.txt").read_bytes() == b"a"


@pytest.mark.parametrize(
    ("given", "file"),
    [
        ("价目 表(2024).PDF", "价目-表-2024.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\我\\手册.docx", "手册.docx"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "file.htaccess"),
        ("-rf *", "rf"),
        ("con.txt", "file-con.txt"),
        ("a\0b\n.txt", "a-b.txt"),
        ("\u202egnp.exe\u202c.txt", "gnp-exe.txt"),
        ("😀.md", "file.md"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("字" * 300 + ".txt", "字" * 62 + ".txt"),
        ("a.b.c.tar.gz", "a-b-c-tar.gz"),
        ("<script>.html", "script.html"),
        ("none." + "x" * 30, "none-" + "x" * 30),
    ],
)
def test_a_file_has_a_name_that_any_system_takes(bases, given, file):
    source = add(bases, given.encode(), given).source
    assert (source.file, source.title) == (file, title_of(given))
    assert safe(given, {file.upper()}).rpartition(".")[0].endswith("-2") or "." not in file


def test_the_same_is_kept_once_and_another_takes_the_place_of_its_name(bases, tmp_path):
    first = add(bases, b"one", "a.txt", tags=["x"])
    assert (first.state, add(bases, b"one", "b.txt").state) == ("new", "same")
    assert add(bases, b"one", "b.txt").source == first.source
    changed = add(bases, b"two", "a.txt")
    assert (changed.state, changed.source.file, changed.source.tags) == ("changed", "a.txt", ("x",))
    # names that come out alike are two all the same
    assert [add(bases, name.encode(), name).source.file for name in ("x?.txt", "x*.txt", "X.TXT")] == [
        "x.txt", "x-2.txt", "X-3.txt",
    ]  # fmt: skip
    assert files(tmp_path) == [
        "X-3.txt", "a.txt", "x-2.txt", "x.txt",
    ]  # fmt: skip


def test_nobody_else_on_the_machine_gets_into_the_folder_of_bases(bases, tmp_path):
    assert (tmp_path / "knowledge").stat().st_mode & 0o777 == 0o700


def test_a_file_that_the_disk_does_not_take_leaves_nothing(bases, tmp_path):
    before, limit = signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limit[1]))
    try:
        with pytest.raises(NotSaved, match=r"large\.bin|new-"):
            add(bases, bytes(3 << 20), "large.bin")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert bases.get("tea").sources == ()
    assert files(tmp_path) == []


def test_what_is_too_large_is_refused_before_it_is_all_there(bases, tmp_path, monkeypatch):
    monkeypatch.setattr("runtime.knowledge.sources.received.LARGEST", 3 << 20)

    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return bytes(size)

    endless = Endless()
    with pytest.raises(BadSettings, match="too large") as told:
        bases.add("tea", endless, "endless.txt")
    assert (told.value.field, endless.given <= 5 << 20) == ("file", True)
    assert files(tmp_path) == []


def test_what_somebody_puts_into_the_folder_is_taken_up(bases, tmp_path):
    folder = tmp_path / "knowledge" / "tea" / "sources"
    folder.mkdir()
    (folder / "手写.md").write_text("x", encoding="utf-8")
    (folder / ".new-1").write_text("x", encoding="utf-8")
    (folder / "link.txt").symlink_to("/etc/passwd")
    assert bases.tended("tea").sources == (Source(file="手写.md", title="手写.md"),)
    assert bases.tended("tea") == bases.get("tea")


def test_a_base_that_is_broken_is_told_and_the_others_are_there(bases, tmp_path):
    for name, text, says in (
        ("cut", '{"format": 1, "id": "cut"', "Expecting"),
        ("strange", '{"format": 1, "id": "strange", "name": "x", "more": 1}', "more: unknown field"),
        ("other", '{"format": 1, "id": "tea", "name": "x"}', "says that it is 'tea'"),
        ("path", '{"id": "path", "name": "x", "sources": [{"file": "../x", "title": "x"}]}', "no path"),
        (
            "url",
            '{"id": "url", "name": "x", "sources": [{"file": "x", "title": "x", "address": "a:b"}]}',
            "http",
        ),
    ):
        folder = tmp_path / "knowledge" / name
        folder.mkdir()
        (folder / "base.json").write_text(text, encoding="utf-8")
        with pytest.raises(Unreadable, match=says):
            bases.get(name)
    listing = bases.listing()
    assert [base.id for base in listing.bases] == ["tea"]
    assert set(listing.broken) == {"cut", "strange", "other", "path", "url"}


@pytest.mark.parametrize("id", ["../tea", "", "..", "a/b", "Tea", "x" * 65, "a\0b"])
def test_an_id_is_no_path(bases, id):
    with pytest.raises((NotFound, BadSettings)):
        bases.create(id)
    with pytest.raises(NotFound):
        bases.get(id)


def test_two_who_change_a_base_at_once_both_count(bases):
    with pytest.raises(Conflict):
        bases.create("tea")
    bases.change("tea", lambda base: base.model_copy(update={"description": "茶的事"}))
    bases.change("tea", lambda base: base.model_copy(update={"embedding": "none"}))
    assert bases.get("tea") == Base(id="tea", name="茶", description="茶的事", embedding="none")
    delete(bases, "tea")
    with pytest.raises(NotFound):
        bases.get("tea")
