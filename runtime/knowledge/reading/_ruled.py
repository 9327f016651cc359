"""Tables of a printed page: what stands between drawn lines is a cell, a row of which is understood alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from runtime.knowledge.reading._page_text import ROW, joined
from runtime.knowledge.reading._tables import is_head, lines

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

THIN = 3.0
"""Points: what is thinner is a line, and what lies closer together is one line."""
SHORT = 6.0
MOST_DRAWN = 4000
"""Paths of a page, beyond which it is a drawing."""
MOST_POINTS = 64
MOST_CELLS = 2000
MOST_COLUMNS = 40
LINE_TO = 0  # FPDF_SEGMENT_LINETO
PATH = 2  # FPDF_PAGEOBJ_PATH

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points; upwards is more."""


@dataclass(frozen=True)
class _Line:
    """At `at` from `low` to `high`; across or upright."""

    at: float
    low: float
    high: float


@dataclass(frozen=True)
class Table:
    """`cells`: what was read, each once; `rows`: as they are read, what is merged in each that it is in."""

    box: Box
    columns: tuple[float, ...]
    rows: list[list[str]]
    cells: list[str]


class Ruled:
    """Reads the tables of one document; one that goes on over the page keeps its head."""

    def __init__(self) -> None:
        self._head: list[str] | None = None
        self._columns: tuple[float, ...] = ()

    def text(self, page: "PdfPage", seen: "PdfTextPage", plain: str) -> str:
        """The page's text, with rows where there are tables; `plain` as it is where there are none, or where
        anything of it would be lost."""
        tables = [table for table in _tables(page, seen) if len(table.rows) > 1 or self._goes_on(table)]
        if not tables:
            self._head = None
            return plain
        width, height = page.get_size()
        found, read, top = list[str](), list[str](), height + 1000
        for table in tables:
            left, bottom, right, high = table.box
            around = [
                _within(seen, (-1000, high, width + 1000, top)),
                _within(seen, (-1000, bottom, left, high)),
                _within(seen, (right, bottom, width + 1000, high)),
            ]
            read += [*around, *table.cells]
            found += [*around, *(ROW + line for line in self._lines(table))]
            top = bottom
        found.append(_within(seen, (-1000, -1000, width + 1000, top)))
        read.append(found[-1])
        if _signs("".join(read)) != _signs(plain):
            return plain
        return "\n".join(part for part in found if part.strip())

    def _lines(self, table: Table) -> Iterator[str]:
        rows = table.rows
        goes_on = self._goes_on(table)
        if rows and is_head(rows[0]):
            self._head = rows[0]
        elif goes_on and self._head:
            rows = [self._head, *rows]
        else:
            self._head = None
        self._columns = table.columns
        return lines(rows)

    def _goes_on(self, table: Table) -> bool:
        """Whether it is the rest of the one before it."""
        return self._head is not None and _alike(self._columns, table.columns)


def _within(seen: "PdfTextPage", box: Box) -> str:
    return str(seen.get_text_bounded(*box)) if box[2] > box[0] and box[3] > box[1] else ""


def _signs(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= THIN for a, b in zip(one, other, strict=True))


def _tables(page: "PdfPage", seen: "PdfTextPage") -> list[Table]:
    """From the top down. What stands beside each other is read as one."""
    across, upright = _drawn(page)
    if len(across) < 2 or len(upright) < 3:
        return []
    found = []
    for high, low in _bands(upright):
        beside = [line for line in across if low - THIN <= line.at <= high + THIN]
        along = [line for line in upright if line.low >= low - THIN and line.high <= high + THIN]
        table = _table(beside, along, seen)
        if table is not None:
            found.append(table)
    return found


def _bands(upright: Sequence[_Line]) -> list[tuple[float, float]]:
    """Top and bottom of each stretch with upright lines, from the top down."""
    bands: list[tuple[float, float]] = []
    for line in sorted(upright, key=lambda line: -line.high):
        if bands and line.high >= bands[-1][1] - THIN:
            bands[-1] = (bands[-1][0], min(bands[-1][1], line.low))
        else:
            bands.append((line.high, line.low))
    return bands


