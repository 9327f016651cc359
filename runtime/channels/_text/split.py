"""Cut a long text into parts that a surface takes, where a reader would pause."""

import re
from typing import Literal

import regex

# A tag or an address cut in two is dead, so each is one unit, like a letter with its accents.
# The bounds keep hostile text from making the search long.
UNIT = regex.compile(
    r"<a\s[^<>]{1,1200}>.{0,1200}?</a>|\[[^\[\]\n]{1,300}\]\(https?://[^\s()<>]{1,1200}\)"
    r"|https?://[^\s<>\u0080-\U0010ffff]+|\X",
    regex.DOTALL,
)
LONGEST_UNIT = 2500
Unit = Literal["bytes", "characters"]
PAUSES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\n\s*\n",
        r"\n",
        r"[。！？!?；;…]+[”’」』）)》】]*|\.(?=\s)",
        r"[，,、：:]|\s",
    )
)
"""From the best place to the least. After them any border between units."""


def split(text: str, most: int, unit: Unit = "bytes") -> list[str]:
    """Parts of at most `most` UTF-8 bytes (at least 4: a character must fit), or characters, none blank.

    Only white space around a cut is dropped. Raises ValueError for a smaller limit.
    """
    if most < 4:
        raise ValueError("a part must have room for one character: 4 bytes")
    parts, rest = [], text
    while rest:
        fits = most if unit == "characters" else len(rest[:most].encode()[:most].decode(errors="ignore"))
        end = _end_of_part(rest, min(fits, len(rest)))
        parts.append(rest[:end].rstrip().lstrip("\n"))
        rest = rest[end:].lstrip("\n")
    return [part for part in parts if _is_visible(part)]


def _end_of_part(text: str, fits: int) -> int:
    if fits == len(text):
        return fits
    borders = _borders(text, fits)
    # a pause in the first half would waste parts, and those are rationed
    for pause in PAUSES:
        ends = [found.end() for found in pause.finditer(text, fits // 2, fits) if found.end() in borders]
        if ends:
            return ends[-1]
    return max(borders)


def _borders(text: str, fits: int) -> set[int]:
    """Where the first `fits` characters may be cut. A unit that is itself too long is cut anywhere."""
    borders = set()
    for unit in UNIT.finditer(text, 0, fits + LONGEST_UNIT):
        if unit.end() > fits:
            break
        borders.add(unit.end())
    return borders or {fits}


def _is_visible(text: str) -> bool:
    """Whether there is more than white space and marks of zero width."""
    return any(character.isprintable() and not character.isspace() for character in text)
