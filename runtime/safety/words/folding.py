"""A text as it is compared: without what stands between, one spelling for each sign, and where each stood."""

import functools
import unicodedata
from dataclasses import dataclass
from typing import Literal

from runtime.knowledge.index.terms import simplified
from runtime.safety.words.signs import BESIDE_LETTERS, DRAWN, LETTERS

Between = Literal["", "unseen", "light", "hard"]
"""What stands between two signs: nothing, only what nobody sees, or what a person sees; hard: also
what ends a part of a sentence."""

HARD = frozenset('，。！？；：、,!?;\n\r（）()【】《》“”"…')
UNSEEN = frozenset({"Cf", "Cc", "Mn", "Me", "Cn", "Co"})
MOST_SEEN = 4
"""Signs that a person sees, between two that belong together."""
MOST_UNSEEN = 20
"""Signs in a row that nobody sees: a flag of a region has 6, a letter with all its marks fewer."""
KNOWN = 40_000


@dataclass(frozen=True)
class Folded:
    """`signs`: what is compared; `where`: for each the place of what it was in `text`."""

    text: str
    signs: str
    where: tuple[int, ...]

    def between(self, i: int) -> Between | None:
        """What stands between sign `i` and the next one; None when that is too much."""
        first, last = self.where[i] + 1, self.where[i + 1]
        return _between(self.text[first:last]) if first < last else ""

    @property
    def may_go_on(self) -> bool:
        """Whether what stands behind the last sign still allows that another belongs to it."""
        return not self.where or _between(self.text[self.where[-1] + 1 :]) is not None

    def is_spaced(self, i: int) -> bool:
        """Whether there is a space between sign `i` and the next one."""
        return any(sign.isspace() for sign in self.text[self.where[i] + 1 : self.where[i + 1]])

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
    return Folded(text, "".join(signs), tuple(where))


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


def _is_latin(signs: str) -> bool:
    return signs.isalnum() and signs[-1].isascii()


def _is_beside(text: str, place: int) -> bool:
    before, behind = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    if not (behind.isascii() and behind.isalnum()):
        return False
    return text[place] == "$" or (before.isascii() and before.isalnum())


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
    apart = unicodedata.normalize("NFKD", sign).casefold().translate(LETTERS).translate(simplified())
    return "".join(one for one in apart if one.isalnum())
