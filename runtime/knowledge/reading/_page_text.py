"""The text of a printed page: lines as paragraphs again, without what stands on every page."""

import re
from collections import Counter
from collections.abc import Sequence

ROW = "\u2060"
"""How a line begins that is a row of a table: it goes on with no other."""
EDGE = 3
"""Lines at the top and at the bottom of a page among which headers and footers are."""
OFTEN = 3
"""Pages on which a line must stand at the same place to be no text…"""
SHARE = 0.4
"""…and of all pages: left and right ones may have different headers."""
TWICE = 2
"""Pages on which a number at the edge that counts with the pages must stand."""
COUNTS = re.compile(r"(?P<before>.{1,200}?)\s+(?P<last>\d{1,4})|(?P<first>\d{1,4})\s+(?P<after>\D.{0,200})")
LEADERS = re.compile(r"(?:[.·…]\s?){5,}\s*[\dIVXivx]{1,6}\s*$")
"""A line of a table of contents: its headings come where they stand."""
WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
BROKEN = re.compile(r"[0-9A-Za-z][-.,]?$")
"""How a line of Chinese ends in the middle of a number or a model's name: nothing stands between them."""
AROUND = 20
ENDS = tuple("。！？；：.!?;:…”》）)")
BEGINS = re.compile(
    r"第[一二三四五六七八九十百零〇两0-9]+[章节条篇部]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十0-9]+[)）]"
    r"|\d{1,3}([.、．]|(\.\d+)+)|[•·●■◆○–—\-*] |[A-Za-z][.)] |#"
)
"""How a line begins that goes on with no other."""
NO_LETTERS = re.compile("[\ue000-\uf8ff\ufffd\ufffe\u0000-\u0008\u000e-\u001f]")
NUMBER_ONLY = re.compile(r"[-–— ]*(第\s*)?\d{1,4}(\s*页)?(\s*[/／共]\s*(共\s*)?\d{1,4}(\s*页)?)?[-–— ]*")


class Furniture:
    """What stands at the edge of page after page, but for the page's number in it."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[int, str, int | None]] = Counter()
        self._pages = 0

    def see(self, text: str, page: int) -> None:
        lines = _lines(text)
        self._pages += 1
        self._seen.update({(at, *_shape(lines[at], page)) for at in _edges(lines)})

    def without(self, text: str, page: int) -> list[str]:
        """The page's lines."""
        lines = _lines(text)
        often = max(OFTEN, self._pages * SHARE)
        gone = {
            at % len(lines)
            for at in _edges(lines)
            if self._is_there(at, *_shape(lines[at], page), often) or NUMBER_ONLY.fullmatch(lines[at])
        }
        return [line for at, line in enumerate(lines) if at not in gone and not LEADERS.search(line)]

    def _is_there(self, at: int, text: str, counts: int | None, often: float) -> bool:
        return self._seen[at, text, counts] >= (often if counts is None else TWICE)


def paragraphs(lines: Sequence[str], headings: Sequence[tuple[int, str]] = ()) -> str:
    """Lines that were broken for their width are one again; `headings` that stand there are marked."""
    marks = {_bare(title): (level, title) for level, title in headings}
    missing = [title for title in marks if title not in {_bare(line) for line in lines}]
    found = ["#" * min(marks[title][0], 6) + " " + marks.pop(title)[1] for title in missing]
    widths = sorted(_width(line) for line in lines if not line.startswith(ROW))
    full = widths[int(len(widths) * 0.9)] * 0.85 if widths else 0
    goes_on = False
    for line in lines:
        if line.startswith(ROW):
            found.append(line.removeprefix(ROW))
            goes_on = False
            continue
        if marked := marks.pop(_bare(line), None):
            found.append(f"\n{'#' * min(marked[0], 6)} {marked[1]}")
            goes_on = False
            continue
        if goes_on and not BEGINS.match(line):
            found[-1] = joined(found[-1], line)
        else:
            found.append(line)
        goes_on = full > 30 and _width(line) >= full and not (line.endswith(ENDS) and _width(line) < full)
    return "\n".join(found).strip()


def garbled(text: str) -> bool:
    """Whether its letters are none: the font does not say which they are."""
    return len(NO_LETTERS.findall(text)) * 4 > len(text) > 0


def joined(before: str, line: str) -> str:
    """Two lines that were one."""
    if before.endswith("-") and line[:1].islower():
        return before[:-1] + line
    if BROKEN.search(before[-AROUND:]) and line[:1].isdigit() and WIDE.search(before[-AROUND:]):
        return before + line
    between = "" if WIDE.match(before[-1:]) or WIDE.match(line[:1]) else " "
    return f"{before}{between}{line}"


def _lines(text: str) -> list[str]:
    return [stripped for line in text.splitlines() if (stripped := " ".join(line.split()))]


def _edges(lines: Sequence[str]) -> list[int]:
    """Places from the top, and from the bottom below zero."""
    edge = min(EDGE, len(lines) // 2)
    return [*range(edge), *range(-edge, 0)]


def _shape(line: str, page: int) -> tuple[str, int | None]:
    """What it says but for a number that counts with the pages, and how far that is from the page's own."""
    if found := COUNTS.fullmatch(line):
        return found["before"] or found["after"] or "", int(found["first"] or found["last"]) - page
    return re.sub(rf"(?<!\d){page}(?!\d)", "#", line), None


def _bare(line: str) -> str:
    return re.sub(r"\s+", "", line)


def _width(line: str) -> int:
    return len(line) + len(WIDE.findall(line))
