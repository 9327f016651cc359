"""Names that nobody introduces: what is found of a table, what is missed, and what stays."""

import json
from pathlib import Path

import pytest

from cost import cpu_seconds
from runtime.safety.masking.masking import Masking
from runtime.safety.masking.unsaid import unsaid

TABLE = json.loads((Path(__file__).parent / "unsaid.json").read_text("utf-8"))
FOUND, MISSED, STAYS = TABLE["found"], TABLE["missed"], TABLE["stays"]
"""Sentences with a name in them that is found, and that is not, as the manual tells; and with none."""
MADE_UP = "王小明"
"""Stands for whoever was named first."""
DOCS = Path(__file__).parents[3] / "docs"


def names_in(text):
    return [text[one.start : one.end] for one in unsaid(text)]


def masked(text):
    masking = Masking()
    masking.learn(text)
    return masking.masked(text)


def test_names_are_found_by_what_stands_around_them():
    assert [(text, name) for text, name in FOUND if name not in names_in(text)] == []
    others = [(text, name) for text, name in FOUND if name != MADE_UP]
    assert [(text, name) for text, name in others if name in masked(text)] == []


def test_brands_places_things_and_turns_of_speech_stay():
    assert [(text, names_in(text)) for text in STAYS if names_in(text)] == []
    assert [(text, masked(text)) for text in STAYS if masked(text) != text] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_manual_tells_how_many_are_missed(lang):
    assert [text for text, name in MISSED if name in names_in(text)] == []
    told = (DOCS / lang / "tests.md").read_text("utf-8")
    assert f"{len(FOUND)} / {len(FOUND) + len(MISSED)}" in told
    assert f"{len(STAYS)} / {len(STAYS)}" in told


def test_a_long_text_takes_no_longer_than_its_length():
    text = "帮王小明查一下，Please ask John Smith to call. 王王王王王王王王陈陈陈陈陈 Anna Anna Anna "
    assert cpu_seconds(lambda: list(unsaid(text * 200))) < 25 * max(
        cpu_seconds(lambda: list(unsaid(text * 20))), 0.002
    )
