"""A measured row, and the table they make."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`met` is None for what is shown only. `harm`: messages that were lost or doubled."""

    number: str
    what: str
    bare: str
    ours: str
    target: str
    met: bool | None
    ratio: float | None = None
    harm: int = 0


HEAD = ("#", "what", "bare", "ours", "ratio", "target", "")


def table(rows: Sequence[Row]) -> str:
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(_width(line[i]) for line in cells) for i in range(len(HEAD))]
    lines = [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in cells
    ]
    return "\n".join([lines[0], "-" * (sum(widths) + 2 * len(widths) - 2), *lines[1:]])


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    verdict = {True: "met", False: "MISSED", None: ""}[row.met]
    return row.number, row.what, row.bare, row.ours, ratio, row.target, verdict


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
