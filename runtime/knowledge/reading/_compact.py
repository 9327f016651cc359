"""Workbooks with a lone cell far away, without the empty space before it.

Who reads a sheet makes the whole rectangle of it: for a note in A1048576 and another in XFD1 that is 17,000
million cells. Here the same cells stand closer together, with one empty row or column where there were many.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace

from runtime.knowledge.reading import Given
from runtime.knowledge.reading._zipped import Zipped

SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
CELL = re.compile(rb'(<(?:\w{1,20}:)?(?:c|row)\s(?:[^<>]{0,200}?\s)?r=")([A-Z]{0,3})(\d{1,7})(")')
OTHERS = re.compile(rb"<(?:\w{1,20}:)?(dimension|mergeCell)\s[^<>]*>")
"""What names places, too; that a few cells are merged is not known of such a sheet."""
REPEATED = re.compile(rb'(number-(?:columns|rows)-repeated=")(\d{4,10})"')
"""How an OpenDocument sheet says that so many are alike: a thousand or more are empty."""
LARGE = 2_000_000
"""Cells of a rectangle that is read as it is."""
MOSTLY = 20
"""Places for each cell, from which a large rectangle is mostly empty."""
MOST = 100 << 20
"""Bytes of a sheet that is rewritten."""


def compacted(given: Given, zipped: Zipped) -> Given:
    """The same file where no sheet is mostly empty. Raises NotRead."""
    closer: dict[str, bytes] = {}
    for name, info in zipped.names.items():
        if info.file_size > MOST:
            continue
        near = _closer(zipped.read(name)) if SHEET.fullmatch(name) else None
        if name == "content.xml":
            near = REPEATED.sub(rb'\g<1>1"', zipped.read(name))
        if near is not None:
            closer[name] = near
    if not closer:
        return given
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as rewritten:
        for name in zipped.names:
            rewritten.writestr(name, closer.get(name) or zipped.read(name))
    return replace(given, file=made, size=made.tell())


def _closer(sheet: bytes) -> bytes | None:
    """None when it need not be."""
    rows, columns, cells = set[int](), set[bytes](), 0
    for found in CELL.finditer(sheet):
        rows.add(int(found[3]))
        if found[2]:
            columns.add(found[2])
            cells += 1
    if not cells:
        return None
    numbers = {letters: _number(letters) for letters in columns}
    high, wide = _extent(rows), _extent(numbers.values())
    if high * wide <= max(LARGE, MOSTLY * cells):
        return None
    row, column = _places(rows), _places(numbers.values())
    near = {letters: _letters(column[number]) for letters, number in numbers.items()}

    def moved(found: re.Match[bytes]) -> bytes:
        return found[1] + near.get(found[2], b"") + str(row[int(found[3])]).encode() + found[4]

    return OTHERS.sub(b"", CELL.sub(moved, sheet))


def _extent(places: Iterable[int]) -> int:
    known = list(places)
    return max(known) - min(known) + 1


def _places(used: Iterable[int]) -> dict[int, int]:
    """New ones, from 1 and in the same order, with one between those that had any between them."""
    found: dict[int, int] = {}
    before = at = 0
    for place in sorted(used):
        at += 1 if place == before + 1 else 2
        before, found[place] = place, at
    return found


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _letters(number: int) -> bytes:
    found = b""
    while number:
        number, letter = divmod(number - 1, 26)
        found = bytes([65 + letter]) + found
    return found
