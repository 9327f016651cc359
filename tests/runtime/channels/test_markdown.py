"""What a person reads in WeChat when a model writes Markdown."""

import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.channels._text.inline import MAX_FORMULAS
from runtime.channels._text.markdown import to_chat_text

INERT = "<\u200b"
SAMPLES = Path(__file__).parents[2] / "samples"
LINE_END, BECOMES = "⏎", " ⇒ "
"""In the samples, which have a line an answer."""


@dataclass(frozen=True)
class Case:
    id: str
    markdown: str
    shown: str


LINKS = [
    Case("a link", "[官网](https://a.cn/?x=1&y=2)", '<a href="https://a.cn/?x=1&y=2">官网</a>'),
    Case("a bold link", "**[官网](https://a.cn)**", '<a href="https://a.cn">官网</a>'),
    Case("a Chinese address", "[茶](https://a.cn/茶)", '<a href="https://a.cn/%E8%8C%B6">茶</a>'),
    Case("a label like the address", "[https://a.cn/x](https://a.cn/x)", "https://a.cn/x"),
    Case("no label", "[](https://a.cn/x)", "https://a.cn/x"),
    Case("an autolink", "<https://a.cn/x>", "https://a.cn/x"),
    Case("a script", "[x](javascript:alert(1))", "x（javascript:alert(1)）"),
    Case("data", "[x](data:text/html,1)", "x（data:text/html,1）"),
    Case(
        "WeChat's own scheme", "[x](weixin://bizmsgmenu?msgmenuid=1)", "x（weixin://bizmsgmenu?msgmenuid=1）"
    ),
    Case("mail", "[写信](mailto:a@b.cn)", "写信（mailto:a@b.cn）"),
    Case("a path", "[x](/etc/passwd)", "x（/etc/passwd）"),
    Case("an image", "![图](https://a.cn/a.png)", "图（https://a.cn/a.png）"),
    Case(
        "an image in a link",
        "[![图](https://a.cn/i.png)](https://a.cn)",
        '<a href="https://a.cn">图（https://a.cn/i.png）</a>',
    ),
    Case(
        "a quote mark in the address",
        '[x](<https://a.cn/"onclick=1>)',
        '<a href="https://a.cn/%22onclick=1">x</a>',
    ),
    Case("a tag in the label", "[`</a>`](https://a.cn)", f'<a href="https://a.cn">{INERT}/a></a>'),
    Case("a link too long for a tag", f"[x](https://a.cn/{'a' * 1000})", f"x（https://a.cn/{'a' * 1000}）"),
    Case(
        "a typed address",
        "见 https://a.cn/__init__.py?a_b_c=1&copy=2。",
        "见 https://a.cn/__init__.py?a_b_c=1&copy=2。",
    ),
    Case("a bold address", "**https://a.cn/x_y_z**", "https://a.cn/x_y_z"),
    Case(
        "a label with an address",
        "[看 https://a.cn](https://b.cn)",
        '<a href="https://b.cn">看 https://a.cn</a>',
    ),
]

HTML = [
    Case("tags go, words stay", "<div><b>粗</b></div>", "粗"),
    Case("attributes", '<span style="color:red">红</span>', "红"),
    Case("a line break", "一<br/>二", "一\n二"),
    Case("a script", "<script>alert(1)</script>", "alert(1)"),
    Case("an image", "看<img src=x onerror=alert(1)>", "看"),
    Case("a comment", "一<!-- 二 -->三", "一<!-- 二 -->三"),
    Case(
        "what only looks like a tag",
        "if a<b and c>d: List<String> <think>",
        "if a<b and c>d: List<String> <think>",
    ),
    Case(
        "a typed link",
        "<a href='https://a.cn?x=1&amp;y=2'>官网</a>",
        '<a href="https://a.cn?x=1&y=2">官网</a>',
    ),
    Case(
        "a link in a typed link",
        '<a href="https://a.cn">看[茶](https://b.cn)</a>',
        '看<a href="https://b.cn">茶</a>',
    ),
    Case("a typed link to a script", '<a href="javascript:x">官网</a>', "官网（javascript:x）"),
    Case("a typed link that never ends", '<a href="https://a.cn">官网', f'{INERT}a href="https://a.cn">官网'),
    Case(
        "a link shown as code", '`<a href="https://a.cn">x</a>`', f'{INERT}a href="https://a.cn">x{INERT}/a>'
    ),
    Case("a link in entities", '&lt;a href="https://a.cn"&gt;x', f'{INERT}a href="https://a.cn">x'),
    Case("a link put together from pieces", "<**a** href='x'>", f"{INERT}a href='x'>"),
    Case("a link in a fence", "```\n<A\nhref='x'>\n```", f"{INERT}A\nhref='x'>"),
]


