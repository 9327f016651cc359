"""Cut a text into passages that can stand alone: each carries the headings that it stands under."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


def cut(text: str, above: Sequence[str] = (), page: int | None = None) -> list[Passage]:
    """In the order of the text, none of which is lost. `above`: headings that all of it stands under."""
    found: list[Passage] = []
    path: list[Heading] = []
    bare = False
    for part in _parts(text):
        if isinstance(part, Heading):
            if bare and path[-1].level >= part.level:
                found.append(_only_headings(above, path, page))
            path = [*(one for one in path if one.level < part.level), part]
            bare = True
            continue
        bare = False
        headings = (*above, *(heading.title for heading in path))
        found += [Passage(piece, headings, page) for piece in _pieces(part)]
    return [*found, _only_headings(above, path, page)] if bare else found


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


def _pieces(paragraph: str) -> list[str]:
    """Cut a long paragraph after sentences and lines; what leads into a list stays with all of it."""
    lead = re.match(r"[^\n]{1,40}[：:]\n", paragraph)
    pieces = [""]
    for sentence in re.findall(r"[^。！？!?\n]*[。！？!?\n]?", paragraph):
        for start in range(0, len(sentence), LONGEST):
            part = sentence[start : start + LONGEST]
            if pieces[-1] and len(pieces[-1]) + len(part) > LONGEST:
                pieces.append(lead[0] if lead else "")
            pieces[-1] += part
    return [piece.strip() for piece in pieces if piece.strip()]
