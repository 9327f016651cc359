"""A text as it is compared: without what stands between, one spelling for each sign, and where each stood."""

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from runtime.knowledge.index.terms import simplified
from runtime.safety.words.signs import BESIDE_LETTERS, DRAWN, FILLERS, LETTERS

Between = Literal["", "unseen", "light", "hard"]
"""What stands between two signs: nothing, only what nobody sees, or what a person sees; hard: also
what ends a part of a sentence."""

HARD = frozenset('，。！？；：、,!?;\n\r（）()【】《》“”"…')
UNSEEN = frozenset({"Cf", "Cc", "Mn", "Me", "Cn", "Co"})
MOST_SEEN = 4
"""Signs that a person sees, between two that belong together."""
REPEATED = re.compile(r"([a-z])\1{2,}")
REPEATS = range(3, 21)
"""Times that a letter stands there, one directly after the other, where it is meant once."""
MOST_UNSEEN = 20
"""Signs in a row that nobody sees: a flag of a region has 6, a letter with all its marks fewer."""
KNOWN = 40_000


@dataclass(frozen=True)
class Folded:
    """`signs`: what is compared; `where`: for each the place of what it was in `text`, and `ends` the last
    place, of a letter that somebody repeats and repeats."""

    text: str
    signs: str
    where: tuple[int, ...]
    ends: tuple[int, ...]

    def between(self, i: int) -> Between | None:
        """What stands between sign `i` and the next one; None when that is too much."""
        first, last = self.ends[i] + 1, self.where[i + 1]
        return _between(self.text[first:last]) if first < last else ""

    @property
    def may_go_on(self) -> bool:
        """Whether what stands behind the last sign still allows that another belongs to it."""
        return not self.where or _between(self.text[self.ends[-1] + 1 :]) is not None

    def is_spaced(self, i: int) -> bool:
        """Whether there is a space between sign `i` and the next one."""
        return any(sign.isspace() for sign in self.text[self.ends[i] + 1 : self.where[i + 1]])

    def ends_word(self, place: int) -> bool:
        """Whether no letter or digit of an alphabet stands there."""
        return not 0 <= place < len(self.text) or not _is_latin(_signs(self.text[place]))

    def stands_alone(self, place: int) -> bool:
        """Whether neither a letter nor a character stands there."""
        return not 0 <= place < len(self.text) or not _signs(self.text[place]).isalnum()


def folded(text: str) -> Folded:
    signs: list[str] = []
    where: list[int] = []
    for place, sign in enumerate(text):
        kept = _signs(sign)
        if sign in BESIDE_LETTERS and not _is_beside(text, place):
            continue
        if kept:
            signs.append(kept)
            where.extend([place] * len(kept))
    return _once(text, "".join(signs), where)


def _once(text: str, signs: str, where: list[int]) -> Folded:
    """Of a letter that stands there three times or more, one after the other, one is left."""
    rows = [span for row in REPEATED.finditer(signs) for span in _unbroken(where, *row.span())]
    if not rows:
        return Folded(text, signs, tuple(where), tuple(where))
    firsts, ends, kept, at = list[int](), list[int](), list[str](), 0
    for start, end in [*rows, (len(signs), len(signs))]:
        firsts += where[at:start]
        ends += where[at:start]
        kept.append(signs[at:start])
        if start < end:
            firsts.append(where[start])
            ends.append(where[end - 1])
            kept.append(signs[start])
        at = end
    return Folded(text, "".join(kept), tuple(firsts), tuple(ends))


def _unbroken(where: list[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of it in which nothing stands between two signs: ooo and oooo in ooo oooo."""
    for at in range(start + 1, end + 1):
        if at == end or where[at] != where[at - 1] + 1:
            if at - start in REPEATS:
                yield start, at
            start = at


def thinned(text: str, before: int = 0) -> tuple[str, int]:
    """Without what nobody sees, where more of it stands in a row than any language writes: a flood of it
    between two signs of a word would be held, and looked at again with each further sign. `before`: how many
    stood in a row before it; also returned, of its end."""
    kept: list[str] = []
    row = before
    for sign in text:
        row = row + 1 if is_unseen(sign) else 0
        if row <= MOST_UNSEEN:
            kept.append(sign)
    return "".join(kept), row


def is_letter_apart(text: str, place: int) -> bool:
    """Whether a single letter stands there, with something behind it that is none: d.u.b.o"""
    return (
        _is_plain(text[place : place + 1])
        and not _is_plain(text[place - 1 : place] if place else "")
        and not text[place + 1 : place + 2].isalnum()
    )


def _is_plain(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()


def _is_latin(signs: str) -> bool:
    return signs.isalnum() and signs[-1].isascii()


def _is_beside(text: str, place: int) -> bool:
    before, behind = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    if not _is_ascii_letter(behind):
        return False
    return text[place] in "$(" or _is_ascii_letter(before)


def _is_ascii_letter(sign: str) -> bool:
    return sign.isascii() and (sign.isalnum() or (sign != "" and sign in "@$"))


def _between(text: str) -> Between | None:
    seen = [sign for sign in text if not is_unseen(sign)]
    if len(seen) > MOST_SEEN:
        return None
    if not seen:
        return "unseen"
    return "hard" if HARD.intersection(seen) else "light"


@functools.lru_cache(maxsize=KNOWN)
def is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN and sign not in "\n\r\t"


@functools.lru_cache(maxsize=KNOWN)
def _signs(sign: str) -> str:
    """What one sign is compared as; "" for one that only stands between."""
    if sign in BESIDE_LETTERS:
        return sign
    if drawn := DRAWN.get(ord(sign)):
        return drawn
    if sign in FILLERS:
        return ""
    apart = unicodedata.normalize("NFKD", sign).casefold().translate(LETTERS).translate(simplified())
    if not apart.isascii() and unicodedata.category(sign) == "So":
        return ""  # a character in a circle is drawn between others, and means nothing there
    return "".join(one for one in apart if one.isalnum())
