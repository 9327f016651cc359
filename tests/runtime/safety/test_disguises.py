"""A disguised word is found at its place, whatever the kind of disguise, and decided while it is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from runtime.safety.words.disguises import seen_so_far, seen_through, shown_so_far
from runtime.safety.words.matching import Matcher
from runtime.safety.words.spellings import pattern

WORDS = Matcher([pattern(word) for word in ("洗钱", "百家乐", "加微信", "casino", "cocaine", "fake id")])
FOUND = [
    ("numbers of signs in HTML", "来&#27927;&#x94b1;吧", "&#27927;&#x94b1;"),
    ("numbers within numbers", "&amp;#27927;&amp;amp;#38065;", "&amp;#27927;&amp;amp;#38065;"),
    ("a tag between", "c<b>a</b>sino", "c<b>a</b>sino"),
    ("a comment between", "coc<!-- x -->aine", "coc<!-- x -->aine"),
    ("a link for each part", "[ca](https://a.b)[si](#)[no](#)", "ca](https://a.b)[si](#)[no"),
    ("a row of a list each", "1. 百\n2. 家\n3. 乐", "百\n2. 家\n3. 乐"),
    ("percent", "%E6%B4%97%e9%92%b1", "%E6%B4%97%e9%92%b1"),
    ("escapes", r"\u6d17\u94b1 or \x63asino", r"\u6d17\u94b1"),
    ("shown from right to left", "\u202eonisac\u202c!", "\u202eonisac\u202c"),
    ("base64", "see Y2FzaW5v now", "Y2FzaW5v"),
    ("base64, beginning within three bytes", "eCBjYXNpbm8geA==", "BjYXNpbm8"),
    ("pairs of digits", "63 61 73 69 6e 6f", "63 61 73 69 6e 6f"),
    ("parts of characters", "帮人氵先钱", "氵先钱"),
    ("parts with a plus", "氵+先 钅+戋", "氵+先 钅+戋"),
    ("what hardly anybody writes between", "洗龘钱", "洗龘钱"),
    ("a sign of another script between", "洗ж钱", "洗ж钱"),
    ("a figure in a box between", "洗1️⃣钱", "洗1️⃣钱"),
    ("the same between each two", "百之家之乐", "百之家之乐"),
    ("several signs for a letter", r"c/\sino", r"c/\sino"),
    ("a sign for a letter at its start", "<0c@!ne!", "<0c@!ne"),
    ("a letter that looks like it", "f@ke !d", "f@ke !d"),
    ("a star for a letter", "c*sino", "c*sino"),
    ("from its end", "onisac", "onisac"),
    ("from its end, characters", "乐家百", "乐家百"),
]  # fmt: skip
PLAIN = [
    "钱洗完了", "花钱洗车", "洗了 3 钱", "先是氵，后是戋", "c and sino", "the cas in our data",
    "a*b*c and d/e", "&copy; 2026 &lt;b&gt;", "50% off, 100%", r"C:\users\x", "1. 洗碗\n2. 付钱",
    "[百家](a) 里的乐队", "aGVsbG8gd29ybGQ=", "6f1ed002ab5595859014ebf0951522d9", "之百之家之",
    "drawers and rewards", "C+S+n", "家x乐", "cosine*sine",
]  # fmt: skip
PIECES = [
    *(text for _, text, _ in FOUND), *PLAIN, "&", "&#", "&amp;", "<", "<!--", "-->", ">", "%E6",
    "%B4", "%97", "\\", "\\u", "[", "](", ")", "\n", "1.", "- ", "\u202e", "\u202c", "氵", "先",
    "钱", "洗", "龘", "之", "百", "家", "乐", "*", "ca", "sino", "|", "/\\", "Y2Fz", "aW5v", "63 ",
    "61", "\x1f", "\x85", "\ufe0f", "\u20e3", "1", "١", "\u2003", "\ufffe", "\U0001f3b2",
]  # fmt: skip


@pytest.mark.parametrize(("text", "there"), [one[1:] for one in FOUND], ids=[one[0] for one in FOUND])
def test_a_word_is_found_at_its_place(text, there):
    assert there in [text[one.start : one.end] for one in WORDS.find(text)]


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_like_a_disguise_is_none(text):
    assert WORDS.find(text) == []


@settings(max_examples=400, deadline=None)
@given(
    before=some.lists(some.sampled_from(PIECES) | some.text(max_size=2), max_size=8).map("".join),
    behind=some.lists(some.sampled_from(PIECES) | some.text(max_size=2), max_size=3).map("".join),
)
def test_what_is_decided_stays_so_whatever_is_written_behind_it(before, behind):
    end = WORDS.settled(before)
    known = [one for one in WORDS.find(before) if one.start < end]
    assert [one for one in WORDS.find(before + behind) if one.start < end] == known


@given(text=some.lists(some.sampled_from(PIECES) | some.text(max_size=2), max_size=8).map("".join))
def test_each_way_to_read_it_tells_where_its_signs_stood(text):
    for view in [*seen_through(text), *shown_so_far(text), *seen_so_far(text)]:
        assert len(view.text) == len(view.where) == len(view.ends)
        assert all(0 <= a < b <= view.upto <= len(text) for a, b in zip(view.where, view.ends, strict=True))


def test_little_is_held_back_of_what_has_marks_in_it():
    assert WORDS.settled("AT&T is here") == len("AT&T is ")
    assert WORDS.settled("1 < 2 是对的") == len("1 < 2 是对的")
    assert WORDS.settled("说&#27927") == 1
    assert WORDS.settled("去贝") == 1
    assert WORDS.settled("看" + "x" * 900) > 500
