"""What became of a text: pieces that stayed, went and came, by lines and inside of changed lines by words.

difflib does the comparing. It is quadratic where a text repeats itself, so what is compared is bounded:
beyond that a whole stretch went and another came, which is also true.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

SAME, GONE, NEW = "=", "-", "+"
Piece = tuple[str, str]
"""One of SAME, GONE and NEW, and the text that it is true of."""

MOST_PAIRS = 60_000
"""Of places at which two stretches hold the same line or word: so much is looked through again and again."""
MOST = 5_000
"""Lines or words of a stretch that are compared one by one."""
CRUMB = 2
"""Characters that stayed between two changes and are told as changed too: nobody reads confetti."""

LINE = re.compile(r"[^\n]*\n|[^\n]+")
WORD = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|[a-zA-Z0-9_]+|\s+|.", re.DOTALL)
"""A template's reference is one word, and so is a Chinese character."""

Finer = Callable[[str, str], Iterator[Piece]]


def words_difference(before: str, after: str) -> list[Piece]:
    """In reading order; all but NEW joined is `before`, all but GONE joined is `after`."""
    return _told(_compared(LINE.findall(before), LINE.findall(after), _by_words))


def _by_words(before: str, after: str) -> Iterator[Piece]:
    pieces = list(_compared(WORD.findall(before), WORD.findall(after), _as_they_are))
    for place, (kind, text) in enumerate(pieces):
        if kind == SAME and 0 < place < len(pieces) - 1 and len(text) <= CRUMB and "\n" not in text:
            yield from _as_they_are(text, text)
        else:
            yield kind, text


def _as_they_are(before: str, after: str) -> Iterator[Piece]:
    yield GONE, before
    yield NEW, after


def _compared(before: Sequence[str], after: Sequence[str], finer: Finer) -> Iterator[Piece]:
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    yield SAME, "".join(before[:start])
    yield from _middle(before[start : len(before) - end], after[start : len(after) - end], finer)
    yield SAME, "".join(before[len(before) - end :])


def _middle(before: Sequence[str], after: Sequence[str], finer: Finer) -> Iterator[Piece]:
    often = Counter(after)
    if max(len(before), len(after)) > MOST or sum(often[one] for one in before) > MOST_PAIRS:
        yield from _as_they_are("".join(before), "".join(after))
        return
    for kind, i, end, j, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield SAME, "".join(before[i:end])
        else:
            yield from finer("".join(before[i:end]), "".join(after[j:stop]))


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    """How many there are at the start that are the same in both."""
    pairs = zip(before, after, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after)))


def _told(pieces: Iterator[Piece]) -> list[Piece]:
    """Neighbours of a kind joined; of what changed between two that stayed, first all that went."""
    told: list[Piece] = []
    held = {GONE: "", NEW: ""}
    stayed = ""
    for kind, text in (piece for piece in pieces if piece[1]):
        if kind != SAME:
            told += [(SAME, stayed)]
            stayed = ""
            held[kind] += text
            continue
        told += held.items()
        held = {GONE: "", NEW: ""}
        stayed += text
    return [piece for piece in (*told, *held.items(), (SAME, stayed)) if piece[1]]
