"""Every sentence exists in both languages, and every key that is used exists."""

import json
import re
from pathlib import Path

import pytest
from said_keys import idle

from builder import texts

BUILDER = Path(texts.__file__).parents[1]
STATIC = BUILDER / "static"
SAYING = [
    *STATIC.rglob("*.js"),
    *(BUILDER / "flow_editor").rglob("*.js"),
    *(BUILDER / "serving").rglob("*.py"),
]
"""What says sentences of the pages."""
USED = re.compile(r"""(?:(?<!\.)\bt\(|\bsays: )["'`]([\w.]+)["'`]""")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]")


def used():
    return {
        key for file in SAYING if "serving" not in file.parts for key in USED.findall(file.read_text("utf-8"))
    }


def test_both_languages_have_the_same_sentences_with_the_same_blanks():
    zh, en = texts.load("zh"), texts.load("en")
    assert list(zh) == list(en)
    blanks = {key: [set(re.findall(r"\{(\w+)\}", text[key])) for text in (zh, en)] for key in zh}
    own = {key for key, pair in blanks.items() if pair[0] != pair[1]}
    assert own == {"usage.price", "usage.dollars"}, "each has its money"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_place_says_in_which_money(lang):
    sums = {key for key, text in texts.load(lang).items() if re.search(r"[$¥]\{|\} ?元|\} yuan", text)}
    assert sums <= {"usage.price", "usage.dollars", "unit.money"}


def test_every_key_in_the_scripts_has_a_sentence():
    assert used() - texts.load("zh").keys() == set()
    assert len(used()) > 100


def test_every_sentence_is_used():
    source = "".join(file.read_text("utf-8") for file in SAYING)
    labels = {key for key in texts.load("zh") if key.startswith("gradio_")}  # all of them go to Gradio
    assert idle(texts.load("zh").keys() - labels, source) == set()


def test_a_sentence_that_no_code_says_is_found():
    source = "t(`play.${kind}`); t('nav.home')"
    keys = {"play.user", "play.nobody_says_this", "nav.home", "nav.away", "plays.user"}
    assert idle(keys, source) == {"play.nobody_says_this", "nav.away", "plays.user"}


AGENTS_WORDS = {"prompt_placeholder", "rehearse.hello", "api.question"}
"""What an agent is told, or somebody writes to one."""


@pytest.mark.parametrize("file", ["zh.json", "flow.zh.json", "insights.zh.json"])
def test_whoever_reads_is_spoken_to_in_one_way(file):
    said = json.loads((Path(texts.__file__).parent / file).read_text("utf-8"))
    assert {key for key, sentence in said.items() if "你" in sentence} <= AGENTS_WORDS


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_key_is_there_once(lang):
    pairs = json.loads(
        (Path(texts.__file__).parent / f"{lang}.json").read_text("utf-8"), object_pairs_hook=list
    )
    names = [name for name, _ in pairs]
    assert sorted(names) == sorted(set(names))


def test_chinese_sentences_use_full_width_punctuation():
    assert [text for text in texts.load("zh").values() if HALF_WIDTH.search(text)] == []


def test_gradio_gets_its_labels_for_every_locale_a_browser_may_ask_in():
    assert set(texts.for_gradio()) == {"zh-CN", "zh", "en"}
    assert all(texts.for_gradio().values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_rehearsal_speaks_of_no_one_platforms_ways(lang):
    told = json.loads(Path(texts.__file__).with_name(f"{lang}.json").read_text("utf-8"))
    said = " ".join(text for key, text in told.items() if key.startswith("rehearse."))
    assert not any(one in said for one in ("客服消息", "customer-service", "5 秒", "5 s"))
