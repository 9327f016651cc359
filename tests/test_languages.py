"""A sentence is two constants and its values; what a further language lacks is told."""

import json
import re
import shutil

import pytest

from runtime import languages
from tests.languages import (
    KEPT,
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


CJK = re.compile("[\u4e00-\u9fff]+")
NAMES = {
    "Token",
    "token",
    "JSON",
    "Markdown",
    "Word",
    "Anthropic",
    "Claude",
    "Google",
    "Gemini",
    "OpenRouter",
}
NAMES |= {"Tavily", "unionid", "docx", "HTTP", "AppID", "CorpID", "STARTTLS", "domain"}
"""What is written alike in every language: makers and formats."""
GIVEN = "我们改到下周二可以吗"
"""What somebody sends the translator."""
OTHERS = {"nav.language", "nav.language.short"}
"""They say the other language's name, in that language."""


def pairs():
    """Every sentence in both languages, and where it stands."""
    for file in source_files():
        for node in texts_in(file.read_text("utf-8")):
            if both := constants(node):
                yield file.name, *both
    for place in PAGES:
        zh, en = (json.loads((ROOT / place.format(lang=lang)).read_text("utf-8")) for lang in ("zh", "en"))
        yield from ((key, zh[key], en[key]) for key in zh if key not in OTHERS)


def untranslated(zh, en):
    """Why a pair is none: a Chinese sentence without Chinese, or Chinese in English that is nobody's name."""
    words = {word for word in re.findall(r"[A-Za-z]{4,}", KEPT.sub("", zh)) if word != "person"} - NAMES
    if words and not CJK.search(zh) and not re.fullmatch(r"[\w./:-]+", zh):
        return f"no Chinese: {zh}"
    foreign = [run for run in CJK.findall(en) if run not in zh]
    return f"Chinese in English: {foreign}" if foreign else ""


def test_no_sentence_is_left_in_the_other_language():
    assert [(place, why) for place, zh, en in pairs() if (why := untranslated(zh, en))] == []


@pytest.mark.parametrize(
    ("zh", "en", "is_wrong"),
    [
        ("保存", "Save", False),
        ("Save it now", "Save it now", True),
        ("在「应用管理」里", "in 应用管理 of the console", False),
        ("没有保存", "It was not 成功", True),
        ("{title}：{value}", "{title}: {value}", False),
        ("openai/whisper-1", "openai/whisper-1", False),
    ],
)
def test_what_is_left_in_the_other_language_is_found(zh, en, is_wrong):
    assert bool(untranslated(zh, en)) == is_wrong


@pytest.mark.parametrize(
    "file", sorted((ROOT / "templates" / "agents").glob("*.en.json")), ids=lambda f: f.stem
)
def test_an_english_starter_speaks_english(file):
    assert set(CJK.findall(file.read_text("utf-8"))) <= {"中文", *CJK.findall(GIVEN)}