def _table(across: Sequence[_Line], upright: Sequence[_Line], seen: "PdfTextPage") -> Table | None:
    xs, ys = _places(line.at for line in upright), _places(line.at for line in across)[::-1]
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 2 or rows < 1 or columns > MOST_COLUMNS or columns * rows > MOST_CELLS:
        return None
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(rows):
        for column in range(columns):
            middle = ((xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2)
            if column and not _stands(upright, xs[column], middle[1]):
                owner[row, column] = owner[row, column - 1]
            elif row and not _stands(across, ys[row], middle[0]):
                owner[row, column] = owner[row - 1, column]
            else:
                owner[row, column] = (row, column)
    parts: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for part, cell in owner.items():
        parts.setdefault(cell, []).append(part)
    said = {cell: _within(seen, _around(cell, its, xs, ys)) for cell, its in parts.items()}
    text = {cell: _one_line(words) for cell, words in said.items()}
    told = [
        [
            "" if column and owner[row, column] == owner[row, column - 1] else text[owner[row, column]]
            for column in range(columns)
        ]
        for row in range(rows)
    ]
    if not any(sum(map(bool, cells)) > 1 for cells in told):
        return None
    return Table((xs[0], ys[-1], xs[-1], ys[0]), tuple(xs), told, list(said.values()))


def _one_line(words: str) -> str:
    """What was broken for the width of its cell."""
    parts = [part.strip() for part in words.splitlines() if part.strip()]
    return reduce(joined, parts) if parts else ""


def _around(
    cell: tuple[int, int], parts: Sequence[tuple[int, int]], xs: Sequence[float], ys: Sequence[float]
) -> Box:
    low = max(row for row, _ in parts) + 1
    right = max(column for _, column in parts) + 1
    return xs[cell[1]], ys[low], xs[right], ys[cell[0]]


def _stands(lines: Sequence[_Line], at: float, there: float) -> bool:
    return any(abs(line.at - at) <= THIN and line.low <= there <= line.high for line in lines)


def _places(found: Iterable[float]) -> list[float]:
    """Each once, from the least."""
    places: list[float] = []
    for place in sorted(found):
        if not places or place - places[-1] > THIN:
            places.append(place)
    return places


def _drawn(page: "PdfPage") -> tuple[list[_Line], list[_Line]]:
    """Lines across and upright, also the edges of boxes."""
    across, upright = list[_Line](), list[_Line]()
    for count, thing in enumerate(page.get_objects(filter=(PATH,), max_depth=1)):
        if count > MOST_DRAWN:
            return [], []
        left, bottom, right, top = thing.get_bounds()
        if top - bottom <= THIN < SHORT <= right - left:
            across.append(_Line((top + bottom) / 2, left, right))
        elif right - left <= THIN < SHORT <= top - bottom:
            upright.append(_Line((left + right) / 2, bottom, top))
        elif right - left > THIN and top - bottom > THIN:
            for one, other in _edges(thing):
                _add(one, other, across, upright)
    return across, upright


def _add(
    one: tuple[float, float], other: tuple[float, float], across: list[_Line], upright: list[_Line]
) -> None:
    (a, b), (c, d) = one, other
    if abs(b - d) <= 1 and abs(a - c) >= SHORT:
        across.append(_Line((b + d) / 2, min(a, c), max(a, c)))
    elif abs(a - c) <= 1 and abs(b - d) >= SHORT:
        upright.append(_Line((a + c) / 2, min(b, d), max(b, d)))


def _edges(thing: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight parts of a path, in the page's points."""
    import ctypes

    from pypdfium2 import raw

    many = raw.FPDFPath_CountSegments(thing.raw)
    if not 0 < many <= MOST_POINTS:
        return
    matrix = thing.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    before = first = None
    for number in range(many):
        segment = raw.FPDFPath_GetPathSegment(thing.raw, number)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            return
        at = matrix.on_point(x.value, y.value)
        is_line = raw.FPDFPathSegment_GetType(segment) == LINE_TO
        if is_line and before is not None:
            yield before, at
        if not is_line or first is None:
            first = at
        if raw.FPDFPathSegment_GetClose(segment) and is_line:
            yield at, first
        before = at
