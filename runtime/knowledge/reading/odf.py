"""OpenDocument: texts and slides of LibreOffice and WPS. Their sheets are read as others are (excel.py)."""

from collections.abc import Iterator, Mapping

from runtime.knowledge.reading import NOTES, At, Given, Item, Kind, NotRead, Section
from runtime.knowledge.reading._headings import Path
from runtime.knowledge.reading._pictures import Pictures
from runtime.knowledge.reading._tables import lines
from runtime.knowledge.reading._xml import events
from runtime.knowledge.reading._zipped import Zipped, has
from runtime.lang import Text

MAIN = "content.xml"
TYPES = (b"application/vnd.oasis.opendocument.text", b"application/vnd.oasis.opendocument.presentation")
SKIPPED = frozenset({"tracked-changes", "table-of-content", "note", "annotation", "forms"})
"""What is no longer there, is there twice, or is no text of the page."""
SPACES = {"tab": "\t", "line-break": "\n", "s": " "}
LARGE = 4000
"""Characters after which a section is passed on, also without another heading."""
MOST_REPEATED = 100


class _Document:
    """What has been read of it."""

    def __init__(self) -> None:
        self.page: int | None = None
        self._path = Path()
        self._lines: list[str] = []
        self._words: list[list[str]] = []
        self._tables: list[list[list[str]]] = []
        self._repeated: list[int] = []
        self._level = 0
        self._skips = 0
        self._frame = ""
        self._in_notes = False

    def see(self, what: str, name: str, attributes: Mapping[str, str]) -> Iterator[Section]:
        if what == "text":
            if self._words and not self._skips:
                self._words[-1].append(name)
        elif name in SKIPPED:
            self._skips += 1 if what == "start" else -1
        elif self._skips:
            return
        elif what == "start":
            yield from self._start(name, attributes)
        else:
            yield from self._end(name)

    @property
    def place(self) -> tuple[int | None, tuple[str, ...]]:
        """Page and headings."""
        return self.page, self._path.titles

    def flushed(self) -> Iterator[Section]:
        if self._lines:
            headings = (*self._path.titles, NOTES) if self._in_notes else self._path.titles
            yield Section("\n".join(self._lines), headings, self.page)
            self._lines, self._path.is_bare = [], False

    def rest(self) -> Iterator[Section]:
        yield from self.flushed()
        if left := self._path.bare():
            yield Section(left.text, left.headings, self.page)

    def _start(self, name: str, attributes: Mapping[str, str]) -> Iterator[Section]:
        if name in ("p", "h"):
            self._words.append([])
            self._level = _count(attributes.get("outline-level"), 10) if name == "h" else 0
        elif name in SPACES and self._words:
            self._words[-1].append(SPACES[name])
        elif name == "table":
            self._tables.append([])
        elif name == "table-row" and self._tables:
            self._tables[-1].append([])
        elif name in ("table-cell", "covered-table-cell") and self._tables and self._tables[-1]:
            self._tables[-1][-1].append("")
            self._repeated.append(_count(attributes.get("number-columns-repeated"), MOST_REPEATED))
        elif name == "frame":
            self._frame = attributes.get("class", "")
        elif name == "page":
            yield from self.rest()
            self.page, self._path = (self.page or 0) + 1, Path()
        elif name == "notes":
            yield from self.flushed()
            self._in_notes = True

    def _end(self, name: str) -> Iterator[Section]:
        if name in ("p", "h") and self._words:
            yield from self._paragraph("".join(self._words.pop()).strip())
        elif name in ("table-cell", "covered-table-cell") and self._repeated:
            times = self._repeated.pop()
            if self._tables and self._tables[-1] and self._tables[-1][-1]:
                row = self._tables[-1][-1]
                row += [row[-1]] * (times - 1)
        elif name == "table" and self._tables:
            found = list(lines(self._tables.pop()))
            if self._tables and self._tables[-1] and self._tables[-1][-1]:
                self._in_cell("；".join(found))
            else:
                self._lines += found
        elif name == "notes":
            yield from self.flushed()
            self._in_notes = False

    def _paragraph(self, words: str) -> Iterator[Section]:
        if not words:
            return
        if self._tables and self._tables[-1] and self._tables[-1][-1]:
            self._in_cell(words)
        elif self._level or self._frame == "title":
            yield from self.flushed()
            if left := self._path.enter(self._level or 1, words):
                yield Section(left.text, left.headings, self.page)
        else:
            self._lines.append(words)
            if sum(map(len, self._lines)) > LARGE:
                yield from self.flushed()

    def _in_cell(self, words: str) -> None:
        row = self._tables[-1][-1]
        row[-1] = f"{row[-1]} {words}".strip()


def _count(value: str | None, most: int) -> int:
    return max(1, min(int(value), most)) if value and value.isascii() and value.isdigit() else 1


def _read(given: Given) -> Iterator[Item]:
    zipped = Zipped(given)
    if _is_locked(zipped):
        raise NotRead("encrypted")
    pages = sum(what == "start" and name == "page" for what, name, _ in events(zipped.pieces(MAIN)))
    document, pictures, at = _Document(), Pictures(given, zipped), 0
    for event in events(zipped.pieces(MAIN)):
        yield from document.see(*event)
        if event[:2] == ("start", "image"):
            yield from pictures.of(event[2].get("href", ""), *document.place)
        if document.page and document.page != at:
            at = document.page
            yield At(at, pages)
    yield from document.rest()
    yield from pictures.rest()


def _is_locked(zipped: Zipped) -> bool:
    listed = "META-INF/manifest.xml"
    return listed in zipped.names and any(
        name == "encryption-data" for _, name, _ in events(zipped.pieces(listed))
    )


def _is_it(given: Given) -> bool:
    return any(kind in given.head[:200] for kind in TYPES) and has(given, MAIN)


KIND = Kind(Text("OpenDocument 文档", "OpenDocument"), ("odt", "odp"), 24, _is_it, _read)
