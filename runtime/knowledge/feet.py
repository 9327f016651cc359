"""Feet of pages in a text that was pasted: lines that come again and again with the next page's number.

Left there, each is a short passage of its own under a heading of the text, which a search finds before what
that heading is about.
"""

import itertools
import re

LONGEST = 80
"""Characters of such a line."""
FEWEST = 3
"""Times that it comes."""
STEADY = 0.8
"""Part of them whose number is one or two above the one before: left and right pages may differ."""
MARK = re.compile(
    r"第\s*(\d{1,4})\s*页"
    r"|\b(?i:page|p\.)\s*(\d{1,4})\b"
    r"|[-–—·]\s*(\d{1,4})\s*[-–—·]"
    r"|^\s*(\d{1,4})\s*[/／]\s*\d{1,4}\s*$"
)
"""How a page's number is written; one that stands alone may be anything."""
ENDS = tuple("。！？；…：.!?;:")
FULL = 40
"""Characters of a line from which on it is no heading."""


def without_feet(text: str) -> str:
    """What was cut in two by them goes on."""
    lines = text.splitlines()
    gone = _feet(lines)
    if not gone:
        return text
    kept: list[str] = []
    after = False  # a foot, and blank lines at most since
    for at, line in enumerate(lines):
        if at in gone:
            after = True
        elif line.strip() or not after:
            if after:
                _go_on(kept)
            kept.append(line)
            after = False
    return "\n".join(kept)


def _go_on(kept: list[str]) -> None:
    """Behind a foot: in the same paragraph, if that was not at its end."""
    while kept and not kept[-1].strip():
        kept.pop()
    if kept and (len(kept[-1]) < FULL or kept[-1].rstrip().endswith(ENDS)):
        kept.append("")


def _feet(lines: list[str]) -> set[int]:
    """Where they stand."""
    seen: dict[str, list[tuple[int, int]]] = {}
    for at, line in enumerate(lines):
        if len(line) <= LONGEST and (mark := MARK.search(line)):
            place = next(i for i in range(1, 5) if mark[i])
            shape = line[: mark.start(place)] + line[mark.end(place) :]
            seen.setdefault(shape.strip(), []).append((at, int(mark[place])))
    return {at for places in seen.values() if _counts([n for _, n in places]) for at, _ in places}


def _counts(numbers: list[int]) -> bool:
    steps = [b - a in (1, 2) for a, b in itertools.pairwise(numbers)]
    return len(numbers) >= FEWEST and sum(steps) >= STEADY * len(steps)
