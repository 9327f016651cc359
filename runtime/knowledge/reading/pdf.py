"""PDF: the text of its pages, under the headings of its table of contents."""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from runtime.knowledge.reading import At, Given, Item, Kind, NotRead, Scan, Section, Unread
from runtime.knowledge.reading._jpeg import SIDE, jpeg
from runtime.knowledge.reading._page_text import Furniture, garbled, paragraphs
from runtime.knowledge.reading._ruled import Ruled
from runtime.lang import Text

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

FEW = 12
"""Signs of a page that shows pictures or drawings, below which its text is in them."""
DRAWN = 200
"""Drawn lines from which a page without text may be letters as outlines."""
AHEAD = 8
"""Pages that are read before the first is passed on: what stands on each of them is no text."""
MOST_HEADINGS = 5000
ENCRYPTED = (4, 5)
"""FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY"""


def _read(given: Given) -> Iterator[Item]:
    import pypdfium2 as pdfium  # late: 20 MB

    document = _opened(given)
    pages = len(document)
    headings, furniture, ruled = _headings(document), Furniture(), Ruled()
    ahead: deque[tuple[int, list[Item | str]]] = deque()
    for number in range(given.first, pages + 1):
        if number in given.skip:
            continue
        yield At(number, pages)
        try:
            held = _page(document, number, ruled, scans=given.scans)
        except pdfium.PdfiumError:
            held = [Unread("broken", number)]
        for one in held:
            if isinstance(one, str):
                furniture.see(one, number)
        ahead.append((number, held))
        if len(ahead) == AHEAD:
            yield from _passed_on(*ahead.popleft(), furniture, headings)
    for number, held in ahead:
        yield from _passed_on(number, held, furniture, headings)


def _opened(given: Given) -> "PdfDocument":
    """Raises NotRead."""
    import pypdfium2 as pdfium  # late: 20 MB

    try:
        document = pdfium.PdfDocument(f"/dev/fd/{given.file.fileno()}")
        pages = len(document)
    except pdfium.PdfiumError as e:
        raise NotRead("encrypted" if e.err_code in ENCRYPTED else "broken") from None
    if not pages:
        raise NotRead("broken")
    return document


def _shown(given: Given) -> Scan:
    import pypdfium2 as pdfium  # late: 20 MB

    document = _opened(given)
    if given.first > len(document):
        raise NotRead("broken")
    try:
        return _pictured(document[given.first - 1], given.first)
    except pdfium.PdfiumError:
        raise NotRead("broken") from None


def _pictured(page: "PdfPage", number: int) -> Scan:
    bitmap = page.render(scale=SIDE / max(*page.get_size(), 1))
    return Scan(jpeg(bitmap.to_pil()), number)


def _passed_on(
    number: int, held: list[Item | str], furniture: Furniture, headings: dict[int, list[tuple[int, str]]]
) -> Iterator[Item]:
    for one in held:
        if not isinstance(one, str):
            yield one
        elif text := paragraphs(furniture.without(one, number), headings.get(number, [])):
            yield Section(text, page=number)


def _page(document: "PdfDocument", number: int, ruled: Ruled, *, scans: bool) -> list[Item | str]:
    page = document[number - 1]
    try:
        textpage = page.get_textpage()
        text = textpage.get_text_bounded()
        told = ruled.text(page, textpage, text)
        textpage.close()
        if (len("".join(text.split())) < FEW and _shows(page)) or garbled(text):
            if not scans:
                return [Unread("scanned", number)]
            return [_pictured(page, number)]
        return [told] if text.strip() else []
    finally:
        page.close()


def _shows(page: "PdfPage") -> bool:
    """Whether there is something to see on it: a picture, or a lot that is drawn."""
    drawn = 0
    for thing in page.get_objects(max_depth=3):
        if thing.type == 3:  # FPDF_PAGEOBJ_IMAGE
            return True
        drawn += thing.type == 2  # FPDF_PAGEOBJ_PATH
        if drawn > DRAWN:
            return True
    return False


def _headings(document: "PdfDocument") -> dict[int, list[tuple[int, str]]]:
    """By page, level from 1 and title."""
    found: dict[int, list[tuple[int, str]]] = {}
    for count, mark in enumerate(document.get_toc(max_depth=6)):
        where = mark.get_dest()
        page = where.get_index() if where else None
        title = " ".join(mark.get_title().split())
        if page is not None and title and count < MOST_HEADINGS:
            found.setdefault(page + 1, []).append((mark.level + 1, title))
    return found


KIND = Kind(Text("PDF", "PDF"), ("pdf",), 10, lambda given: b"%PDF-" in given.head[:1024], _read, _shown)
