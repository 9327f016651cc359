"""Each check that goes by pieces, one by one and mixed: in the end it is that of the whole."""

import html.parser
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from runtime.safety.chain import Chain
from runtime.safety.checks import Streaming, Uses, registry
from runtime.safety.inert_html import ELEMENTS, inert_html
from runtime.safety.masking.personal import KINDS
from runtime.safety.masking.standing import Growing, Standing
from runtime.safety.settings import Safety
from runtime.safety.showing import Showing

WORDS = ["赌博", "加微信", "!增加威信", "casino", "buy drugs", "百家乐", "=贱人", "k粉", "!赌博罪"]
CHECKS = {
    "words, stars": [{"type": "words", "words": WORDS, "action": "mask"}],
    "words, replaced": [{"type": "words", "words": WORDS, "action": "replace", "instead": ""}],
    "words, blocked": [{"type": "words", "words": WORDS, "action": "block"}],
    "links, none of these": [{"type": "links", "deny": ["evil.com", "*.bad.cn"], "action": "mask"}],
    "links, only these": [{"type": "links", "allow": ["good.com"], "action": "replace", "instead": "[-]"}],
    "all": [
        {"type": "words", "words": ["毒品", "heroin"], "action": "block"},
        {"type": "words", "words": WORDS, "action": "replace", "instead": "evil.com"},
        {"type": "words", "words": ["evil", "微信"], "action": "mask"},
        {"type": "links", "allow": ["good.com"], "deny": ["evil.com"], "action": "replace", "instead": "博"},
    ],
}
LISTED = [
    "赌博",
    "赌",
    "博",
    "加微信",
    "微",
    "信",
    "增加威信",
    "cas",
    "ino",
    "casino",
    "buy",
    "drugs",
    "百家乐",
    "家",
]
LINKED = [
    "http://",
    "https:/",
    "evil",
    ".com",
    "evil.com",
    "good.com",
    "x.bad.cn",
    "bit.ly/a",
    "[.]",
    "(dot)",
    "。",
    "/",
    "@",
    "&#46;",
    "&period;",
    "\\.",
    "&",
]
MARKED = [
    "&#36172;",
    "&#",
    "<b>",
    "<",
    ">",
    "%E8%B5%8C",
    "\\u8d4c",
    "](",
    "[",
    ")",
    "1. ",
    "- ",
    "贝者",
    "十",
    "尃",
    "Y2FzaW5v",
]
DRAWN = [
    "0",
    "1",
    "!",
    "|",
    "$",
    "@",
    "(",
    "*",
    "/\\",
    "\\",
    "oooo",
    "I",
    "l",
    "d.u.b.o",
    "du3",
    "龘",
    "之",
    "♠",
    "㊙",
]
SIGNS = (
    "\x00\x08\x0b\x0c\x1b\x1c\x1d\x1e\x1f\x7f\x80\x85\x9f"  # control
    "\u00a0\u1680\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u3000\t\n\r "  # every kind of space
    "\u00ad\u034f\u061c\u115f\u180e\u200b\u200d\u200e\u202e\u202c"  # nobody sees
    "\u2060\u2066\u2069\ufeff\ufe0f\u3164"
    "\u0300\u0301\u0327\u0336\u0489\u20dd\u20e3\u1ab0\ufe20\U000e0020\U000e0101"  # put upon others
    "\ud7ff\ue000\uf8ff\ufdd0\ufffd\ufffe\uffff\U0001fffe\U0010ffff"  # beside surrogates, of nobody
    "٠١٣۴५๗０３４𝟎𝟙"  # figures of other scripts
    "İıſKÅßﬁŉǆǅΣςẞ"  # one letter that is several, or none, in the other size
    "赌辭臺乾𠮷〇々ゝのж๏１Ａ"
)


def broken(*whole):
    """One of them with signs put into it: what stands in the middle of a word is what matters."""
    some_signs = some.lists(some.tuples(some.integers(0, 24), some.sampled_from(SIGNS)), max_size=3)
    return some.tuples(some.sampled_from(whole), some_signs).map(with_signs)


def with_signs(given):
    text, signs = given
    for place, sign in signs:
        text = text[:place] + sign + text[place:]
    return text


