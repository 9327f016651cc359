"""Spreadsheets (.xlsx), in which a text is a text: never a formula, a link or a number in disguise."""

import datetime
import io
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from runtime.writing import LONGEST_CELL, Written

Row = Sequence[str | int | float | bool | None]

RUN = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet would run when somebody edits the cell, or saves it as CSV:
https://owasp.org/www-community/attacks/CSV_Injection"""
MADE = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
"""As every file says: the same rows are the same bytes."""
WIDEST = 60
NAME = re.compile(r"[\[\]:*?/\\']")


def written(title: str, rows: Sequence[Row], *, headed: bool) -> Written:
    """`headed`: the first row names the columns."""
    packed = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    book = xlsxwriter.Workbook(packed, options)
    book.set_properties({"title": title[:200], "created": MADE})
    sheet = book.add_worksheet(NAME.sub(" ", title).strip()[:31] or "Sheet1")
    usual = {"text_wrap": True, "valign": "top"}
    looks = {
        (bold, quoted): book.add_format({**usual, "bold": bold, "quote_prefix": quoted})
        for bold in (False, True)
        for quoted in (False, True)
    }
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            bold = headed and at == 0
            _write(sheet, at, column, value, looks[bold, _runs(value)])
    for column in range(max(map(len, rows), default=0)):
        sheet.set_column(column, column, _width(row[column] for row in rows if column < len(row)))
    if headed and rows:
        sheet.freeze_panes(1, 0)
    book.close()
    return Written(packed.getvalue())


def _write(sheet: Any, at: int, column: int, value: Any, look: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(at, column, value, look)
    elif isinstance(value, int | float) and abs(value) < 1e15:
        sheet.write_number(at, column, value, look)
    elif value is not None:
        sheet.write_string(at, column, _printable(str(value))[:LONGEST_CELL], look)


def _runs(value: Any) -> bool:
    return isinstance(value, str) and value.lstrip(" ").startswith(RUN)


def _printable(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or c >= " ")


def _width(cells: Any) -> int:
    lines = (line for cell in cells for line in str(cell if cell is not None else "").splitlines()[:20])
    longest = max((sum(2 if c > "\u2e7f" else 1 for c in line[:WIDEST]) for line in lines), default=8)
    return max(8, min(WIDEST, longest + 2))
