"""The question whether an address leads here: only who has the key can ask it, and read the answer."""

import pytest

from runtime.publish.reached import NAME, Arrived, Reach
from runtime.store.control.control import Control

NOW = 1_800_000_000.0


@pytest.fixture
def reach(tmp_path):
    return Reach(Control.in_folder(tmp_path / "a"))


@pytest.fixture
def other(tmp_path):
    return Reach(Control.in_folder(tmp_path / "b"))


def arrived(query, body=b"", method="GET"):
    return Arrived.of("shop-1", method, list(query.items()), body)


def test_what_arrived_is_told_to_who_asked_also_in_another_process(tmp_path, reach):
    query = reach.question(NOW)
    said = reach.answer(arrived(query, b"body", "POST"), NOW + 1)
    again = Reach(Control.in_folder(tmp_path / "a"))
    assert again.read(b'{"data": "' + said.encode() + b'"}', query) == arrived(query, b"body", "POST")


def test_a_strangers_question_is_not_answered(reach, other):
    assert other.answer(arrived(reach.question(NOW)), NOW) == ""


@pytest.mark.parametrize("asked", ["", "x", "1800000000-0123456789abcdef-" + "0" * 64, "é" * 9000])
def test_what_is_no_question_is_not_answered(reach, asked):
    assert reach.answer(arrived({NAME: asked}), NOW) == ""


def test_an_old_question_is_not_answered(reach):
    assert reach.answer(arrived(reach.question(NOW)), NOW + 301) == ""


def test_another_servers_answer_is_none_and_neither_is_that_to_another_question(reach, other):
    first, second = reach.question(NOW), reach.question(NOW)
    said = reach.answer(arrived(first), NOW).encode()
    assert other.read(said, first) is None
    assert reach.read(said, second) is None
    assert reach.read(said[:-4], first) is None
    assert reach.read(b"<html>", first) is None


def test_an_answer_is_bounded_however_much_arrives(reach):
    query = reach.question(NOW)
    said = reach.answer(arrived({**query, "junk": "字" * 100_000}), NOW)
    assert 0 < len(said) < 200
    assert reach.read(said.encode(), query) is None
