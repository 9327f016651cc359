"""What the insights' pages are made of: inert text, words, and a CSV file that no spreadsheet runs."""

import csv
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest
from insights_world import World
from said_keys import idle

from builder import insights, texts
from builder.insights import _words, conversations
from builder.insights._charts import _figure
from builder.insights._export import harmless, to_csv
from builder.insights._plain import label, plain, short
from builder.insights._trace import trace
from runtime.errors import ModelCode, StoreCode, TurnCode
from runtime.store.messages.insights import Insights, Todo, Wanted
from runtime.store.messages.moments import What
from runtime.store.messages.states import MessageState, PartState

PAGES = Path(insights.__file__).parent
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]")


@dataclass(frozen=True)
class Case:
    id: str
    text: str
    shown: str


@pytest.mark.parametrize(
    "case",
    [
        Case("line ends stay", "一\r\n二", "一\n二"),
        Case("a colour for a terminal", "\x1b[31mred", "\\x1b[31mred"),
        Case("order turned round", "abc\u202edef", "abc\\u202edef"),
        Case("nothing to see", "a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        Case("a family stays one", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        Case("half a character", "\ud83d", "\\ud83d"),
    ],
    ids=lambda case: case.id,
)
def test_what_hides_is_made_visible(case):
    assert plain(case.text) == case.shown


def test_markdown_in_a_label_is_only_text():
    assert label("![x](http://e)\n# *b* `c` $d$ :e: <f>") == (
        r"\!\[x\]\(http\:\/\/e\) \# \*b\* \`c\` \$d\$ \:e\: \<f\>".replace(r"\/", "/")
    )


def test_a_long_line_is_shortened_with_a_mark():
    assert short("一二三四五", 3) == "一二…"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "\u200b=1"])
def test_a_cell_that_looks_like_a_formula_becomes_text(cell):
    assert harmless(cell) == f"'{cell}"


def test_other_cells_stay_as_they_are():
    assert harmless("你好 = 您好") == "你好 = 您好"


def test_the_file_holds_what_is_listed_and_no_openid(tmp_path):
    world = World(tmp_path)
    world.message(text="=HYPERLINK(1)", reply='他说："好"\n第二行', at=1000.0)
    found = listed(world)
    rows = list(csv.reader(io.StringIO(to_csv(found, openly=False).removeprefix("\ufeff"))))
    assert len(rows) == 2
    assert "'=HYPERLINK(1)" in rows[1]
    assert '他说："好"\n第二行' in rows[1]
    assert "o-secret-open-id" not in "".join(rows[1])
    assert "o-secret-open-id" in to_csv(found, openly=True)


def listed(world):
    return Insights(world.path).find(Wanted(0, 2000), 10).lines


def test_both_languages_have_the_same_sentences_with_the_same_blanks():
    zh, en = texts.load("zh", "insights."), texts.load("en", "insights.")
    assert list(zh) == list(en)
    blanks = {key: [set(re.findall(r"\{(\w+)\}", text[key])) for text in (zh, en)] for key in zh}
    assert {key: pair for key, pair in blanks.items() if pair[0] != pair[1]} == {}


def test_chinese_sentences_use_full_width_punctuation():
    assert [text for text in texts.load("zh", "insights.").values() if HALF_WIDTH.search(text)] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_key_is_there_once(lang):
    source = (Path(texts.__file__).parent / f"insights.{lang}.json").read_text("utf-8")
    names = [name for name, _ in json.loads(source, object_pairs_hook=list)]
    assert sorted(names) == sorted(set(names))


def test_every_sentence_is_used_and_every_key_exists():
    source = "".join(file.read_text("utf-8") for file in PAGES.glob("*.py"))
    known = texts.load("zh", "insights.").keys()
    used = set(re.findall(r"""\bt\(\s*["']([\w.]+)["']""", source)) | set(
        re.findall(r'"(chart\.\w+)"', source)
    )
    assert used - known == set()
    assert idle(known, source) == set()


def test_every_state_every_moment_and_everything_to_do_has_a_sentence():
    known = texts.load("zh", "insights.").keys()
    assert {f"state.{state}" for state in get_args(MessageState)} - known == set()
    assert {f"part.{state}" for state in get_args(PartState)} - known == set()
    assert {f"moment.{what}" for what in get_args(What)} - known == set()
    assert {f"todo.{kind}" for kind in get_args(Todo)} | {
        f"todo.{kind}_hint" for kind in get_args(Todo)
    } <= known


def test_every_reason_for_which_a_turn_can_have_no_answer_is_said_in_words():
    never_stored = {"stopping", "paused", "unfinished", "rehearsal", "recorded"}
    codes = {*get_args(TurnCode), *get_args(ModelCode), *get_args(StoreCode)} - never_stored
    assert {f"reason.{code}" for code in codes} - texts.load("zh", "insights.").keys() == set()


def test_the_list_can_be_narrowed_to_every_state_of_what_counts_as_a_message():
    assert sorted(conversations.STATES) == sorted(set(get_args(MessageState)) - {"fetch"})


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "暂无"),
        (0.04, "0 秒"),
        (3.52, "3.5 秒"),
        (12, "12 秒"),
        (90, "90 秒"),
        (300, "5 分钟"),
        (7200, "2 小时"),
        (200_000, "2.3 天"),
    ],
)
def test_a_duration_has_two_or_three_digits(seconds, words, monkeypatch):
    monkeypatch.setattr(_words, "lang", lambda: "zh")
    assert _words.duration(seconds) == words


def test_every_sentence_of_the_pages_stands_in_a_file_of_its_language():
    said = {
        f"{path.name}: {line.strip()}"
        for path in PAGES.glob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if re.search("[\u3000-\u303f\u4e00-\u9fff：，（]", line) or "Text(" in line.replace("Text(*", "")
    }
    assert said == set()


SEEN = {
    "type": "sensed",
    "sense": "seeing",
    "model": "x/<vl>",
    "text": "<b>价目表",
    "ms": 1200,
    "seconds": None,
    "cost": 0.0012,
    "kept": False,
    "failed": False,
    "why": {"zh": "", "en": ""},
}


def test_a_trace_tells_what_was_seen_and_heard_by_which_model_and_what_it_cost():
    html = trace([SEEN, {**SEEN, "sense": "hearing", "seconds": 3.0, "cost": None, "text": "", "failed": True,
                         "why": {"zh": "没有回应", "en": "down"}}])  # fmt: skip
    for told in ("看图", "x/&lt;vl&gt;", "&lt;b&gt;价目表", "¥0.0085", "听语音", "没有回应"):
        assert told in html, told


@pytest.mark.parametrize("most", [0.1, 0.4, 1, 3.2, 20, 1234])
def test_no_two_lines_of_a_chart_have_one_number(most):
    drawn = _figure("Seconds", [("11-30", [most])], ["Half"], "times")
    axis = re.findall(r"<li>([^<]*)</li>", drawn.partition("in-axis")[2])
    assert len(axis) == len({*axis}) == 3


@pytest.mark.parametrize("most", [1, 3, 5, 42])
def test_nothing_is_said_of_half_a_message(most):
    drawn = _figure("Messages", [("11-30", [most])], ["Sent"], "bars")
    axis = re.findall(r"<li>([^<]*)</li>", drawn.partition("in-axis")[2])
    assert all(one.isdigit() for one in axis)
    assert len({*axis}) == 3
