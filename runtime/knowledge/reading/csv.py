"""Tables as text: CSV and the like, whatever stands between the cells."""

import csv
from collections.abc import Iterator

from runtime.knowledge.reading import Given, Item, Kind, NotRead
from runtime.knowledge.reading._decoded import is_text, whole
from runtime.knowledge.reading._tables import items, rows_of
from runtime.lang import Text


def _read(given: Given) -> Iterator[Item]:
    text, unread = whole(given)
    try:
        yield from items(rows_of(text), ())
    except csv.Error:
        raise NotRead("broken") from None
    yield from unread


KIND = Kind(
    Text("表格（CSV）", "Table (CSV)"),
    ("csv", "tsv"),
    70,
    lambda given: given.ending in ("csv", "tsv") and is_text(given.head),
    _read,
)
