"""What comes over an XMPP stream, one stanza after another.

RFC 6120, 11 allows neither a DTD nor comments. Bytes are hostile: a stanza is bounded in size, depth and
number of elements, and no entity is ever declared.
"""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from xml.parsers import expat

LARGEST = 256 * 1024
"""Bytes of one stanza."""
DEEPEST = 30
MOST = 2000
"""Elements in one."""


class Stream:
    """Fed with bytes; `found` are whole stanzas, `{namespace}name` each. ValueError ends it."""

    def __init__(self) -> None:
        self.found: list[ET.Element] = []
        self.is_over = False
        self._depth = self._count = self._bytes = 0
        self._tree: ET.TreeBuilder | None = None
        self._parser = expat.ParserCreate("utf-8", " ")
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
        if len(self.found) > before:
            self._bytes = 0
        if self._bytes > LARGEST:
            raise ValueError("a stanza is too large")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            return
        if self._depth == 2:
            self._tree, self._count = ET.TreeBuilder(), 0
        self._count += 1
        if self._depth > DEEPEST or self._count > MOST:
            raise ValueError("a stanza is too deep or has too many elements")
        assert self._tree
        self._tree.start(_name(name), {_name(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth == 0:
            self.is_over = True
            return
        assert self._tree
        self._tree.end(_name(name))
        if self._depth == 1:
            self.found.append(self._tree.close())

    def _text(self, text: str) -> None:
        if self._depth > 1 and self._tree:
            self._tree.data(text)


def _never(*_: object) -> None:
    raise ValueError("nothing of that belongs into a stream")


def _name(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{{{space}}}{local}" if space else local
