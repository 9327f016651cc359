"""Where what is known of a person stands in a text: in one walk, however much is known.

Not by one pattern of thousands of words: that one tries them all at each place, and lets nobody else in
meanwhile.
"""

import re
from collections.abc import Iterator

SHORTEST, LONGEST = 2, 100
"""Characters of what is looked for in other texts, too; what is longer is found by its form."""
SIGN = re.compile(r"[A-Za-z0-9_]")


class Known:
    def __init__(self) -> None:
        self._words = set[str]()
        self._lengths: dict[str, list[int]] = {}
        """By how a word begins those that there are, the longest first."""

    def add(self, word: str, *, however_slight: bool = False) -> None:
        slight = is_slight(word) and not however_slight
        if not SHORTEST <= len(word) <= LONGEST or slight or word in self._words:
            return
        self._words.add(word)
        lengths = self._lengths.setdefault(word[:SHORTEST], [])
        if len(word) not in lengths:
            lengths.append(len(word))
            lengths.sort(reverse=True)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """From left to right, the longest at each place; a Latin word only where it is whole."""
        place = 0
        while place < len(text):
            lengths = self._lengths.get(text[place : place + SHORTEST], ())
            ends = (place + length for length in lengths if text[place : place + length] in self._words)
            end = next((end for end in ends if _is_whole(text, place, end)), None)
            if end is not None:
                yield place, end
            place = end or place + 1


def _is_whole(text: str, start: int, end: int) -> bool:
    return not (_is_one(text, start) or _is_one(text, end))


def _is_one(text: str, place: int) -> bool:
    """Whether a Latin word goes on there."""
    return 0 < place < len(text) and bool(SIGN.match(text[place - 1]) and SIGN.match(text[place]))


def is_slight(value: str) -> bool:
    """Too little to be looked for elsewhere: a few figures."""
    return value.isdecimal() and len(value) < 5
