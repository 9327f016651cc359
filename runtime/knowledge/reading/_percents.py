"""Which cells of a sheet are shown as percent: what is kept is 0.15, what people see and ask for is 15%."""

import re
from collections.abc import Iterable

from runtime.knowledge.reading._xml import Event, events
from runtime.knowledge.reading._zipped import Zipped

BUILT_IN = frozenset({"9", "10"})
"""ECMA-376 part 1, 18.8.30: 0% and 0.00%."""
PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
MOST = 500_000
"""Cells that are remembered of one sheet."""


def percents(zipped: Zipped, sheet: str) -> frozenset[tuple[int, int]]:
    """Row and column, both from 0. Raises NotRead."""
    styles = _styles(zipped)
    path = _path(zipped, sheet) if styles else ""
    found: set[tuple[int, int]] = set()
    for what, name, attributes in events(zipped.pieces(path)) if path else ():
        is_one = what == "start" and name == "c" and attributes.get("s") in styles and len(found) < MOST
        if is_one and (place := PLACE.fullmatch(attributes.get("r", ""))):
            found.add((int(place[2]) - 1, _column(place[1])))
    return frozenset(found)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _styles(zipped: Zipped) -> frozenset[str]:
    """The numbers by which cells name a style that shows percent."""
    formats, within, styles, number = set(BUILT_IN), False, set[str](), 0
    for what, name, attributes in _events(zipped, "xl/styles.xml"):
        if what == "start" and name == "numFmt" and "%" in attributes.get("formatCode", ""):
            formats.add(attributes.get("numFmtId", ""))
        elif name == "cellXfs":
            within = what == "start"
        elif what == "start" and name == "xf" and within:
            if attributes.get("numFmtId") in formats:
                styles.add(str(number))
            number += 1
    return frozenset(styles)


def _path(zipped: Zipped, sheet: str) -> str:
    id = next(
        (
            attributes.get("id", "")
            for what, name, attributes in _events(zipped, "xl/workbook.xml")
            if what == "start" and name == "sheet" and attributes.get("name") == sheet
        ),
        "",
    )
    for what, name, attributes in _events(zipped, "xl/_rels/workbook.xml.rels"):
        if what == "start" and name == "Relationship" and attributes.get("Id") == id:
            target = attributes.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _events(zipped: Zipped, name: str) -> Iterable[Event]:
    return events(zipped.pieces(name)) if name in zipped.names else ()
