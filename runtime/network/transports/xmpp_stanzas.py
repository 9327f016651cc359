"""What comes over an XMPP stream, one stanza after another.

RFC 6120, 11 allows neither a DTD nor comments. Bytes are hostile: a stanza is bounded in size, depth and
number of elements, and no entity is ever declared. Of one that is more than that its name alone is found:
were it the stream's end, the server would bring it again next time, and a stranger could keep us away.
"""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from xml.parsers import expat

LARGEST = 256 * 1024
"""Bytes of one stanza."""
DEEPEST = 30
MOST = 2000
"""Elements in one."""
PASSED = 12 * 1024 * 1024
"""Bytes of a stanza that are passed over; servers take less."""
A_NAME, NAMED = 300, 32 * 1024 * 1024
"""Bytes that are kept for a name, beside it, as long as the stream lasts; and for all of them."""


class Stream:
    """Fed with bytes; `found` are whole stanzas, `{namespace}name` each. ValueError ends it."""

    def __init__(self) -> None:
        self.found: list[ET.Element] = []
        self.is_over = False
        self._depth = self._count = self._bytes = self._kept = 0
        self._tree: ET.TreeBuilder | None = None
        """Of the stanza that comes; None when it is more than is read."""
        self._whose = ""
        self._names: dict[str, str] = {}
        self._known = 0
        self._parser = expat.ParserCreate("utf-8", " ", intern=self._names)
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        for name in (
            "StartDoctypeDeclHandler",
            "EntityDeclHandler",
            "ProcessingInstructionHandler",
            "CommentHandler",
            "ExternalEntityRefHandler",
        ):
            setattr(self._parser, name, _never)

    def feed(self, content: bytes) -> None:
        """Raises ValueError."""
        self._bytes += len(content)
        before = len(self.found)
        try:
            self._parser.Parse(content, False)
        except expat.ExpatError as e:
            raise ValueError("no XML") from e
        if len(self.found) > before or self._depth < 2:
            self._bytes = 0
        if self._bytes > LARGEST:
            self._tree = None
        if self._bytes > PASSED or self._kept > NAMED:
            raise ValueError("more than anybody has to say")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            return
        known = len(self._names)
        if known != self._known:
            self._kept += A_NAME * (known - self._known) + len(name) + sum(map(len, attributes))
            self._known = known
        if self._depth == 2:
            self._tree, self._count, self._whose = ET.TreeBuilder(), 0, _name(name)
        self._count += 1
        if self._depth > DEEPEST or self._count > MOST:
            self._tree = None
        if self._tree is not None:
            self._tree.start(_name(name), {_name(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth == 0:
            self.is_over = True
            return
        if self._tree is not None:
            self._tree.end(_name(name))
        if self._depth == 1:
            self.found.append(ET.Element(self._whose) if self._tree is None else self._tree.close())

    def _text(self, text: str) -> None:
        if self._depth > 1 and self._tree is not None:
            self._tree.data(text)


def _never(*_: object) -> None:
    raise ValueError("nothing of that belongs into a stream")


def _name(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{{{space}}}{local}" if space else local
