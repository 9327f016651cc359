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
PROMPT = re.compile(r"(?:[#$%] |\S{1,80}[@:]\S{0,80}[#$%] )[a-z./~]")
"""A command to be typed; by root, behind the sign that Markdown has for headings."""
POINT = re.compile(r"[-*+•·●○■◆▪–] +\S")
CODE = ("    ", "\t")
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
        """`above`: headings that all of it stands under, by whoever read it; then there are no marks of
        Markdown in it. `longest`: characters of a passage."""
        self._above, self._longest = above, longest
        self._path: list[Heading] = []
        self._bare: Passage | None = None
        """The last heading, while nothing came below it."""

    def cut(self, text: str, page: int | None = None) -> Iterator[Passage]:
        """In the order of the text, none of which is lost."""
        for part in _parts(text, is_marked=not self._above):
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


def _parts(text: str, *, is_marked: bool) -> Iterator[Heading | str]:
    """Headings and the paragraphs under them; points of a list are one, also with blank lines between."""
    written = text.splitlines()
    lines = [line.strip() for line in written]
    paragraph: list[str] = []
    begins = 0
    for i, line in enumerate(lines):
        marked = is_marked and not written[i].startswith(CODE)
        heading = _heading(lines, i, is_marked=marked) if line else None
        if not line and paragraph and _list_goes_on(lines, begins, i):
            begins = i + 1
            continue
        if (heading or not line) and paragraph:
            yield "\n".join(paragraph)
            paragraph = []
        if heading:
            yield heading
        elif line:
            begins = begins if paragraph else i
            paragraph.append(line)
    if paragraph:
        yield "\n".join(paragraph)


def _list_goes_on(lines: list[str], begins: int, i: int) -> bool:
    """Behind the blank line `i` stands a point, and before it one, from `begins` on, or what leads there."""
    after = lines[i + 1] if i + 1 < len(lines) else ""
    leads = lines[i - 1].endswith(("：", ":"))
    return bool(POINT.match(after)) and (leads or bool(POINT.match(lines[begins])))


def _heading(lines: list[str], i: int, *, is_marked: bool) -> Heading | None:
    line = lines[i]
    if PROMPT.match(line) or POINT.match(line):
        return None
    if is_marked and (match := MARKDOWN.fullmatch(line)):
        return Heading(len(match[1]), match[2]) if match[2] else None
    if len(line) > SHORT or line.startswith("#") or line.endswith(SENTENCE_ENDS):
        return None
    before, after = (lines[i - 1] if i else ""), (lines[i + 1] if i + 1 < len(lines) else "")
    for pattern, level in HEADINGS:
        if pattern.match(line):
            # Lines that are numbered one after the other are a list, not headings; a long one that goes on
            # in the next line is a point of a list.
            is_point = level in (3, 4) and len(line) > SHORT // 2 and after != ""
            is_point = is_point or bool(pattern.match(before) or pattern.match(after))
            return None if is_point else Heading(level, line)
    # Without a number: a short line between blank ones, with something that is no such line below it.
    alone = not before and not after and len(line) <= SHORT // 2 and not re.search(r"[：:|，,\t]", line)
    if not alone:
        return None
    below = next((lines[at] for at in range(i + 1, len(lines)) if lines[at]), "")
    stands = len(below) > SHORT // 2 or below.endswith(SENTENCE_ENDS) or "：" in below
    return Heading(DEEPEST, line) if stands else None


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
