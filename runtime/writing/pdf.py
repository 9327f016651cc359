"""PDF with Chinese, Japanese and Korean, which carries no font.

It names typefaces that every reader has or replaces (Adobe's character collections, ISO 32000 9.7.5.2), so
that a page is 3 kB and not 16 MB. Latin letters are Helvetica's. What neither has is a square, and told.
"""

import io
import itertools
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, HRFlowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from runtime.writing import Written
from runtime.writing.blocks import Block, Run, blocks

CHINESE, KOREAN, LATIN = "STSong-Light", "HYSMyeongJo-Medium", "Helvetica"
SIZES = (20, 16, 14, 12, 12, 12)
MARGIN = 56
WIDTH = A4[0] - 2 * MARGIN
NONE = "□"
PIECE = 800
"""Characters that are laid out at once."""
MOST_COLUMNS = 12
"""Of a table: more do not fit on a page, and are told as lines."""


def written(title: str, markdown: str) -> Written:
    """The same text is the same bytes."""
    for name in (CHINESE, KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    page = _Page()
    story: list[Flowable] = []
    for block in [Block("heading", [Run(title)], 1), *blocks(markdown)]:
        story += page.shown(block)
    packed = io.BytesIO()
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), MARGIN)
    SimpleDocTemplate(packed, pagesize=A4, title=title[:200], invariant=1, **margins).build(story)
    return Written(packed.getvalue(), "".join(sorted(page.lost)))


class _Page:
    def __init__(self) -> None:
        self.lost: set[str] = set()

    def shown(self, block: Block) -> Iterator[Flowable]:
        match block.kind:
            case "heading":
                yield from self._paragraphs(block.runs, SIZES[block.level - 1], before=8)
            case "item":
                mark = f"{block.mark} " if block.mark else ""
                yield from self._paragraphs([Run(mark), *block.runs], indent=16 * (block.level + 1))
            case "rule":
                yield HRFlowable(width="100%", color=colors.grey)
            case "table":
                yield from self._table(block.rows)
            case "code":
                yield from self._paragraphs(block.runs, 9, fill=colors.whitesmoke)
            case _:
                yield from self._paragraphs(block.runs)

    def _table(self, rows: Sequence[Sequence[Sequence[Run]]]) -> Iterator[Flowable]:
        columns = max(map(len, rows), default=0)
        if not 0 < columns <= MOST_COLUMNS:
            for row in rows:
                yield from self._paragraphs([part for cell in row for part in (*cell, Run(" | "))])
            return
        look = [
            ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
        ]
        widths, at_once = [WIDTH / columns] * columns, max(1, PIECE // (20 * columns))
        for first in range(0, len(rows), at_once):
            cells = [
                [list(self._paragraphs(row[at] if at < len(row) else (), 9)) for at in range(columns)]
                for row in rows[first : first + at_once]
            ]
            yield Table(cells, colWidths=widths, style=TableStyle(look[: 2 if first else 3]), splitInRow=1)
        yield Spacer(1, 8)

    def _paragraphs(self, runs: Sequence[Run], size: int = 11, **look: Any) -> Iterator[Paragraph]:
        """In pieces, since a page's end in a long one costs the time of all of it again."""
        for piece in _pieces(runs):
            yield self._paragraph(piece, size, **look)

    def _paragraph(
        self, runs: Sequence[Run], size: int, *, before: int = 0, indent: int = 0, fill: Any = None
    ) -> Paragraph:
        style = ParagraphStyle(
            "own",
            fontName=CHINESE,
            fontSize=size,
            leading=size * 1.5,
            spaceBefore=before,
            spaceAfter=4,
            leftIndent=indent,
            backColor=fill,
            wordWrap="CJK",
            splitLongWords=1,
        )
        return Paragraph("".join(self._marked(run) for run in runs) or "&#160;", style)

    def _marked(self, run: Run) -> str:
        """Its letters, each run of one script in a font that has them; nothing of it is markup."""
        found = []
        for font, letters in itertools.groupby(run.text, self._font):
            name = {"b": f"{LATIN}-Bold", "": LATIN}["b" if run.bold else ""] if font == LATIN else font
            text = escape("".join(c if font else NONE for c in letters)).replace("\n", "<br/>")
            found.append(f'<font name="{name or CHINESE}">{text}</font>')
        return "".join(found)

    def _font(self, c: str) -> str:
        """ "" for a letter that none of them has."""
        if c in "\n\t•€™" or " " <= c <= "~" or "\xa0" <= c <= "\xff":
            return LATIN
        if "\uac00" <= c <= "\ud7a3":
            return KOREAN
        try:
            c.encode("gb18030" if "\u4e00" <= c <= "\u9fff" else "gbk")
        except UnicodeEncodeError:
            self.lost |= {c} if c.isprintable() else set()
            return ""
        return CHINESE


def _pieces(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """The same words, of each piece a bounded number of characters; one at least."""
    piece: list[Run] = []
    left = PIECE
    for run in runs:
        text = run.text
        while text:
            part, text = text[:left], text[left:]
            piece.append(Run(part, run.bold, run.italic))
            left -= len(part)
            if not left:
                yield piece
                piece, left = [], PIECE
    if piece or not runs:
        yield piece
