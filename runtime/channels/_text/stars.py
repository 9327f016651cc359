"""Which asterisks of a line are emphasis, by rules that fit Chinese.

CommonMark's rules ask for spaces that Chinese does not write (`**注意：**请` would keep its stars), and take
stars that hide something (`138****1234`, `王**`) or multiply (`2*3*4`) for emphasis.
https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST = 3
"""Stars of one mark: `***both***`. Longer runs hide something."""
CLOSING = frozenset("，。、；：！？）】》」』”’…,;:!?)]}%=/")
"""Nothing that is emphasised begins with one of these."""
OPENING = frozenset("（【《「『“‘([{<\"'`$\\~")
JOINING = frozenset("和与及或跟同")
"""Words between two names."""


@dataclass
class Run:
    """Some stars in a row: where they stand in the text, and in the list of what is shown."""

    place: int
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass
class _Open:
    run: Run
    left: int


def judged(text: str, runs: Sequence[Run]) -> Iterator[tuple[Run, int]]:
    """Each run, and how many of its stars stay."""
    left = {run.place: run.length for run in runs}
    opened: list[_Open] = []
    for run in runs:
        if run.length > LONGEST:
            continue
        if _may_close(text, run):
            _close(text, run, opened, left)
        if left[run.place] == run.length and _may_open(text, run):
            opened.append(_Open(run, run.length))
    return ((run, left[run.place]) for run in runs)


def _close(text: str, run: Run, opened: list[_Open], left: dict[int, int]) -> None:
    """Pair with the nearest mark before it, as far as the stars go; what stands unpaired between stays."""
    while left[run.place]:
        places = [
            i
            for i in range(len(opened) - 1, max(-1, len(opened) - 8), -1)
            if _fits(text, opened[i], run, left)
        ]
        if not places:
            return
        del opened[places[0] + 1 :]
        mark = opened[-1]
        paired = min(mark.left, left[run.place])
        mark.left -= paired
        left[mark.run.place] -= paired
        left[run.place] -= paired
        if not mark.left:
            opened.pop()


def _fits(text: str, mark: _Open, run: Run, left: dict[int, int]) -> bool:
    # `**a*` is neither: one star closes one star, or one of three
    if mark.left != left[run.place] and LONGEST not in (mark.run.length, run.length):
        return False
    inside = text[mark.run.end : run.start]
    if "\n\n" in inside or ("\n" in inside and min(mark.left, left[run.place]) == 1):
        return False
    return not _hide_names(text, mark.run, run)


def _may_open(text: str, run: Run) -> bool:
    before, after, next_after = _at(text, run.start - 1), _at(text, run.end), _at(text, run.end + 1)
    if not after.strip() or after in CLOSING or (_is_ascii_word(before) and _is_ascii_word(after)):
        return False
    # a file's ending, or an attribute
    if after == "." and (run.length == 1 or not _is_ascii_word(next_after)):
        return False
    return run.length > 1 or (not before.isalnum() and (after.isalnum() or after in OPENING))


def _may_close(text: str, run: Run) -> bool:
    before, after = _at(text, run.start - 1), _at(text, run.end)
    return bool(before.strip()) and (run.length > 1 or not _is_ascii_word(after))


def _hide_names(text: str, first: Run, second: Run) -> bool:
    """`张**、李**`: each stands behind one letter that stands alone, and both in the same script."""
    before, inside = _at(text, first.start - 1), _at(text, second.start - 1)
    if not before.isalnum() or not inside.isalnum() or before.isascii() != inside.isascii():
        return False
    return _stands_alone(text, first.start - 1) and _stands_alone(text, second.start - 1)


def _stands_alone(text: str, at: int) -> bool:
    before = _at(text, at - 1)
    return not before.isalnum() or before in JOINING


def _at(text: str, at: int) -> str:
    return text[at] if 0 <= at < len(text) else ""


def _is_ascii_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
