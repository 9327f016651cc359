"""Word documents (.docx): paragraphs, lists and tables, and nothing that does anything.

ECMA-376, the least that Word, WPS and LibreOffice open: no macros, fields, links or outside parts.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from runtime.writing import Written
from runtime.writing.blocks import Block, Run, blocks

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TYPES = f"""{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"
ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{OFFICE}.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="{OFFICE}.styles+xml"/></Types>"""
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = f"""{HEAD}<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{REL}/officeDocument" Target="word/document.xml"/></Relationships>"""
DOCUMENT_RELS = f"""{HEAD}<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{REL}/styles" Target="styles.xml"/></Relationships>"""
FONTS = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="宋体"/>'
SIZES = (36, 30, 26, 24, 24, 24)
"""Of headings, in half points."""
MADE = (2020, 1, 1, 0, 0, 0)
"""As every file says: the same text is the same bytes."""


def written(title: str, markdown: str) -> Written:
    body = "".join(_shown(block) for block in [Block("heading", [Run(title)], 1), *blocks(markdown)])
    document = (
        f'{HEAD}<w:document {W}><w:body>{body}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="720" w:footer="720"'
        ' w:gutter="0"/></w:sectPr></w:body></w:document>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in (
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", RELS),
            ("word/document.xml", document),
            ("word/_rels/document.xml.rels", DOCUMENT_RELS),
            ("word/styles.xml", _styles()),
        ):
            zipped.writestr(zipfile.ZipInfo(name, MADE), content)
    return Written(packed.getvalue())


def _styles() -> str:
    look = f'<w:rPr>{FONTS}<w:sz w:val="22"/></w:rPr>'
    usual = f"<w:docDefaults><w:rPrDefault>{look}</w:rPrDefault></w:docDefaults>"
    headings = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/>'
        f'<w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="{n - 1}"/>'
        "</w:pPr>"
        f'<w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
        for n, size in enumerate(SIZES, 1)
    )
    return f"{HEAD}<w:styles {W}>{usual}{headings}</w:styles>"


def _shown(block: Block) -> str:
    match block.kind:
        case "heading":
            return _paragraph(block.runs, f'<w:pStyle w:val="Heading{block.level}"/>')
        case "item":
            left = 420 * (block.level + 1)
            mark = [Run(f"{block.mark} " if block.mark else "")]
            return _paragraph([*mark, *block.runs], f'<w:ind w:left="{left}" w:hanging="280"/>')
        case "rule":
            edge = '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="999999"/></w:pBdr>'
            return _paragraph([], edge)
        case "table":
            return _table(block.rows)
        case "code":
            return _paragraph(block.runs, '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>')
    return _paragraph(block.runs, '<w:spacing w:after="120"/>')


def _table(rows: Sequence[Sequence[Sequence[Run]]]) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="999999"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    shown = "".join(
        "<w:tr>" + "".join(f"<w:tc>{_paragraph(_bold(cell, at == 0), '')}</w:tc>" for cell in row) + "</w:tr>"
        for at, row in enumerate(rows)
        if row
    )
    width = '<w:tblW w:w="5000" w:type="pct"/>'
    return f"<w:tbl><w:tblPr>{width}<w:tblBorders>{edges}</w:tblBorders></w:tblPr>{shown}</w:tbl><w:p/>"


def _bold(runs: Sequence[Run], bold: bool) -> list[Run]:
    return [Run(run.text, run.bold or bold, run.italic) for run in runs]


def _paragraph(runs: Sequence[Run], look: str) -> str:
    return f"<w:p><w:pPr>{look}</w:pPr>{''.join(_run(run) for run in runs)}</w:p>"


def _run(run: Run) -> str:
    look = ("<w:b/>" if run.bold else "") + ("<w:i/>" if run.italic else "")
    return f"<w:r><w:rPr>{look}</w:rPr>{''.join(_lines(run.text))}</w:r>"


def _lines(text: str) -> Iterator[str]:
    for at, line in enumerate(text.split("\n")):
        if at:
            yield "<w:br/>"
        clean = "".join(c for c in line if c == "\t" or (c >= " " and c not in "\ufffe\uffff"))
        yield f'<w:t xml:space="preserve">{escape(clean)}</w:t>'
