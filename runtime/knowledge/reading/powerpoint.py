"""Slides: their titles, texts, tables and notes, a page each."""

import re
from collections.abc import Iterator

from runtime.knowledge.reading import NOTES, At, Given, Item, Kind, Section
from runtime.knowledge.reading._parts import targets
from runtime.knowledge.reading._pictures import Pictures
from runtime.knowledge.reading._tables import lines
from runtime.knowledge.reading._xml import events
from runtime.knowledge.reading._zipped import Zipped, has
from runtime.lang import Text

TITLES = frozenset({"title", "ctrTitle"})
MEDIA = "ppt/media/"
NUMBERS = frozenset({"sldNum", "ftr", "dt"})
"""Places of a slide that say the same on each."""


def _read(given: Given) -> Iterator[Item]:
    zipped = Zipped(given)
    slides, pictures = _slides(zipped), Pictures(given, zipped)
    for number, name in enumerate(slides, 1):
        if number < given.first or number in given.skip:
            continue
        yield At(number, len(slides))
        title, text = slide(zipped, name)
        above = (title,) if title else ()
        if title or text:
            yield Section(text or title, above if text else (), number)
        for part in targets(zipped, name).values():
            if part.startswith(MEDIA):
                yield from pictures.of(part, number, above)
        if notes := _notes(zipped, name):
            yield Section(notes, (*above, NOTES), number)
    yield from pictures.rest()


def slide(zipped: Zipped, name: str) -> tuple[str, str]:
    """Title and text. Raises NotRead."""
    reading = _Slide()
    for what, tag, attributes in events(zipped.pieces(name)):
        if what == "text":
            reading.text(tag)
        elif what == "start":
            reading.start(tag, attributes.get("type", ""))
        else:
            reading.end(tag)
    return " ".join(reading.title), "\n".join(reading.lines)


class _Slide:
    def __init__(self) -> None:
        self.title: list[str] = []
        self.lines: list[str] = []
        self._place = ""
        self._words: list[str] = []
        self._rows: list[list[str]] | None = None
        self._reads = False

    def start(self, tag: str, type: str) -> None:
        if tag in ("sp", "graphicFrame"):
            self._place = ""
        elif tag == "ph":
            self._place = type
        elif tag == "t":
            self._reads = True
        elif tag == "br":
            self._words.append("\n")
        elif tag == "tbl":
            self._rows = []
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag == "tc" and self._rows:
            self._rows[-1].append("")

    def text(self, words: str) -> None:
        if self._reads:
            self._words.append(words)

    def end(self, tag: str) -> None:
        if tag == "t":
            self._reads = False
        elif tag == "p":
            self._paragraph("".join(self._words).strip())
            self._words = []
        elif tag == "tbl" and self._rows is not None:
            self.lines += lines(self._rows)
            self._rows = None

    def _paragraph(self, words: str) -> None:
        if not words or self._place in NUMBERS:
            return
        if self._rows is not None:
            if self._rows and self._rows[-1]:
                self._rows[-1][-1] = f"{self._rows[-1][-1]} {words}".strip()
        elif self._place in TITLES:
            self.title.append(" ".join(words.split()))
        else:
            self.lines.append(words)


def _slides(zipped: Zipped) -> list[str]:
    """In their order; what is hidden is left out by nobody, as it may be what is asked for."""
    places = targets(zipped, "ppt/presentation.xml")
    ids = [
        attributes.get("id", "")
        for what, tag, attributes in events(zipped.pieces("ppt/presentation.xml"))
        if what == "start" and tag == "sldId"
    ]
    found = [places[id] for id in ids if id in places]
    return found or sorted(
        (name for name in zipped.names if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)),
        key=lambda name: int(re.sub(r"\D", "", name)),
    )


def _notes(zipped: Zipped, name: str) -> str:
    for target in targets(zipped, name).values():
        if "notesSlide" in target and target in zipped.names:
            return slide(zipped, target)[1]
    return ""


KIND = Kind(
    Text("PowerPoint 幻灯片", "PowerPoint slides"),
    ("pptx", "pptm", "ppsx"),
    21,
    lambda given: has(given, "ppt/presentation.xml"),
    _read,
)
