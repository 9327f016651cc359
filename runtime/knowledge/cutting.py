"""Cut a text into passages that can stand alone: each carries the headings that it stands under."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runtime.knowledge.feet import without_feet
from runtime.knowledge.passage import Passage

LONGEST = 400
"""Characters of one passage, its headings not counted."""

DEEPEST = 7
"""The level of a heading that is only a short line of its own."""

NUMBER = "[一二三四五六七八九十百零〇两0-9]+"
HEADINGS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(rf"第{NUMBER}[章篇部编]"), 1),
    (re.compile(rf"第{NUMBER}节"), 2),
    (re.compile(rf"{NUMBER}、"), 3),
    (re.compile(rf"[（(]{NUMBER}[）)]"), 4),
    (re.compile(r"\d{1,3}(\.\d{1,3}){2,}\.?\s"), 6),
    (re.compile(r"\d{1,3}\.\d{1,3}\.?\s"), 5),
    (re.compile(r"\d{1,3}[.、．]?\s"), 4),
    (re.compile(r"(?i)(chapter|part|section|appendix)\s+\w+"), 1),
)
"""How headings are numbered, and how deep each kind is."""

MARKDOWN = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
SENTENCE_ENDS = tuple("。！？；…，：.!?;,:")
SHORT = 40
"""Characters of the longest numbered heading; half of it for one without a number."""


@dataclass(frozen=True)
class Heading:
    level: int
    title: str


class Cutter:
    """Cuts texts that follow one another, such as pages: a heading stands until another ends it."""

    def __init__(self, above: Sequence[str] = (), longest: int = LONGEST) -> None:
        """`above`: headings that all of it stands under. `longest`: characters of a passage."""
        self._above, self._longest = above, longest
        self._path: list[Heading] = []
        self._bare: Passage | None = None
        """The last heading, while nothing came below it."""

    def cut(self, text: str, page: int | None = None) -> Iterator[Passage]:
        """In the order of the text, none of which is lost."""
        for part in _parts(text):
            if isinstance(part, Heading):
                if self._bare and self._path[-1].level >= part.level:
                    yield self._bare
                self._path = [*(one for one in self._path if one.level < part.level), part]
                self._bare = _only_headings(self._above, self._path, page)
                continue
            self._bare = None
            headings = (*self._above, *(heading.title for heading in self._path))
            yield from (Passage(piece, headings, page) for piece in _pieces(part, self._longest))

    def end(self) -> Iterator[Passage]:
        if self._bare:
            yield self._bare


def cut(
    text: str, above: Sequence[str] = (), page: int | None = None, longest: int = LONGEST
) -> list[Passage]:
    """One text, without the feet of its pages: see Cutter."""
    cutter = Cutter(above, longest)
    return [*cutter.cut(without_feet(text), page), *cutter.end()]


def _only_headings(above: Sequence[str], path: list[Heading], page: int | None) -> Passage:
    *higher, last = path
    return Passage(last.title, (*above, *(heading.title for heading in higher)), page)


def _parts(text: str) -> Iterator[Heading | str]:
    """Headings and the paragraphs under them."""
    lines = [line.strip() for line in text.splitlines()]
    paragraph: list[str] = []
    for i, line in enumerate(lines):
        heading = _heading(lines, i) if line else None
        if (heading or not line) and paragraph:
            yield "\n".join(paragraph)
            paragraph = []
        if heading:
            yield heading
        elif line:
            paragraph.append(line)
    if paragraph:
        yield "\n".join(paragraph)


def _heading(lines: list[str], i: int) -> Heading | None:
    line = lines[i]
    if match := MARKDOWN.fullmatch(line):
        return Heading(len(match[1]), match[2]) if match[2] else None
    if len(line) > SHORT or line.endswith(SENTENCE_ENDS):
        return None
    before, after = (lines[i - 1] if i else ""), (lines[i + 1] if i + 1 < len(lines) else "")
    for pattern, level in HEADINGS:
        if pattern.match(line):
            # Lines that are numbered one after the other are a list, not headings.
            return None if pattern.match(before) or pattern.match(after) else Heading(level, line)
    # Without a number: a short line between blank ones, with something that is no such line below it.
    below = next((one for one in lines[i + 1 :] if one), "")
    alone = not before and not after and len(line) <= SHORT // 2 and not re.search(r"[：:|，,\t]", line)
    stands = len(below) > SHORT // 2 or below.endswith(SENTENCE_ENDS) or "：" in below
    return Heading(DEEPEST, line) if alone and stands else None


def _pieces(paragraph: str, longest: int) -> list[str]:
    """Cut a long paragraph after sentences and lines; what leads into a list stays with all of it."""
    lead = re.match(r"[^\n]{1,40}[：:]\n", paragraph)
    pieces = [""]
    for sentence in re.findall(r"[^。！？!?\n]*[。！？!?\n]?", paragraph):
        for start in range(0, len(sentence), longest):
            part = sentence[start : start + longest]
            if pieces[-1] and len(pieces[-1]) + len(part) > longest:
                pieces.append(lead[0] if lead else "")
            pieces[-1] += part
    return [piece.strip() for piece in pieces if piece.strip()]
