"""Where long texts are cut, and what never happens to them."""

import re
import time
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.channels._text.split import split

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇨🇳"
LINK = '<a href="https://example.cn/a?b=1&c=2">点这里</a>'
ADDRESS = "https://example.cn/very/long?x=1;y=2"


@dataclass(frozen=True)
class Case:
    id: str
    text: str
    limit: int
    parts: list


CASES = [
    Case("nothing", "", 20, []),
    Case("only spaces", " \n\t \u3000\n", 20, []),
    Case("only marks of no width", "\u200b\ufeff\u200d", 20, []),
    Case("what fits stays whole", "你好", 6, ["你好"]),
    Case("one byte too many", "你好a", 6, ["你好", "a"]),
    Case("a paragraph before a sentence", "一二。三\n\n四。五六七", 24, ["一二。三", "四。五六七"]),
    Case("a line before a sentence", "一二三\n四。五六七", 18, ["一二三", "四。五六七"]),
    Case("a sentence before a comma", "一二三。四，五六七", 18, ["一二三。", "四，五六七"]),
    Case("the closing quote stays with its sentence", "“一二三。”四五六七", 21, ["“一二三。”", "四五六七"]),
    Case("English words", "one two three four", 10, ["one two", "three four"]),
    Case("an early pause is not worth a part", "一\n\n二三四五六七八九", 21, ["一\n\n二三四五六", "七八九"]),
    Case("a family", FAMILY + FAMILY, 30, [FAMILY, FAMILY]),
    Case("a flag", "ab" + FLAG, 9, ["ab", FLAG]),
    Case("accents stay on their letter", "ae\u0301e\u0301", 5, ["ae\u0301", "e\u0301"]),
    Case("CRLF", "一二三\r\n四五六", 14, ["一二三", "四五六"]),
    Case("an address", "看这里：" + ADDRESS + "好", 38, ["看这里：", ADDRESS, "好"]),
    Case("a link", "一二三四" + LINK, 60, ["一二三四", LINK]),
    Case("an address longer than a part", "https://e.cn/123456", 10, ["https://e.", "cn/123456"]),
    Case("a family larger than a part", FAMILY, 8, ["👨\u200d", "👩\u200d", "👧\u200d", "👦"]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_split(case):
    assert split(case.text, case.limit) == case.parts


@pytest.mark.parametrize(("size", "parts"), [(2048, 1), (2049, 2), (20_000, 10)])
def test_the_limit_is_in_bytes(size, parts):
    assert len(split("a" * size, 2048)) == parts


def test_a_limit_below_one_character_is_refused():
    with pytest.raises(ValueError, match="4 bytes"):
        split("你好", 3)


TEXTS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        st.sampled_from(
            [FAMILY, FLAG, LINK, ADDRESS, "。", "\n\n", "\n", " ", "一二三四五", "e\u0301", "👍🏽"]
        ),
    ),
    max_size=30,
).map("".join)


def visible(text):
    return re.sub(r"\s", "", text)


def is_blank(text):
    return not any(character.isprintable() and not character.isspace() for character in text)


@given(TEXTS, st.integers(4, 300))
@settings(max_examples=150)
def test_no_part_is_too_large_or_blank(text, limit):
    for part in split(text, limit):
        assert len(part.encode()) <= limit
        assert not is_blank(part)


@given(TEXTS, st.integers(4, 300))
@settings(max_examples=150)
def test_nothing_visible_is_lost(text, limit):
    shown = "".join(character for character in text if character.isprintable() or character.isspace())
    assert visible("".join(split(shown, limit))) == visible(shown)


@given(TEXTS)
@settings(max_examples=150)
def test_no_letter_link_or_address_is_cut(text):
    # our own units must not melt into what was drawn beside them
    text = text.replace("\u200d", "")
    parts = split(text, 400)
    for unit in (LINK, FLAG, ADDRESS):
        assert sum(part.count(unit) for part in parts) == text.count(unit)


@pytest.mark.parametrize(
    "unit", ["<a ", "<a x>", "https://", "e" + "\u0301" * 5000, "👨\u200d", "<a x></a", "\n", "。"]
)
def test_hostile_text_is_split_in_no_time(unit):
    started = time.thread_time()
    split(unit * (100_000 // len(unit)), 2048)
    assert time.thread_time() - started < 3