def lines(name):
    text = (SAMPLES / name).read_text(encoding="utf-8")
    return [line.replace(LINE_END, "\n") for line in text.removesuffix("\n").split("\n")]


KEPT = lines("answers_kept.txt")
SHOWN = [tuple(line.split(BECOMES)) for line in lines("answers_shown.txt")]


@pytest.mark.parametrize("answer", KEPT)
def test_what_is_no_markup_stays_as_it_was_written(answer):
    assert to_chat_text(answer) == answer


@pytest.mark.parametrize(("answer", "shown"), SHOWN, ids=[answer for answer, _ in SHOWN])
def test_an_answer_shows(answer, shown):
    assert to_chat_text(answer) == shown


@pytest.mark.parametrize("case", LINKS + HTML, ids=lambda case: case.id)
def test_links_and_tags_show(case):
    assert to_chat_text(case.markdown) == case.shown


def aloud(text):
    """What a person hears when it is read out: letters and figures, in their order."""
    return [character for character in text if character.isalnum()]


PLAIN_MARKUP = [answer for answer, _ in SHOWN if not re.search(r"[<|$&\\~]|\]\(|```\w", answer)]


@pytest.mark.parametrize("answer", PLAIN_MARKUP)
def test_read_aloud_nothing_is_lost_and_nothing_added(answer):
    assert aloud(to_chat_text(answer)) == aloud(answer)


SPOKEN = st.lists(
    st.sampled_from([*"茶一王和5a，。：（）“” \n*_~`#>-+|", "**", "***", "****", "- ", "# ", "1. "]),
    max_size=40,
)


@given(SPOKEN.map("".join))
@settings(max_examples=600)
def test_whatever_the_marks_nothing_is_lost_and_nothing_added(text):
    # the names of columns are said again, and the word behind a fence is not said
    if not re.search(r"\|[^\n]*\n[|\- ]*-|```|~~~", text):
        assert aloud(to_chat_text(text)) == aloud(text)


@given(st.from_regex(r"\A[0-9]{1,4}\*{1,12}[0-9]{1,4}([，、 ][0-9]{1,4}\*{1,12}[0-9]{1,4}){0,3}\Z"))
@settings(max_examples=200)
def test_figures_keep_the_stars_between_them(text):
    assert to_chat_text(text) == text


@pytest.mark.parametrize(
    "answer",
    ["[客服]: 您好", "<!-- x -->", "```\n```", "#", "***", "<br>", "[]()", "![]()", "$$ $$", "> ", "| |"],
)
def test_what_was_said_never_becomes_nothing(answer):
    assert to_chat_text(answer).strip()


def test_many_formulas_do_not_hold_up_the_others():
    text = to_chat_text("$\\frac{1}{2}$ " * 500)
    assert (text.count("1/2"), text.count("\\frac")) == (MAX_FORMULAS, 500 - MAX_FORMULAS)


def test_the_names_of_columns_do_not_multiply_a_text():
    table = f"|{'名' * 20_000}|\n|-|\n" + "|1|\n" * 5000
    assert len(to_chat_text(table)) < 2 * len(table)


ANCHOR = re.compile(r'<a href="https?://[^"<>\s]+">[^\n]*?</a>', re.IGNORECASE)
WORDS = "<a href= 'javascript:x' > </a> [ ]( ) ` ** _ ~~ ![ < &lt; &#2; %02 https://a.cn/x 茶 a \\ <b> <!--"
MARKS = [
    '"https://a.cn"',
    "```\n",
    "|",
    "\n|-|\n",
    "- ",
    "\n",
    "\n\n",
    "> ",
    "1. ",
    "# ",
    " ",
    "    ",
    "\x02",
]
PIECES = st.sampled_from(WORDS.split() + MARKS)


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=400)
def test_the_only_tags_are_whole_links_to_web_addresses(markdown):
    rest = ANCHOR.sub("", to_chat_text(markdown))
    assert not re.search(r"</?a[\s/>]", rest, re.IGNORECASE)


@given(st.text())
@settings(max_examples=200)
def test_any_text_can_be_shown_and_sent(text):
    to_chat_text(text).encode()


HOSTILE = [
    "> ",
    "[",
    "*a",
    "<a ",
    "`",
    "- ",
    "http://",
    "$a",
    "\\[",
    "\\(",
    "$$\n",
    "**a",
    "<b>",
    "[x](",
    "[[a](",
    "|a|\n|-|\n",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_time_grows_as_the_text_does(piece):
    """Eight times the text may take sixteen times as long, were it quadratic it would be sixty-four."""
    short, long = (fastest(piece * (size // len(piece))) for size in (4_000, 32_000))
    assert long < 16 * short + 0.02


def fastest(text):
    def once():
        started = time.thread_time()
        to_chat_text(text)
        return time.thread_time() - started

    return min(once() for _ in range(3))
