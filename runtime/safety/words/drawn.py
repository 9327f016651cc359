"""Letters that are drawn with several signs, or with one that only looks so: |-|eroin, c@$1n0, fvck."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from runtime.safety.words.signs import LEET
from runtime.safety.words.views import Tokens, View, as_it_is

SEVERAL = {
    "/\\/\\": "m", "|\\/|": "m", "\\/\\/": "w", "|\\|": "n", "/\\/": "n", "/-\\": "a", "/\\": "a", "\\/": "v",
    "|-|": "h", "}{": "h", "|<": "k", "|{": "k", "|_|": "u", "(_)": "u", "|)": "d", "|]": "d", "|>": "p",
    "|3": "b", "()": "o", "[]": "o", "ph": "f", "PH": "f", "Ph": "f", "vv": "w", "VV": "w",
}  # fmt: skip
ONE = {
    **LEET,
    "<": "c",
    "€": "e",
    "£": "l",
    "¢": "c",
    "+": "t",
    "6": "g",
    "9": "g",
    "8": "b",
    "2": "z",
    "#": "h",
}
ONE |= {"v": "u", "V": "u", "q": "g", "Q": "g", "¡": "i", "µ": "u", "×": "x", "°": "o"}
BEFORE_A_LETTER = r"(?=[A-Za-z0-9@$€£¢(<|!+\\/])"
"""Behind a sign that ends a sentence, or is a bracket, where it is meant as a letter."""
PUNCTUATION = frozenset("!|(<+")


def _one(sign: str) -> str:
    return re.escape(sign) + (BEFORE_A_LETTER if sign in PUNCTUATION else "")


_TOKEN = "|".join(re.escape(several) for several in sorted(SEVERAL, key=len, reverse=True))
_TOKEN += "|" + "|".join(map(_one, ONE))
_BEGUN = "|".join(
    re.escape(first)
    for first in sorted(
        {several[:length] for several in SEVERAL for length in range(1, len(several))} | PUNCTUATION,
        key=len,
        reverse=True,
    )
)
DRAWN_TOKENS = Tokens(_TOKEN, _BEGUN, lambda match: SEVERAL.get(match[0]) or ONE[match[0]])
ANY = re.compile(
    "["
    + re.escape("".join({*ONE, *itertools.chain.from_iterable(SEVERAL)} - {"p", "h", "P", "H"}))
    + "]|(?i:ph)"
)
STARRED = r"(?<=[A-Za-z0-9@$])[*#_?%•](?=[A-Za-z0-9@$])"
"""One sign in the place of a letter: c*sino."""
ANY_LETTER = "\u2d65"
"""What stands there for it: a letter of nobody's list."""
VOWELS = frozenset("aeiou")


def drawn(text: str) -> View | None:
    return DRAWN_TOKENS.read(text) if ANY.search(text) else None


def drawn_so_far(text: str) -> View:
    return DRAWN_TOKENS.read_so_far(text)


def starred(text: str) -> View | None:
    """With one sign for each letter that is left out; None where none is."""
    return _same_places(text, re.sub(STARRED, ANY_LETTER, text))


def starred_so_far(text: str) -> View | None:
    """That, with a sign at the end taken for such a one."""
    return _same_places(text, re.sub(STARRED.removesuffix(")") + r"|\Z)", ANY_LETTER, text))


def _same_places(text: str, meant: str) -> View | None:
    return replace(as_it_is(text), text=meant) if meant != text else None


def with_stars(word: str) -> Sequence[str]:
    """A word of an alphabet as it is written with stars: for one of its vowels, or for all."""
    places = [place for place, sign in enumerate(word) if sign in VOWELS and 0 < place < len(word) - 1]
    if not places or not (word.isascii() and word.isalpha()):
        return ()
    ways = [{place} for place in places] + ([set(places)] if len(places) > 1 else [])
    return ["".join(ANY_LETTER if place in way else sign for place, sign in enumerate(word)) for way in ways]
