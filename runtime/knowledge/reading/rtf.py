"""RTF: its text, with its headings and the rows of its tables."""

import re
from collections.abc import Iterator
from itertools import groupby

from runtime import wellformed
from runtime.knowledge.reading import Given, Item, Kind, Section, Unread
from runtime.knowledge.reading._decoded import MOST
from runtime.knowledge.reading._tables import lines
from runtime.lang import Text

BEGINS = b"{\\rtf"
PICTURES = re.compile(rb"[0-9a-fA-F\s]{2000,}")
"""What is drawn, as digits: no text."""
OUTLINE = re.compile(r"\\outlinelevel([0-8])(?!\d) ?")
"""The level of a heading, from 0; 9 is text. [RTF 1.9.1], "Paragraph Formatting Properties"."""
STYLES = re.compile(r"\{\\stylesheet")
STYLE = re.compile(r"\\s(\d{1,5})(?!\d)[^;]{0,1000}?\bheading ([1-9]);", re.IGNORECASE)
LONGEST_STYLES = 200_000
STYLED = re.compile(r"\\s(\d{1,5})(?!\d) ?")
TWICE = re.compile(r"^\s*(#+ )[\s#]*(?=\S)")
LINK = re.compile("HYPERLINK", re.IGNORECASE)
FIELD = "{\\field"
CELL = "|"


def _read(given: Given) -> Iterator[Item]:
    from striprtf.striprtf import rtf_to_text  # late: only where there is one

    given.file.seek(0)
    content = PICTURES.sub(b" ", given.file.read(MOST)).decode("latin-1")
    marked = OUTLINE.sub(lambda found: _mark(found[0], int(found[1]) + 1), _styled(content))
    # The library looks for the addresses of links in time that grows with the cube of a line's length.
    marked = LINK.sub("", marked).replace(FIELD, "\n" + FIELD)
    said = wellformed.text(rtf_to_text(marked, errors="replace")).replace("\0", "")
    yield Section("\n".join(_told(said)))
    if given.size > MOST:
        yield Unread("too_long")


def _styled(content: str) -> str:
    """With a mark before what a style makes a heading."""
    begins = STYLES.search(content)
    if not begins:
        return content
    sheet = content[begins.end() : begins.end() + LONGEST_STYLES]
    levels = {found[1]: int(found[2]) for found in STYLE.finditer(sheet)}
    return STYLED.sub(
        lambda found: _mark(found[0], levels[found[1]]) if found[1] in levels else found[0], content
    )


def _mark(word: str, level: int) -> str:
    """What a cutter knows a heading by. In the sheet of styles itself nothing is text."""
    return word + "#" * min(level, 6) + " "


def _told(said: str) -> Iterator[str]:
    """Its lines, those of tables under their heads."""
    for is_table, found in groupby(said.splitlines(), lambda line: line.endswith(CELL)):
        if is_table:
            yield from lines(line[:-1].split(CELL) for line in found)
        else:
            yield from (TWICE.sub(r"\1", line) for line in found)


KIND = Kind(
    Text("RTF 文档", "RTF document"), ("rtf",), 50, lambda given: given.head.startswith(BEGINS), _read
)
