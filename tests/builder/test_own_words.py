"""Streamlit's own words are said in the page's language: each that we look up stands in what it serves."""

import pytest

from builder.insights import _own_words
from builder.insights._pack import FOLDER


@pytest.fixture(scope="module")
def served():
    return "".join(file.read_text("utf-8") for file in (FOLDER / "static" / "js").glob("*.js"))


@pytest.mark.parametrize("english", _own_words.NAMED)
def test_what_is_named_by_something_else_is_looked_up(served, english):
    _, written, what = _own_words.NAMED[english]
    assert written in served
    assert _own_words.looked_up(f"a({written})") == (
        f'a((globalThis.hySaid?.["{english}"]??"{english}").replace("{{}}",{what}))'
    )


@pytest.mark.parametrize("english", [*_own_words.SENTENCES, *_own_words.LABELS])
def test_what_is_said_is_there_to_be_looked_up(served, english):
    assert f"`{english}`" in served
