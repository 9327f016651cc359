"""What a text is found by: words, pairs of characters, single characters, numbers.

Chinese, Japanese, Korean, Thai and others have no borders between words: pairs of characters find what is
asked for in the text's own words, single characters what is asked for in others (退钱 for 退款). Text and
question are folded alike: full width to half, traditional characters to simplified, capitals to
small, 七 to 7.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass, field
from importlib.resources import files

UNBROKEN = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana, Han, Hangul: scripts that are read in pairs."""
RUNS = re.compile(rf"(?P<unbroken>[{UNBROKEN}]+)|(?P<word>(?:(?![{UNBROKEN}])[^\W_])+)")
MARKS = re.compile(r"(?<=[a-z0-9])[-_/+](?=[a-z0-9])")
"""Inside of names such as a-100, rs-485/2."""
NAMES = re.compile(r"[a-z0-9]+(?:(?:[-_/+]|(?<=\d)\.(?=\d))[a-z0-9]+)*")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
APART = re.compile(r"(?<![a-z0-9])([a-z]{1,12}) (\d{1,6})(?![a-z0-9.])")
"""A name whose number stands alone: iphone 15."""
NUMERALS = re.compile("[一二两三四五六七八九十百千万零〇]+")
DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
TENS = {"十": 10, "百": 100, "千": 1000}
ALONE = frozenset("一十百千万零〇两")
"""Numerals that mean something else when they stand alone."""
NUMBER = "№"
"""Before a whole number, however it was written."""
FILLERS = frozenset(
    "的了是我你您他她它们吗呢吧啊呀嘛有在和与或也都就要会能可以这那哪什么怎样如何几多少请问一下个把给想"
    "对上里时候到还为吧来去说知道得着过很被让跟谁啥咋"
)
"""Characters that say little when they stand alone."""
MOST_FOLDS = 40_000
"""Signs of which it is noted what they are folded to: all that people write, and not all that there are."""
LONGEST_WORD = 64
"""Characters of a word; what is longer is cut."""


@dataclass
class Terms:
    """Each in the order of the text; a term may be there several times."""

    words: list[str] = field(default_factory=list)
    pairs: list[str] = field(default_factory=list)
    singles: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)

    @property
    def all(self) -> dict[str, None]:
        """Each once."""
        return dict.fromkeys([*self.words, *self.pairs, *self.singles, *self.numbers])


def folded(text: str) -> str:
    """With differences taken out that nobody asks by."""
    if text.isascii():
        return text.lower()
    try:
        return text.translate(_folds)
    except _Joins:
        return _folded(text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(simplified())


class _Joins(Exception):
    """A sign that may become one with the sign before it: e and an accent, kana and its mark, jamo."""


class _Folds(dict[int, str]):
    """What each sign is folded to by itself, noted when it is first met: NFKC takes three times as long."""

    def __missing__(self, code: int) -> str:
        first = unicodedata.normalize("NFKC", chr(code))[0]
        if unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff":
            raise _Joins
        folded = _folded(chr(code))
        if len(self) < MOST_FOLDS:
            self[code] = folded
        return folded


_folds = _Folds()


def pairs(text: str) -> list[str]:
    """Words, numbers, and runs without borders as overlapping pairs."""
    found = terms(text)
    return [*found.words, *found.numbers, *found.pairs]


def singles(text: str) -> list[str]:
    """Words, numbers, and every character of runs without borders."""
    found = terms(text)
    return [*found.words, *found.numbers, *found.singles]


def terms(text: str) -> Terms:
    """Of a text as it was written."""
    return terms_of(folded(text))


def terms_of(text: str) -> Terms:
    """Of a text that is folded."""
    found = _named(text)
    for match in RUNS.finditer(text):
        run = match[0]
        if match["unbroken"]:
            found.singles += run
            found.pairs += [run[i : i + 2] for i in range(len(run) - 1)]
        elif not run.isascii():
            found.words.append(run[:LONGEST_WORD])
    return found


def names_of(text: str) -> frozenset[str]:
    """Of a text that is folded: its words and numbers, without what is read in pairs."""
    found = _named(text)
    foreign = () if text.isascii() else (m[0][:LONGEST_WORD] for m in RUNS.finditer(text) if m["word"])
    return frozenset([*found.words, *found.numbers, *foreign])


def _named(text: str) -> Terms:
    """Words of Latin letters, names, numbers."""
    found = Terms()
    if "," in text:
        text = THOUSANDS.sub("", text)
    for match in NAMES.finditer(text):
        _name(match[0], found)
    for name, number in APART.findall(text):
        found.words.append(name + number)
    for match in NUMERALS.finditer(text):
        if len(match[0]) > 1 or match[0] not in ALONE:
            found.numbers.append(f"{NUMBER}{numeral_value(match[0])}")
    return found


def _name(name: str, found: Terms) -> None:
    """A word of Latin letters or digits, or several that marks hold together."""
    parts = MARKS.split(name) if not name.isalnum() else [name]
    if len(parts) > 1:
        found.words.append("".join(parts)[:LONGEST_WORD])
    for part in parts:
        if part.isdigit() and len(part) <= 12 and (part == "0" or part[0] != "0"):
            found.numbers.append(NUMBER + part)
        else:
            found.words.append(stem(part[:LONGEST_WORD]))


def stem(word: str) -> str:
    """An English word without its ending, alike for refund, refunds, refunded, refunding."""
    if len(word) < 4 or not word.isalpha():
        return word
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) > 2 and not word.endswith(("ss", "us", "is")):
            word = word[: -len(ending)] + instead
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def numeral_value(numeral: str) -> int:
    """Of 三百六十五, and of 二〇二六 too; 一百二 is 120, as people say it, and 一百零二 is not."""
    if not any(sign in TENS or sign == "万" for sign in numeral):
        return int("".join(str(DIGITS[sign]) for sign in numeral[:20]))
    whole = section = digit = 0
    signs = numeral[:20]
    for sign in signs:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign == "万":
            whole, section, digit = (whole + section + digit) * 10_000, 0, 0
        else:
            section, digit = section + (digit or 1) * TENS[sign], 0
    shortened = {"百": 10, "千": 100, "万": 1000}.get(signs[-2:-1], 1)
    return whole + section + digit * shortened


@functools.cache
def simplified() -> dict[int, int]:
    """Each traditional character, and what it is folded to: OpenCC's table, first choice."""
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {ord(one): ord(choices[0]) for one, choices in pairs if len(one) == 1}
