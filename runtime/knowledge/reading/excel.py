"""Spreadsheets: what their cells show. Formulas are their last result, macros are nothing."""

import datetime
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from runtime.knowledge.reading import Given, Item, Kind, NotRead
from runtime.knowledge.reading._compact import compacted
from runtime.knowledge.reading._ole import holds
from runtime.knowledge.reading._percents import percents
from runtime.knowledge.reading._pictures import Pictures
from runtime.knowledge.reading._tables import items
from runtime.knowledge.reading._zipped import ZIP, Zipped, has
from runtime.lang import Text

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MEDIA = ("xl/media/", "Pictures/")
MOST_ROWS = 200_000
TITLES = 3
"""Rows of one cell above a table that are its headings."""


def _read(given: Given) -> Iterator[Item]:
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetVisibleEnum,
    )  # late: not where texts are read

    zipped = Zipped(given) if given.head.startswith(ZIP) else None
    if zipped:
        zipped.check()
        given = compacted(given, Zipped(given))
        zipped = Zipped(given)
        given.file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(given.file)
        shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        for name in shown:
            sheet = book.get_sheet_by_name(name)
            parts = percents(zipped, name) if zipped else frozenset[tuple[int, int]]()
            yield from _sheet(sheet, parts, (name,) if len(shown) > 1 or name[:5].lower() != "sheet" else ())
    except PasswordError:
        raise NotRead("encrypted") from None
    except CalamineError:
        raise NotRead("broken") from None
    if zipped:
        pictures = Pictures(given, zipped)
        for name in zipped.names:
            if name.startswith(MEDIA):
                yield from pictures.of(name)
        yield from pictures.rest()


def _sheet(
    sheet: "CalamineSheet", parts: frozenset[tuple[int, int]], headings: tuple[str, ...]
) -> Iterator[Item]:
    """Tables with empty rows between them, each with the rows of one cell above it as headings."""
    if sheet.start is None or sheet.end is None:
        return
    if sheet.end[0] > MOST_ROWS:
        raise NotRead("too_long", str(MOST_ROWS))
    rows = _cells(sheet, parts)
    for filled, block in groupby(rows, any):
        if not filled:
            continue
        table = list(block)
        titles: list[str] = []
        while len(table) > 1 and len(titles) < TITLES and sum(map(bool, table[0])) == 1:
            titles += [cell for cell in table.pop(0) if cell]
        yield from items(_narrowed(table), (*headings, *titles))


def _narrowed(table: list[list[str]]) -> list[list[str]]:
    """Without columns in which nothing stands."""
    used = [at for at in range(max(map(len, table))) if any(at < len(row) and row[at] for row in table)]
    return [[row[at] if at < len(row) else "" for at in used] for row in table]


def _cells(sheet: "CalamineSheet", parts: frozenset[tuple[int, int]]) -> Iterator[list[str]]:
    """Rows as they are shown; what is merged downwards stands in each of its rows."""
    left = sheet.start[1] if sheet.start else 0
    down = {
        (row, start[1] - left): start[0]
        for start, end in sheet.merged_cell_ranges or ()
        for row in range(start[0] + 1, min(end[0], MOST_ROWS) + 1)
    }
    above: dict[tuple[int, int], str] = {}
    starts = {(first, column) for (_, column), first in down.items()}
    for number, row in enumerate(sheet.iter_rows()):
        shown = [shown_as(cell, (number, left + at) in parts) for at, cell in enumerate(row)]
        for at, cell in enumerate(shown):
            if (number, at) in starts:
                above[number, at] = cell
            elif (number, at) in down and not cell:
                shown[at] = above.get((down[number, at], at), "")
        yield shown


def shown_as(cell: Any, percent: bool = False) -> str:
    """A cell in words."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return f"{cell * 100:.10g}%" if percent else f"{cell:.15g}"
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
    if isinstance(cell, datetime.time):
        return cell.isoformat("minutes")
    return " ".join(str(cell).split())


def _is_it(given: Given) -> bool:
    if holds(given, "Workbook", "Book"):
        return not holds(given, "EncryptedPackage")
    return has(given, "xl/workbook.xml", "xl/workbook.bin") or (
        given.ending == "ods" and has(given, "content.xml")
    )


ENDINGS: Sequence[str] = ("xlsx", "xlsm", "xls", "xlsb", "ods")
KIND = Kind(Text("Excel 表格", "Excel sheet"), tuple(ENDINGS), 20, _is_it, _read)
