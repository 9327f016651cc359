"""Tables as text: CSV and the like, whatever stands between the cells."""

import csv
from collections.abc import Iterator

from runtime.knowledge.reading import Given, Item, Kind, NotRead
from runtime.knowledge.reading._decoded import is_text, whole
from runtime.knowledge.reading._tables import items
from runtime.lang import Text

BETWEEN = (",", "\t", ";", "|", "，")
LONGEST_CELL = 1_000_000


def _read(given: Given) -> Iterator[Item]:
    text, unread = whole(given)
    csv.field_size_limit(LONGEST_CELL)
    try:
        yield from items(csv.reader(text.splitlines(keepends=True), delimiter=_between(text)), ())
    except csv.Error:
        raise NotRead("broken") from None
    yield from unread


def _between(text: str) -> str:
    """What stands in most of the first lines, and about as often in each."""
    first = [line for line in text[:20_000].splitlines()[:30] if line.strip()]
    return max(BETWEEN, key=lambda sign: sum(min(line.count(sign), 3) for line in first))


KIND = Kind(
    Text("表格（CSV）", "Table (CSV)"),
    ("csv", "tsv"),
    70,
    lambda given: given.ending in ("csv", "tsv") and is_text(given.head),
    _read,
)
