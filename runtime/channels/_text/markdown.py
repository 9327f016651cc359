"""An answer as a chat without Markdown can carry it: plain lines, bullets, and links that can be tapped.

Chat text is not a document. A line stays a line, and whatever is not surely markup stays as it was written:
a mask is no emphasis, a bracket is no link, a number is no list.

Such a chat shows `**`, `#` and tables as they are typed; the one tag that it may know is `<a href>`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from runtime.channels._text.inline import BLOCK_FORMULA, OUR_TAG, Words
from runtime.channels._text.printable import CJK, clean

ZERO_WIDTH_SPACE = "\u200b"
"""After a typed `<` it makes a tag look the same and be no link."""
TYPED_ANCHOR = re.compile(r"<(?=/?a(?:[\s/>]|\Z))", re.IGNORECASE)

FENCE = re.compile(r"( {0,12})(`{3,}|~{3,})([^`]*)")
HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})")
BULLET = re.compile(r"([ \t]*)([*-])[ \t]+(?=\S)")
NUMBER = re.compile(r"([ \t]*)([0-9]{1,9}[.)])[ \t]+(?=\S)")
QUOTE = re.compile(r"[ \t]*((?:>[ \t]?)+)")
FORMULA_OPENS = re.compile(r"[ \t]*(?:\$\$|\\\[)")
SIGNS = re.compile(r"[*>-][ \t]+[¥￥$€]?[0-9]")
"""A minus, a "greater than": `- 5℃`, `> 3 天`. A sign when it stands alone, else a mark of a list."""
LONGEST_FORMULA = 40
"""Lines."""
LONGEST_TABLE, LONGEST_HEAD = 100, 120
"""Rows, characters. In larger tables the columns' names stand once."""
CELL = re.compile(r"((?:\\.|`[^`|]*`|`[^`]*`|[^|\\`]|[`\\])*)(?:\||\Z)")
TABLE_LINE = re.compile(r"[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+")


def to_chat_text(markdown: str) -> str:
    """The same words, readable without Markdown. Takes time in proportion to the length.

    What says something never becomes nothing: where only markup is left, it stays as it was written.
    """
    written = clean(markdown)
    text = read(written, Reader(written.split("\n")))
    # only now, because a tag can come together from pieces: `<**a** href=…`
    return TYPED_ANCHOR.sub("<" + ZERO_WIDTH_SPACE, text).replace(OUR_TAG, "<")


def read(written: str, reader: "Reader") -> str:
    """What the reader shows of it; where only markup is left, it stays as it was written."""
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(reader.pieces())).strip("\n")
    return text if _says_something(text) else written


def _says_something(text: str) -> bool:
    """Letters, digits, signs such as ✓, emoji; not only dots and strokes of our own."""
    return any(unicodedata.category(character)[0] in "LNS" for character in text)


Found = tuple[int, str] | None
"""The line behind a piece, and the piece as it is shown."""


