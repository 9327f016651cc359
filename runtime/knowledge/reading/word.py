"""Word: paragraphs under their headings, lists with their numbers, tables, footnotes, pages if known."""

from collections.abc import Iterator, Mapping

from runtime.knowledge.reading import Given, Item, Kind, Scan, Section
from runtime.knowledge.reading._headings import Path
from runtime.knowledge.reading._parts import targets
from runtime.knowledge.reading._pictures import Pictures
from runtime.knowledge.reading._tables import lines
from runtime.knowledge.reading._word_styles import Numbers, Styles
from runtime.knowledge.reading._xml import events
from runtime.knowledge.reading._zipped import Zipped, has
from runtime.lang import Text

MAIN = "word/document.xml"
BROKEN_HERE = b"lastRenderedPageBreak"
"""Word leaves it where a page began when it last drew the text."""
DRAWN = {"blip": "embed", "imagedata": "id"}
"""What shows a picture, and how it names it."""
SKIPPED = frozenset({"Fallback", "moveFrom", "del", "instrText", "pPrChange", "rPrChange"})
"""What is there twice, is no longer there, or is no text."""
LARGE = 4000
"""Characters after which a section is passed on, also without another heading."""


class _Paragraph:
    def __init__(self) -> None:
        self.words: list[str] = []
        self.style = ""
        self.level: int | None = None
        self.number: tuple[str, int] | None = None


class _Document:
    """What has been read of it."""

    def __init__(self, styles: Styles, numbers: Numbers, *, paged: bool) -> None:
        self._styles, self._numbers = styles, numbers
        self._page = 1 if paged else None
        self._begun = self._page
        self._path = Path()
        self._lines: list[str] = []
        self._paragraphs: list[_Paragraph] = []
        self._tables: list[list[list[str]]] = []
        self._merged: list[dict[int, str]] = []
        self._cell: list[tuple[int, str]] = []
        self._skips = 0
        self._reads = False

    def see(self, what: str, name: str, attributes: Mapping[str, str]) -> Iterator[Section]:
        if what == "text":
            if self._reads and not self._skips and self._paragraphs:
                self._paragraphs[-1].words.append(name)
        elif name in SKIPPED:
            self._skips += 1 if what == "start" else -1
        elif self._skips:
            return
        elif what == "start":
            self._start(name, attributes)
        else:
            yield from self._end(name)

    @property
    def place(self) -> tuple[int | None, tuple[str, ...]]:
        """Page and headings."""
        return self._page, self._path.titles

    def rest(self) -> Iterator[Section]:
        yield from self._flushed()
        if left := self._path.bare():
            yield Section(left.text, left.headings, self._begun)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        value = attributes.get("val", "")
        paragraph = self._paragraphs[-1] if self._paragraphs else None
        if name == "p":
            self._paragraphs.append(_Paragraph())
        elif name == "t":
            self._reads = True
        elif name == "lastRenderedPageBreak" and self._page is not None:
            self._page += 1
        elif name in ("tbl", "tr", "tc", "gridSpan", "vMerge"):
            self._table(name, value)
        elif paragraph is not None:
            self._in_paragraph(paragraph, name, value)

    @staticmethod
    def _in_paragraph(paragraph: _Paragraph, name: str, value: str) -> None:
        if name in ("tab", "br", "cr"):
            paragraph.words.append("\t" if name == "tab" else "\n")
        elif name == "pStyle":
            paragraph.style = value
        elif name == "outlineLvl" and value.isdigit():
            paragraph.level = int(value)
        elif name == "ilvl" and value.isdigit():
            paragraph.number = ((paragraph.number or ("", 0))[0], int(value))
        elif name == "numId":
            paragraph.number = (value, (paragraph.number or ("", 0))[1])

    def _end(self, name: str) -> Iterator[Section]:
        if name == "t":
            self._reads = False
        elif name == "p" and self._paragraphs:
            yield from self._paragraph(self._paragraphs.pop())
        elif name == "tc" and self._cell:
            self._cell_ends()
        elif name == "tbl" and self._tables:
            rows = self._tables.pop()
            self._merged.pop()
            found = list(lines(rows))
            if self._tables:
                self._cell_words("；".join(found))
            elif found:
                self._lines.append("\n".join(found))

    def _table(self, name: str, value: str) -> None:
        if name == "tbl":
            self._tables.append([])
            self._merged.append({})
        elif name == "tr" and self._tables:
            self._tables[-1].append([])
        elif name == "tc" and self._tables and self._tables[-1]:
            self._cell.append((1, ""))
            self._tables[-1][-1].append("")
        elif name == "gridSpan" and self._cell and value.isdigit():
            self._cell[-1] = (min(int(value), 100), self._cell[-1][1])
        elif name == "vMerge" and self._cell:
            self._cell[-1] = (self._cell[-1][0], value or "continue")

    def _cell_ends(self) -> None:
        span, merge = self._cell.pop()
        if not self._tables or not self._tables[-1] or not self._tables[-1][-1]:
            return
        row, above = self._tables[-1][-1], self._merged[-1]
        column = len(row) - 1
        if merge == "continue":
            row[-1] = row[-1] or above.get(column, "")
        elif merge:
            above[column] = row[-1]
        row += [""] * (span - 1)

    def _cell_words(self, words: str) -> None:
        if self._tables[-1] and self._tables[-1][-1]:
            row = self._tables[-1][-1]
            row[-1] = f"{row[-1]} {words}".strip()

    def _paragraph(self, paragraph: _Paragraph) -> Iterator[Section]:
        words = "".join(paragraph.words).strip()
        style = self._styles.of(paragraph.style)
        if not words or style.is_contents:
            return
        number = paragraph.number if paragraph.number and paragraph.number[0] else style.number
        words = f"{self._numbers.next(*number)}{words}" if number else words
        if self._tables and self._cell:
            self._cell_words(words)
            return
        level = style.level if paragraph.level is None else paragraph.level
        if level is not None and level < 9 and len(words) <= 200:
            yield from self._flushed()
            if left := self._path.enter(level + 1, words):
                yield Section(left.text, left.headings, self._begun)
            self._begun = self._page
            return
        if not self._lines:
            self._begun = self._page
        self._lines.append(words)
        self._path.is_bare = False
        if sum(map(len, self._lines)) > LARGE or self._begun != self._page:
            yield from self._flushed()

    def _flushed(self) -> Iterator[Section]:
        if self._lines:
            yield Section("\n".join(self._lines), self._path.titles, self._begun)
            self._lines, self._path.is_bare = [], False


