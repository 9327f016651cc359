"""A question as it is searched by: its terms, each with its weight, and how exactly it asks."""

import re
from dataclasses import dataclass

from runtime import wellformed
from runtime.knowledge.index.terms import FILLERS, folded, terms_of

LONGEST = 1000
"""Characters that are looked at."""
MOST_TERMS = 160
EMPTY_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "are",
        "was",
        "were",
        "be",
        "do",
        "does",
        "did",
        "can",
        "could",
        "may",
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "my",
        "your",
        "me",
        "what",
        "which",
        "who",
        "how",
        "when",
        "where",
        "why",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "by",
        "with",
        "and",
        "or",
        "not",
        "no",
        "if",
        "this",
        "that",
        "there",
        "have",
        "has",
        "had",
        "please",
    ]
)
TELLING = 3
"""Characters of a number, its mark among them, beyond which it is like a name: 1080, not 15."""

NAME, WORD, NUMBER, PAIR, SINGLE = 3.0, 1.6, 1.2, 1.0, 0.35
"""What finding a term of each kind is worth, before how rare it is."""


@dataclass(frozen=True)
class Question:
    """`terms`: each once with its weight, those that say most first. `named`: words and numbers among them,
    the others are characters and pairs; `exact`: those that have digits."""

    text: str
    terms: dict[str, float]
    named: frozenset[str]
    exact: frozenset[str]


def question(text: str) -> Question:
    """Of a text as a person wrote it, however long or strange."""
    text = wellformed.text(text[:LONGEST]).replace("\0", " ").strip()
    found = terms_of(folded(text))
    words = [word for word in found.words if word not in EMPTY_WORDS]
    exact = {word for word in words if re.search(r"[0-9]", word)}
    exact |= {number for number in found.numbers if len(number) > TELLING}
    weighed = dict.fromkeys(exact, NAME)
    weighed |= {word: WORD for word in words if word not in exact}
    weighed |= {number: NUMBER for number in found.numbers if number not in exact}
    named = frozenset(weighed)
    for pair in found.pairs:
        if not FILLERS.issuperset(pair):
            # 款多 of 退款多久 is no word.
            weighed[pair] = PAIR * (0.5 if pair[0] in FILLERS or pair[1] in FILLERS else 1)
    for single in found.singles:
        if single not in FILLERS:
            weighed[single] = SINGLE
    return Question(text, dict(list(weighed.items())[:MOST_TERMS]), named, frozenset(exact))
