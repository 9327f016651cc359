"""A sentence is two constants and its values; a further language is one file, and what it lacks is told."""

import argparse
import json
import re
from string import Formatter

import pytest

from builder.texts import PARTS, load
from runtime import languages, sentences
from runtime.cli import languages as commands
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.languages import CHECKOUT as ROOT
from runtime.languages import NAME, particular
from runtime.sentences import constants, source_files, texts_in, wanted
from tests.languages import KEPT, PSEUDO, PSEUDO_NAME, forget, make_pseudo, pseudo, spoken

MAKES_TEXTS = ROOT / "runtime" / "lang.py"
FURTHER = sorted(languages.SHIPPED.glob("*.json"))


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


def blanks(sentence):
    try:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name}
    except ValueError:
        return {sentence}


def test_what_a_language_has_to_say_is_all_of_it():
    assert len(sentences.of_the_program()) > 600
    assert len(list(sentences.of_the_pages())) > 1500
    assert sentences.PAGES == PARTS


def test_a_language_of_ours_lacks_nothing():
    lacking = {file.stem: wanted().keys() - languages.read(file).keys() for file in FURTHER}
    assert {lang: keys for lang, keys in lacking.items() if keys} == {}


def test_the_made_up_language_keeps_blanks_and_is_longer():
    for sentence in wanted().values():
        assert blanks(pseudo(sentence)) == blanks(sentence)
        assert pseudo(sentence) == sentence or len(pseudo(sentence)) > len(sentence)


@pytest.fixture
def folder(tmp_path):
    """Where the owner's languages lie."""
    with spoken(tmp_path) as folder:
        yield folder


def test_one_file_is_a_whole_language(folder):
    make_pseudo(folder)
    forget()
    assert languages.languages()[-1].name == PSEUDO_NAME
    for part in PARTS:
        english, said = load("en", part), load(PSEUDO, part)
        assert said == {key: pseudo(sentence) for key, sentence in english.items()}
    assert Text("模型", "Model").to(PSEUDO) == pseudo("Model")


def test_what_is_said_otherwise_at_one_place_has_an_entry_of_that_place(folder):
    several = [key for key, sentence in wanted().items() if key != sentence and key != NAME]
    assert several
    key, english = several[0].split(": ", 1)
    place = next(part for part in PARTS if load("en", part).get(key) == english)
    file = folder / f"{PSEUDO}.json"
    file.write_text(json.dumps({particular(key, english): "tie", english: "alie"}), "utf-8")
    forget()
    assert load(PSEUDO, place)[key] == "tie"
    assert Text("别处", english).to(PSEUDO) == "alie"


@pytest.mark.parametrize(
    "said",
    [
        "{}",
        "{0}",
        "{name:>999999999}",
        "{name!r:>999999999}",
        "{name.x}",
        "{name[0]}",
        "{name:{name}}",
        "{",
        " ",
    ],
)
def test_what_cannot_be_filled_or_says_nothing_is_left_in_english(folder, said):
    (folder / f"{PSEUDO}.json").write_text(json.dumps({"Good day, {name}": said}), "utf-8")
    forget()
    assert Text("你好，{name}", "Good day, {name}").fill(name="Ann").to(PSEUDO) == "Good day, Ann"


class Home:
    """The settings of an installation, and one command after the other."""

    def __init__(self, folder, capsys):
        self.languages, self.file, self._out = folder, folder / "ja.json", capsys

    def run(self, command, *more):
        """What it printed, and its exit code."""
        options = commands_of().parse_args([command, "ja", *more])
        try:
            options.run(options, self, None)
            code = 0
        except SystemExit as e:
            code = e.code
        return json.loads(self._out.readouterr().out), code

    def said(self):
        return json.loads(self.file.read_text("utf-8"))


def commands_of():
    parser = argparse.ArgumentParser()
    commands.add_languages(parser.add_subparsers())
    return parser


@pytest.fixture
def home(tmp_path, capsys):
    return Home(tmp_path / "texts", capsys)


def test_a_new_file_holds_every_sentence_and_says_none(home):
    told, _ = home.run("write")
    assert told == {"file": str(home.file), "sentences": len(wanted()), "missing": len(wanted()), "stale": 0,
                    "wrong_blanks": 0}  # fmt: skip
    assert home.said() == dict.fromkeys(wanted(), "")
    assert next(iter(home.said())) == NAME


def test_written_anew_it_keeps_what_is_said_and_asks_for_what_is_not(home):
    home.languages.mkdir()
    home.file.write_text(json.dumps({NAME: "日本語", "Nobody says this.": "古い"}), "utf-8")
    told, _ = home.run("write")
    assert (told["missing"], told["stale"]) == (len(wanted()) - 1, 1)
    assert home.said() == dict.fromkeys(wanted(), "") | {NAME: "日本語", "Nobody says this.": "古い"}
    told, _ = home.run("write", "--prune")
    assert told["stale"] == 0
    assert "Nobody says this." not in home.said()


def test_what_is_missing_stale_or_has_other_blanks_is_named(home):
    make_pseudo(home.languages).rename(home.file)
    assert home.run("check") == (
        {"file": str(home.file), "sentences": len(wanted()), "missing": [], "stale": [], "wrong_blanks": []},
        0,
    )
    said = home.said()
    blank = next(key for key, english in wanted().items() if "{name}" in english)
    gone = next(key for key in wanted() if key not in (NAME, blank))
    del said[gone]
    home.file.write_text(json.dumps(said | {blank: "{nome}", "Nobody says this.": "x"}), "utf-8")
    told, code = home.run("check")
    assert code == 1
    assert (told["missing"], told["stale"], told["wrong_blanks"]) == ([gone], ["Nobody says this."], [blank])


@pytest.mark.parametrize("code", ["zh", "en", "../ja", "J", "ja.old"])
def test_a_code_that_is_no_further_languages_is_refused(home, code):
    options = commands_of().parse_args(["write", code])
    with pytest.raises(BadSettings):
        options.run(options, home, None)
    assert not home.languages.exists()


@pytest.mark.parametrize("content", ["{", "[]", '{"a": 1}', '{"a": "\\ud83d"}'])
def test_a_file_that_cannot_be_read_is_kept_and_told(home, content):
    home.languages.mkdir()
    home.file.write_text(content, "utf-8")
    with pytest.raises(BadSettings, match=r"ja\.json"):
        home.run("write")
    assert home.file.read_text("utf-8") == content


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
    yield from (found for found in sentences.of_the_pages() if found[0] not in OTHERS)


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
