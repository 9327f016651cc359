"""HTML as text under its headings, in time proportional to its length."""

import re
from collections.abc import Iterator

from runtime.html_tokens import CELLS, INLINE, TOKEN, plain
from runtime.knowledge.reading import Section
from runtime.knowledge.reading._headings import Path
from runtime.knowledge.reading._tables import lines

MENUS = frozenset({"nav", "footer", "aside"})


class _Table:
    def __init__(self, before: list[str]) -> None:
        self.before = before
        """What stood before it in the cell that it stands in."""
        self.rows: list[list[str]] = []
        self.is_in_cell = False

    def ends(self, words: str) -> None:
        """The cell that is open, if one is."""
        if self.is_in_cell:
            self.rows = self.rows or [[]]
            self.rows[-1].append(words)
            self.is_in_cell = False


class _Page:
    """What has been read of one page. Sections come out as headings come in."""

    def __init__(self, above: tuple[str, ...]) -> None:
        self.title = ""
        self._above, self._path = above, Path()
        self._line: list[str] = []
        self._lines: list[str] = []
        self._tables: list[_Table] = []
        self._heading = 0
        self._menus = 0
        self._in_title = False

    def text(self, words: str) -> None:
        if self._menus:
            return
        if self._in_title:
            self.title += words
        elif words:
            self._line.append(words)

    def tag(self, name: str, closes: bool) -> Iterator[Section]:
        if name in MENUS:
            self._menus = max(0, self._menus - 1 if closes else self._menus + 1)
        elif self._menus:
            return
        elif name == "title":
            self._in_title = not closes
        elif name in ("h1", "h2", "h3", "h4", "h5", "h6"):
            yield from self._headed(int(name[1]), closes)
        elif name in ("table", "tr") or name in CELLS:
            self._table(name, closes)
        elif name not in INLINE:
            self._break("- " if name == "li" and not closes else "")

    def end(self) -> Iterator[Section]:
        while self._tables:
            self._table("table", True)
        self._break()
        yield from self._flushed()
        if left := self._path.bare():
            yield Section(left.text, (*self._above, *left.headings))

    def _headed(self, level: int, closes: bool) -> Iterator[Section]:
        if self._tables:
            return
        title = plain(self._line) if closes and self._heading else ""
        if closes and self._heading:
            self._line = []
            yield from self._flushed()
            if left := self._path.enter(self._heading, title):
                yield Section(left.text, (*self._above, *left.headings))
            self._heading = 0
        elif not closes:
            self._break()
            self._heading = level

    def _flushed(self) -> Iterator[Section]:
        if self._lines:
            yield Section("\n".join(self._lines), (*self._above, *self._path.titles))
            self._lines, self._path.is_bare = [], False

    def _break(self, mark: str = "") -> None:
        if self._tables:
            self._line.append(" ")
            return
        if words := plain(self._line):
            self._lines.append(words)
        self._line = [mark] if mark else []

    def _table(self, name: str, closes: bool) -> None:
        """A cell's end need not be written: the next one, its row or its table ends it."""
        if name == "table" and not closes:
            self._break()
            self._tables.append(_Table(self._line))
            self._line = []
        elif not self._tables:
            self._break()
        else:
            table = self._tables[-1]
            table.ends(plain(self._line))
            self._line = []
            if name == "table":
                self._table_ends(self._tables.pop())
            elif name == "tr" and not closes:
                table.rows.append([])
            elif name in CELLS:
                table.is_in_cell = not closes

    def _table_ends(self, table: "_Table") -> None:
        found = list(lines(table.rows))
        self._line = table.before
        if self._tables:
            self._line.append(" ".join(found))
        else:
            self._lines += found


def sections(page: str, above: tuple[str, ...] = ()) -> Iterator[Section]:
    """The page's text under its headings. `above`: headings that all of it stands under."""
    page = _main(page)
    reading, end = _Page(above), 0
    for token in TOKEN.finditer(page):
        reading.text(page[end : token.start()])
        end = token.end()
        if tag := (token["tag"] or "").lower():
            yield from reading.tag(tag, bool(token["close"]))
    reading.text(page[end:])
    yield from reading.end()


def _main(page: str) -> str:
    """What says of itself that it is the page's content, when it is there and holds something."""
    begins = re.search(r"<main\b", page, re.IGNORECASE)
    ends = page.lower().rfind("</main")
    if begins is None or ends - begins.start() < 200:
        return page
    return page[begins.start() : ends]
