"""The newest exchanges word for word, and of what was before them that which bears on the question."""

import functools
import hashlib
import json
import math
import operator
import struct
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from runtime.knowledge.index.terms import FILLERS, pairs, singles
from runtime.lang import Text
from runtime.message import Exchange
from runtime.models.context_window import shortened
from runtime.newest import Newest
from runtime.off_loop import off_loop
from runtime.turn.memory import Strategy, Uses
from runtime.turn.memory._counting import newest

MOST = 300
"""Exchanges that are looked through."""
TOP = 4
"""Of them that are shown."""
LONGEST = 400
"""Tokens of each."""
LONGEST_QUERY = 1000
"""Characters of the question that are looked at."""
SMOOTHING = 60
"""Of reciprocal rank fusion (Cormack et al., SIGIR 2009)."""
LOOKED_AT = 2000
"""Characters of each that are searched."""
SHORT = 4
"""Characters of the shortest message whose meaning is of any use."""
ALIKE = 0.33
"""The cosine from which on two texts mean something alike, by the encoder that is here."""
AT_ONCE = 24
"""Exchanges whose meaning is found out in one turn."""
REMEMBERED = 5000
NOBODY_SAYS: Mapping[int, float] = {}
TITLE = Text("更早的对话里和这个问题有关的", "From earlier in the conversation, what bears on this question")


class Relevant(Strategy):
    title = Text("记住最近的，更早的按需要想起", "The latest, and what fits the question of what was before")

    @property
    def loads(self) -> int:
        return max(self.turns, MOST)

    async def remembered(self, history: Sequence[Exchange], uses: Uses) -> Sequence[Exchange]:
        recent = newest(history, self.turns, self.tokens)
        earlier = history[: len(history) - len(recent)]
        alike = await _alike(uses, [one.words for one in earlier]) if earlier else {}
        texts = [_text(one) for one in earlier]
        places = await off_loop(fitting, uses.question, texts, alike) if earlier else ()
        if places:
            uses.tell(TITLE, json.dumps([_shown(earlier[place]) for place in places], ensure_ascii=False))
        return recent


async def _alike(uses: Uses, texts: Sequence[str]) -> Mapping[int, float]:
    """By place, how alike what is asked and what was said mean; some of those that are not known yet."""
    known = _meanings()
    marks = [_mark(text) for text in [uses.question, *texts]]
    new = [n for n in range(len(marks) - 1, 0, -1) if marks[n] not in known and len(texts[n - 1]) >= SHORT]
    chosen = [0, *new[:AT_ONCE]]
    found = await uses.meanings([uses.question, *(texts[n - 1][:LOOKED_AT] for n in chosen[1:])])
    if len(found) != len(chosen):
        return {}
    for n, meaning in zip(chosen[1:], found[1:], strict=True):
        known[marks[n]] = meaning
    told = {n - 1: meaning for n in range(1, len(marks)) if (meaning := known.get(marks[n], b""))}
    return await off_loop(_cosines, found[0], told)


def _cosines(asked: bytes, told: Mapping[int, bytes]) -> Mapping[int, float]:
    form = f"<{len(asked) // 2}e"
    wanted = struct.unpack(form, asked)
    near = {
        place: sum(map(operator.mul, wanted, struct.unpack(form, meaning)))
        for place, meaning in told.items()
        if len(meaning) == len(asked)
    }
    return {place: cosine for place, cosine in near.items() if cosine >= ALIKE}


@functools.cache
def _meanings() -> Newest[bytes, bytes]:
    """What texts of late mean, by their digest."""
    return Newest(REMEMBERED)


def _mark(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def fitting(
    question: str, texts: Sequence[str], alike: Mapping[int, float] = NOBODY_SAYS, top: int = TOP
) -> list[int]:
    """Places of the texts that say something of what is asked, in their order; none where nothing fits.

    Pairs of characters and words count, and single characters, each by how rare it is, and how much is meant
    alike; the orders are fused.
    """
    question = question[:LONGEST_QUERY]
    points: dict[int, float] = {}
    asked = {term for term in singles(question) if term not in FILLERS}
    paired_asked = {pair for pair in pairs(question) if not FILLERS.issuperset(pair)}
    said = [set(singles(text)) for text in texts]
    # What is in most of them says nothing of any.
    asked = {term for term in asked if sum(term in terms for terms in said) <= max(2, len(said) // 2)}
    enough = 1 if len(asked) < 3 else max(2, math.ceil(len(asked) / 3))
    shares = [len(asked & terms) >= enough for terms in said]
    by_pairs = _ranked(paired_asked, [set(pairs(text)) for text in texts], lambda place: True)
    paired = set(by_pairs)
    by_singles = _ranked(asked, said, lambda place: place in paired or shares[place])
    by_meaning = sorted(alike, key=lambda place: (-alike[place], -place))
    for order in (by_pairs, by_singles, by_meaning):
        for rank, place in enumerate(order):
            points[place] = points.get(place, 0) + 1 / (SMOOTHING + rank)
    return sorted(sorted(points, key=lambda place: (-points[place], -place))[:top])


def _ranked(asked: set[str], texts: Sequence[set[str]], counts: Callable[[int], bool]) -> list[int]:
    """Places by how rare the terms are that each has of those that are asked for."""
    often = Counter(term for terms in texts for term in asked & terms)
    worth = {term: math.log(1 + len(texts) / count) for term, count in often.items()}
    points = {
        place: sum(worth[term] for term in asked & terms) / math.sqrt(8 + len(terms))
        for place, terms in enumerate(texts)
        if asked & terms and counts(place)
    }
    return sorted(points, key=lambda place: (-points[place], -place))


def _text(one: Exchange) -> str:
    return f"{one.words[:LOOKED_AT]}\n{one.reply[:LOOKED_AT]}"


def _shown(one: Exchange) -> dict[str, str]:
    day = {"day": f"{datetime.fromtimestamp(one.at, UTC):%Y-%m-%d}"} if one.at else {}
    return {
        **day,
        "person": shortened(one.words, LONGEST // 2),
        "assistant": shortened(one.reply, LONGEST // 2),
    }


MEMORY = Relevant
