"""`python app.py words …`: a list is brought in from a file, counted, and taken away until it is had back."""

import json

import pytest

from runtime.safety.words.lists import LARGEST, WordLists


def told(answer):
    code, out, _ = answer
    assert code == 0, answer
    return [json.loads(line) for line in out.splitlines()]


def test_a_list_is_brought_in_changed_and_taken_away(run, home, tmp_path):
    file = tmp_path / "Ours.txt"
    file.write_text("# 自己的\n蓝杉会\n!蓝杉\n", "utf-8")
    line = {"name": "ours", "words": 1, "allowed": 1, "given": False}
    assert told(run("words", "add", str(file))) == [line]
    assert WordLists(home).matcher(["ours"]).find("去 蓝-杉 会 看看")
    file.write_text("蓝杉会\n加微信\n", "utf-8")
    line = {**line, "words": 2, "allowed": 0}
    assert told(run("words", "add", str(file))) == [line]
    lists = told(run("words", "list"))
    assert lists[-1] == line
    assert [one["given"] for one in lists] == [True] * (len(lists) - 1) + [False]
    assert told(run("words", "remove", "ours")) == [{"removed": "ours"}]
    assert told(run("words", "list")) == lists[:-1]
    [deleted] = WordLists(home).deleted()
    assert WordLists(home).restore(deleted.token) == "ours"


def test_it_is_read_from_standard_input_too(run):
    assert told(run("words", "add", "-", "--name", "piped", said="蓝杉会"))[0]["words"] == 1


@pytest.mark.parametrize(
    ("content", "typed", "says"),
    [
        (None, ["add", "{file}"], "Cannot read"),
        (b"\xff\xfe", ["add", "{file}"], "UTF-8"),
        (b"# nothing", ["add", "{file}"], "no word"),
        ("词".encode() * LARGEST, ["add", "{file}"], "too large"),
        ("词".encode(), ["add", "{file}", "--name", "basic"], "given"),
        ("词".encode(), ["add", "{file}", "--name", "../up"], "lower-case"),
        ("词".encode(), ["remove", "none"], "no word list"),
        ("词".encode(), ["remove", "basic"], "given"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_changes_nothing(
    run, home, tmp_path, content, typed, says, monkeypatch
):
    monkeypatch.setenv("LANG", "en")
    file = tmp_path / "x.txt"
    if content is not None:
        file.write_bytes(content)
    before = WordLists(home).names()
    code, out, err = run("words", *(one.format(file=file) for one in typed))
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1
    assert WordLists(home).names() == before