class Reader:
    """The lines of one answer, piece by piece."""

    def __init__(self, lines: list[str], words: Words | None = None) -> None:
        self._lines = lines
        self._words = words or Words()

    def heading(self, level: int, text: str) -> str:
        return text if not text or "【" in text else f"【{text}】"

    def quoted(self, depth: int, text: str) -> str:
        return "▎" * depth + text

    def fenced(self, lines: Sequence[str]) -> str:
        """As it was written, so that it can be copied."""
        return "\n".join(lines)

    def pieces(self) -> Iterator[str]:
        at, paragraph = 0, 0
        kinds = (self._code, self._table, self._formula, self._structured)
        while at < len(self._lines):
            found = next((piece for kind in kinds if (piece := kind(at))), None)
            if found is None:
                at += 1
                continue
            yield from self._paragraph(paragraph, at)
            at, shown = found
            paragraph = at
            yield shown
        yield from self._paragraph(paragraph, at)

    def _paragraph(self, start: int, end: int) -> Iterator[str]:
        """Lines of nothing else: together, because bold may go over several."""
        if start < end:
            yield self._words.shown("\n".join(line.rstrip() for line in self._lines[start:end]))

    def _code(self, at: int) -> Found:
        """A fence that never ends goes to the end."""
        opened = FENCE.fullmatch(self._lines[at])
        if not opened:
            return None
        indent, fence, _ = opened.groups()
        end = at + 1
        while end < len(self._lines) and not _closes(self._lines[end], fence):
            end += 1
        return end + 1, self.fenced([line.removeprefix(indent) for line in self._lines[at + 1 : end]])

    def _table(self, at: int) -> Found:
        """A line a row, each cell behind its column's name: columns do not fit on a phone."""
        head, line = self._lines[at], self._lines[at + 1] if at + 1 < len(self._lines) else ""
        if "|" not in head or "-" not in line or not TABLE_LINE.fullmatch(line):
            return None
        names = self._cells(head)
        if len(names) != len(_cells(line)):
            return None
        end = at + 2
        while end < len(self._lines) and "|" in self._lines[end]:
            end += 1
        rows = [self._cells(line) for line in self._lines[at + 2 : end]]
        head = _listed(names)
        if not rows or len(rows) > LONGEST_TABLE or len(head) > LONGEST_HEAD:
            return end, "\n".join([head, *(_row([], row) for row in rows)])
        return end, "\n".join(_row(names, row) for row in rows)

    def _cells(self, line: str) -> list[str]:
        return [self._words.shown(cell).replace("\n", " ").strip() for cell in _cells(line)]

    def _formula(self, at: int) -> Found:
        r"""`$$ … $$` and `\[ … \]` may go over several lines, which are then no lists."""
        opened = FORMULA_OPENS.match(self._lines[at])
        if not opened or self._words.formulas_left <= 0:
            return None
        closing = "$$" if "$" in opened[0] else "\\]"
        for end in range(at, min(at + LONGEST_FORMULA, len(self._lines))):
            if self._lines[end].rstrip().endswith(closing):
                text = "\n".join(self._lines[at : end + 1]).strip()
                if BLOCK_FORMULA.fullmatch(text):
                    return end + 1, self._words.shown(text)
        self._words.formulas_left -= 1
        return None

    def _structured(self, at: int) -> Found:
        line = self._lines[at]
        if not line.strip():
            return at + 1, ""
        if self._is_sign(at):
            return at + 1, self._words.shown(line)
        if quote := QUOTE.match(line):
            return at + 1, self.quoted(quote[1].count(">"), self._line(line[quote.end() :]))
        piece = self._marked(line)
        return None if piece is None else (at + 1, piece)

    def _line(self, line: str) -> str:
        piece = self._marked(line)
        return self._words.shown(line) if piece is None else piece

    def _marked(self, line: str) -> str | None:
        if RULE.fullmatch(line):
            return "———"
        if heading := HEADING.fullmatch(line):
            level = len(line.lstrip()) - len(line.lstrip().lstrip("#"))
            return self.heading(level, self._words.shown(heading[1]))
        if bullet := BULLET.match(line):
            return f"{bullet[1]}• {self._words.shown(line[bullet.end() :])}"
        if number := NUMBER.match(line):
            return number[0] + self._words.shown(line[number.end() :])
        return None

    def _is_sign(self, at: int) -> bool:
        mark = self._lines[at].lstrip()
        if not SIGNS.match(mark):
            return False
        beside = [self._lines[place].lstrip() for place in (at - 1, at + 1) if 0 <= place < len(self._lines)]
        return not any(line.startswith(mark[0]) for line in beside)


def _closes(line: str, fence: str) -> bool:
    bare = line.strip()
    return len(bare) >= len(fence) and set(bare) == {fence[0]}


def _cells(line: str) -> list[str]:
    """Code and an escaped bar do not end a cell."""
    line = line.strip().removeprefix("|")
    cells = [found[1].strip().replace("\\|", "|") for found in CELL.finditer(line)]
    # behind the last bar stands nothing
    return cells[:-1] if cells and not cells[-1] else cells


def _row(names: list[str], row: list[str]) -> str:
    names = names + [""] * (len(row) - len(names))
    colon = "：" if CJK.search("".join([*names, *row])) else ": "
    cells = [f"{name}{colon}{cell}" if name else cell for name, cell in zip(names, row, strict=False) if cell]
    return "• " + _listed(cells)


def _listed(cells: list[str]) -> str:
    """With the punctuation of their language."""
    return ("；" if CJK.search("".join(cells)) else "; ").join(cells)
