"""Other ways to write a listed word, each a pattern of its own: from its end, and with stars for vowels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from runtime.safety.words.drawn import with_stars
from runtime.safety.words.folding import folded

MOST = 10_000
"""Words of which more ways are known; of longer lists those alone that are listed."""
LEAST_CHARACTERS = 3
"""From their end, shorter words are found in harmless texts: 商品毒性, 下单刷新…"""
LEAST_LETTERS = 6
BOTH_WAYS = frozenset(
    {"drawer", "reward", "diaper", "repaid", "stressed", "desserts", "redraw", "warder", "denier", "reined"}
    | {"deliver", "reviled", "lamina", "animal", "spools", "sloops", "snoops", "spoons", "spacer", "recaps"}
    | {"looter", "retool", "gateman", "nametag", "rewarder", "redrawer"}
)
"""…as these are, which are words from either end."""


@dataclass(frozen=True)
class Pattern:
    """A listed word. `signs`: as it is compared; `borders`: after which of them its words end."""

    word: str
    signs: str
    borders: frozenset[int]
    allowed: bool = False
    """It is no match, and neither is what is in it."""
    as_written: bool = False
    """What sounds like it is something else."""


def pattern(word: str, *, allowed: bool = False, as_written: bool = False) -> Pattern | None:
    """None for what nothing is left of."""
    found = folded(word)
    borders = frozenset(i for i in range(len(found.signs) - 1) if found.between(i))
    return Pattern(word, found.signs, borders, allowed, as_written) if found.signs else None


def with_others(patterns: Sequence[Pattern]) -> list[Pattern]:
    """What is listed stands for itself where it is another's spelling as well."""
    known = {(one.signs, one.allowed): one for one in patterns}
    if len(known) <= MOST:
        for one in list(known.values()):
            for other in () if one.allowed else _others(one):
                known.setdefault((other.signs, False), other)
    return list(known.values())


def _others(one: Pattern) -> Iterator[Pattern]:
    signs, last = one.signs, len(one.signs) - 2
    if _is_told_from_its_end(signs):
        yield replace(
            one, signs=signs[::-1], borders=frozenset(last - i for i in one.borders), as_written=True
        )
    if len(signs) >= LEAST_LETTERS:
        for starred in with_stars(signs):
            yield replace(one, signs=starred, as_written=True)


def _is_told_from_its_end(signs: str) -> bool:
    if signs in BOTH_WAYS or signs == signs[::-1]:
        return False
    if signs.isascii():
        return signs.isalpha() and len(signs) >= LEAST_LETTERS
    return len(signs) >= LEAST_CHARACTERS and not any(sign.isascii() for sign in signs)
