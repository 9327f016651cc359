"""Which of several described things a text is most like: by words, and by meaning where that is known."""

import functools
import hashlib
import math
import operator
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runtime.knowledge.index.terms import FILLERS, folded, pairs, singles
from runtime.knowledge.search.found import Searches
from runtime.newest import Newest
from runtime.off_loop import off_loop
from runtime.unhurried import in_time

LOOKED_AT = 2000
"""Characters of a text that are compared."""
PATIENCE = 3.0
"""Seconds that words wait for meanings while a person waits."""
REMEMBERED = 2000
"""Meanings of examples, 1 kB each."""
UNLIKE, SAME = 0.25, 0.75
"""Cosines of the built-in encoder at which two sentences have nothing, and all, to do with each other."""
QUICK = 2000
"""Characters that are compared on the loop, in a millisecond."""
APART = 0.15
"""How much the likeliest must be ahead of the next to be sure."""


@dataclass(frozen=True)
class Described:
    title: str
    description: str
    examples: Sequence[str]

    @property
    def texts(self) -> list[str]:
        return [text[:LOOKED_AT] for text in (self.title, self.description, *self.examples) if text.strip()]


async def likeliest(
    text: str, described: Sequence[Described], searches: Searches | None
) -> tuple[int | None, float]:
    """Its place, and how sure that is, 0 to 1. Two that are equally likely are both half as sure; what
    one of them has word for word is that one, however like it another may be."""
    text = text[:LOOKED_AT]
    size = len(text) + sum(len(one) for each in described for one in each.texts)
    small = size <= QUICK  # a thread would cost more than the work
    by_words = _by_words(text, described) if small else await off_loop(_by_words, text, described)
    if (place := _word_for_word(text, described)) is not None:
        return place, 1.0
    by_meaning = await _by_meaning(text, described, searches)
    points = [max(pair) for pair in zip(by_words, by_meaning, strict=True)]
    order = sorted(range(len(points)), key=lambda place: -points[place])
    if not order or points[order[0]] <= 0:
        return None, 0.0
    ahead = points[order[0]] - (points[order[1]] if len(order) > 1 else 0)
    return order[0], points[order[0]] * (0.5 + 0.5 * min(1.0, ahead / APART))


def _word_for_word(text: str, described: Sequence[Described]) -> int | None:
    """None too when several have it."""
    said = folded(text).strip()
    found = [
        place for place, one in enumerate(described) if any(said == _example(other)[0] for other in one.texts)
    ]
    return found[0] if len(found) == 1 else None


def _by_words(text: str, described: Sequence[Described]) -> list[float]:
    said, terms = folded(text).strip(), _terms(text)
    return [max((_alike(said, terms, other) for other in one.texts), default=0.0) for one in described]


def _alike(said: str, terms: frozenset[str], other: str) -> float:
    """1 for the same words; a text that holds the other is almost as good."""
    there, theirs = _example(other)
    if said == there or (theirs and terms == theirs):
        return 1.0
    shared = terms & theirs
    if not shared:
        return 0.0
    if len(there) > 1 and there in said:
        return 0.8 + 0.2 * len(there) / len(said)
    share_of_theirs, share_of_ours = len(shared) / len(theirs), len(shared) / len(terms)
    return 0.9 * max(math.sqrt(share_of_theirs * share_of_ours), share_of_ours * 0.7)


@functools.lru_cache(maxsize=REMEMBERED)
def _example(text: str) -> tuple[str, frozenset[str]]:
    return folded(text).strip(), _terms(text)


def _terms(text: str) -> frozenset[str]:
    """Pairs, words, numbers, and single characters that say something."""
    both = [pair for pair in pairs(text) if not FILLERS.issuperset(pair)]
    return frozenset([*both, *(one for one in singles(text) if one not in FILLERS)])


async def _by_meaning(
    text: str, described: Sequence[Described], searches: Searches | None
) -> Sequence[float]:
    nothing = [0.0] * len(described)
    if searches is None:
        return nothing
    known = _meanings()
    marks = [[_mark(other) for other in one.texts] for one in described]
    texts = {_mark(other): other for one in described for other in one.texts}
    new = [mark for mark in texts if mark not in known]
    wanted = [text, *(texts[mark] for mark in new)]
    found = await in_time(searches.meanings(wanted), PATIENCE, ())
    if len(found) != len(new) + 1:
        return nothing
    for mark, meaning in zip(new, found[1:], strict=True):
        known[mark] = meaning
    return await off_loop(
        lambda: [_nearest(found[0], [known[mark] for mark in one if mark in known]) for one in marks]
    )


def _nearest(asked: bytes, others: Iterable[bytes]) -> float:
    form = f"<{len(asked) // 2}e"
    wanted = struct.unpack(form, asked)
    cosines = (
        sum(map(operator.mul, wanted, struct.unpack(form, other)))
        for other in others
        if len(other) == len(asked)
    )
    nearest = float(max(cosines, default=0.0))
    return max(0.0, min(1.0, (nearest - UNLIKE) / (SAME - UNLIKE)))


def _mark(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@functools.cache
def _meanings() -> Newest[bytes, bytes]:
    """What examples of late mean, by their digest."""
    return Newest(REMEMBERED)