def texts(*broken_up):
    """Of these with signs in them, and of anything else that a rule looks at."""
    others = some.sampled_from([*LISTED, *LINKED, *MARKED, *DRAWN]) | some.sampled_from(SIGNS)
    return some.lists(broken(*broken_up) | others | some.text(max_size=2), max_size=9).map("".join)


TEXTS = texts(
    "casino", "赌博", "加微信", "buy drugs", "http://evil.com/a", "evil.com", "good.com", "heroin", "毒品"
)
MARK = "[PHONE-BCDFGHJKLMNX]"
MARKS = some.lists(
    broken(
        MARK, MARK.lower(), "【phone_bcdfghjklmnx】", "<PHONE BCDFGHJKLMNX >", "\\[PHONE\\-BCDFGHJKLMNX\\]"
    )
    | some.sampled_from([*"[<{【（ -_:\\]>}】", "PHONE", "phone-", "IDCARD", "BCDFGHJKLMNX", "EMAIL"])
    | some.sampled_from(SIGNS),
    max_size=6,
).map("".join)
CUTS = some.lists(some.integers(0, 80), max_size=12)


def chain(checks):
    return Chain(Safety.model_validate({"checks": checks}).checks, 5, Uses(models=None), "zh")


def pieces(text, cuts):
    ends = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    return [text[a:b] for a, b in itertools.pairwise(ends)]


def shown(through, came):
    """What stands there in the end; None when it is void."""
    showing = Showing(through)
    there = [*(showing.take(piece) for piece in came), showing.end()]
    return None if None in there else "".join(there)


def test_each_check_that_goes_by_pieces_is_in_the_table():
    going = {name for name, check in registry().items() if issubclass(check, Streaming)}
    assert going == {one["type"] for checks in CHECKS.values() for one in checks}


@pytest.mark.parametrize("checks", CHECKS.values(), ids=CHECKS)
@settings(max_examples=150, deadline=None)
@given(text=TEXTS, cuts=CUTS)
def test_what_is_shown_in_pieces_is_that_of_the_whole(checks, text, cuts):
    through = chain(checks)
    assert shown(through, pieces(text, cuts)) == shown(through, [text])


@settings(max_examples=300, deadline=None)
@given(text=MARKS, cuts=CUTS)
def test_what_is_put_back_in_pieces_is_that_of_the_whole(text, cuts):
    one = Standing(b"one", frozenset(KINDS))
    one._written = {MARK[7:-1]: "13800138000"}
    growing = Growing(one)
    assert "".join([*map(growing.take, pieces(text, cuts)), growing.end()]) == one.shown(text)


class Read(html.parser.HTMLParser):
    """What a browser would make of it."""

    def __init__(self):
        super().__init__()
        self.found, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.found.append(
            (tag, {name: value for name, value in attrs if name not in ("rel", "target", "start")})
        )
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_decl(self, decl):
        raise AssertionError(decl)

    handle_comment = handle_pi = unknown_decl = handle_decl


MARKDOWN = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](https://b.c/d)",
    "![a](https://b.c/d.png)",
    "| a | b |\n|---|---|\n| c | d |\n",
    "```\n<b>\n",
    "~~~",
    "**",
    "_",
    "`",
    "> ",
    "- ",
    "1. ",
    "# ",
    "<a href='data:text/html,x'>",
    "&lt;script&gt;",
    "&#x3c;b",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?",
    "\\",
    "\n\n",
    "[a]: https://b.c 'x'\n",
    "[a]",
    "https://e.f",
    "<https://e.f>",
    "<style>",
    "</p>",
    '[a](<b> "',
    '" onclick=x',
]


@settings(max_examples=200, deadline=None)
@given(
    text=some.lists(some.sampled_from(MARKDOWN) | some.sampled_from(SIGNS), max_size=12).map("".join),
    end=some.integers(0, 200),
)
def test_markdown_that_is_cut_anywhere_only_shows(text, end):
    read = Read()
    read.feed(inert_html(text[:end]))
    read.close()
    assert {tag for tag, _ in read.found} <= ELEMENTS
    assert read.open == []
    for tag, had in read.found:
        assert set(had) <= ({"href"} if tag == "a" else set())
        assert had.get("href", "https:").split(":")[0] in ("http", "https", "mailto", "tel")
