"""Messages as CSV: for spreadsheets, which must not take what somebody wrote for a formula."""

import csv
import io
from collections.abc import Sequence

from builder.insights import _words
from builder.insights._words import t
from runtime.store.database import Row

EXPORTED = 10_000
"""Messages in one file at most."""
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection)."""
BOM = "\ufeff"
"""Without it Excel reads Chinese as something else."""


def to_csv(lines: Sequence[Row], *, openly: bool) -> str:
    """Newest first, with a header line. `openly`: with the platform's ids of people."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    names = ("time", "person", "text", "reply", "state", "took")
    writer.writerow(
        [
            "message",
            t("filter.publication"),
            *(t(f"list.{name}") for name in names),
            t("figure.tokens"),
            t("table.cost"),
        ]
    )
    for line in lines:
        writer.writerow([harmless(cell) for cell in _cells(line, openly)])
    return BOM + out.getvalue()


def harmless(cell: str) -> str:
    """A quote in front makes it text, whatever it begins with."""
    return f"'{cell}" if cell.lstrip(" \u3000\u00a0\u200b\ufeff").startswith(FORMULA) else cell


def _cells(line: Row, openly: bool) -> list[str]:
    took = line["finished_at"] - line["accepted_at"] if line["finished_at"] else None
    return [
        str(line["seq"]),
        _words.publication(line["publication"]),
        _words.figures(line["accepted_at"]),
        _words.person(line, openly=openly),
        _words.said(line),
        line["reply"] or "",
        _words.state(line),
        "" if took is None else f"{took:.1f}",
        str(line["tokens"]),
        "" if line["cost"] is None else f"{line['cost']:.6f}",
    ]