def _read(given: Given) -> Iterator[Item]:
    zipped = Zipped(given)
    main = MAIN if MAIN in zipped.names else "word/document2.xml"
    pictures, places = Pictures(given, zipped), targets(zipped, main)
    styles, numbers = Styles(zipped), Numbers(zipped)
    document = _Document(styles, numbers, paged=_is_paged(zipped, main))
    shown: list[Scan] = []
    for event in events(zipped.pieces(main)):
        for section in document.see(*event):
            yield section
            yield from shown
            shown.clear()
        if event[0] == "start" and (id := event[2].get(DRAWN.get(event[1], ""))):
            shown += pictures.of(places.get(id, ""), *document.place)
    yield from document.rest()
    yield from shown
    for name, title in (("word/footnotes.xml", "脚注"), ("word/endnotes.xml", "尾注")):
        if name in zipped.names:
            notes = _Document(styles, numbers, paged=False)
            found = [one for event in events(zipped.pieces(name)) for one in notes.see(*event)]
            for section in [*found, *notes.rest()]:
                yield Section(section.text, (title,))
    yield from pictures.rest()


def _is_paged(zipped: Zipped, name: str) -> bool:
    before = b""
    for piece in zipped.pieces(name):
        if BROKEN_HERE in before + piece:
            return True
        before = piece[-len(BROKEN_HERE) :]
    return False


KIND = Kind(
    Text("Word 文档", "Word document"),
    ("docx", "docm"),
    23,
    lambda given: has(given, MAIN, "word/document2.xml"),
    _read,
)
