"""A sentence is two constants and its values; what a further language lacks is told."""

import json
import shutil

import pytest

from runtime import languages
from tests.languages import (
    NAME,
    PAGES,
    PSEUDO,
    ROOT,
    SENTENCES,
    blanks,
    constants,
    make_pseudo,
    missing,
    pseudo,
    sentences,
    source_files,
    texts_in,
    wanted,
)

MAKES_TEXTS = ROOT / "runtime" / "lang.py"
FURTHER = [one.code for one in languages.languages()[len(languages.WRITTEN) :]]


def no_constants(source):
    return [node.lineno for node in texts_in(source) if constants(node) is None]


def test_every_sentence_is_two_constants():
    found = {
        str(file.relative_to(ROOT)): lines
        for file in source_files()
        if file != MAKES_TEXTS and (lines := no_constants(file.read_text("utf-8")))
    }
    assert found == {}, "values belong into .fill(), names into as_it_is() or listed()"


@pytest.mark.parametrize(
    "source",
    [
        'Text(f"没有 {x}", f"no {x}")',
        "Text(zh, en)",
        "Text(*pair)",
        'Text("好" + x, "good" + x)',
        'Text("好", en=x)',
    ],
)
def test_a_sentence_that_is_made_up_is_found(source):
    assert no_constants(source) == [1]


def test_both_languages_of_a_sentence_have_the_same_blanks():
    odd = [
        (str(file.relative_to(ROOT)), node.lineno)
        for file in source_files()
        for node in texts_in(file.read_text("utf-8"))
        if (both := constants(node)) and not blanks(both[1]) ^ blanks(both[0]) <= ONE_SIDED
    ]
    assert odd == []


ONE_SIDED = {"platform", "console", "account", "what", "why"}
"""Blanks that one of the languages may leave out: it says that part otherwise."""


def test_the_program_has_sentences():
    assert len(sentences()) > 600


@pytest.fixture
def folder(tmp_path):
    make_pseudo(tmp_path)
    return tmp_path


def test_a_language_of_ours_lacks_nothing():
    assert {lang: lacking for lang in FURTHER if (lacking := missing(lang))} == {}


def test_a_whole_language_lacks_nothing(folder):
    assert missing(PSEUDO, folder) == {}


@pytest.mark.parametrize("place", [SENTENCES, *PAGES])
def test_what_a_language_lacks_is_listed_by_file(place, folder):
    file = folder / place.format(lang=PSEUDO)
    said = json.loads(file.read_text("utf-8"))
    key = list(said)[-1]
    del said[key]
    file.write_text(json.dumps(said), "utf-8")
    assert missing(PSEUDO, folder) == {place.format(lang=PSEUDO): {key: wanted()[place][key]}}
    file.unlink()
    assert missing(PSEUDO, folder) == {place.format(lang=PSEUDO): wanted()[place]}


def test_the_made_up_language_keeps_blanks_and_is_longer():
    for english in wanted().values():
        for sentence in english.values():
            assert blanks(pseudo(sentence)) == blanks(sentence)
            assert pseudo(sentence) == sentence or len(pseudo(sentence)) > len(sentence)


def test_adding_its_files_adds_a_language(folder, monkeypatch):
    monkeypatch.setattr(languages, "_folders", [ROOT])
    before = languages.languages()
    try:
        languages.look_also_in(folder)
        assert [one.code for one in languages.languages()] == [*(one.code for one in before), PSEUDO]
        assert (
            languages.language(PSEUDO).name
            == json.loads((folder / SENTENCES.format(lang=PSEUDO)).read_text("utf-8"))[NAME]
        )
    finally:
        shutil.rmtree(folder)
        languages.languages.cache_clear()
        languages.entries.cache_clear()
