"""Books: their chapters in the order of reading."""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from runtime.knowledge.reading import Given, Item, Kind, NotRead
from runtime.knowledge.reading._decoded import decoded
from runtime.knowledge.reading._html import sections
from runtime.knowledge.reading._xml import events
from runtime.knowledge.reading._zipped import Zipped, has
from runtime.lang import Text

CONTAINER = "META-INF/container.xml"
LOCKED = "META-INF/encryption.xml"


def _read(given: Given) -> Iterator[Item]:
    zipped = Zipped(given)
    book = _book(zipped)
    chapters = _chapters(zipped, book)
    locked = {
        unquote(attributes.get("URI", ""))
        for what, tag, attributes in events(zipped.pieces(LOCKED) if LOCKED in zipped.names else [b"<a/>"])
        if what == "start" and tag == "CipherReference"
    }
    if any(name in locked for name in chapters):
        raise NotRead("encrypted")
    for name in chapters:
        if name in zipped.names:
            yield from sections(decoded(zipped.read(name)))


def _book(zipped: Zipped) -> str:
    for what, tag, attributes in events(zipped.pieces(CONTAINER)):
        if what == "start" and tag == "rootfile":
            return attributes.get("full-path", "")
    raise NotRead("broken")


def _chapters(zipped: Zipped, book: str) -> list[str]:
    """Names in the ZIP, in the order of the spine."""
    folder, places, order = posixpath.dirname(book), dict[str, str](), list[str]()
    for what, tag, attributes in events(zipped.pieces(book)):
        if what != "start":
            continue
        if tag == "item" and "html" in attributes.get("media-type", ""):
            place = posixpath.normpath(posixpath.join(folder, unquote(attributes.get("href", ""))))
            places[attributes.get("id", "")] = place
        elif tag == "itemref":
            order.append(attributes.get("idref", ""))
    return [places[id] for id in order if id in places]


KIND = Kind(Text("电子书（EPUB）", "Book (EPUB)"), ("epub",), 22, lambda given: has(given, CONTAINER), _read)
