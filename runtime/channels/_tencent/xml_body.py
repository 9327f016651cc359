"""The little XML that Tencent's callbacks use: one level of named texts. Nothing else gets through."""

import re
from collections.abc import Mapping
from typing import TypeAlias
from xml.parsers import expat

from runtime.channels._border.refusals import refused
from runtime.channels._text.printable import clean

MAX_DEPTH = 16
"""Photos sent from a menu have 5 levels, a mass send's result 6; what nobody here reads may grow."""
MAX_ELEMENTS = 2000
CDATA = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
LONG_TAG = re.compile(rb"<[^<>]{128}")
"""Expat takes 80 ms for a tag with 100,000 attributes before we hear of it; WeChat's tags have none."""


def parse(body: bytes, within: str = "") -> dict[str, str]:
    """The texts directly under the root `<xml>`, by name; elements that hold elements are left out. `within`:
    those of that one element there instead.

    Raises Refused (`malformed`), at the first byte that breaks a rule and without building a tree, for:
    another root, attributes, a repeated name (unless all of them hold elements), a DOCTYPE, processing
    instructions, an encoding other than UTF-8, and whatever is too deep, too many or not well-formed. No
    entity is expanded but XML's own five.
    """
    # NUL: expat would follow a UTF-16 mark, or guess UTF-16, whatever encoding it was told
    if b"\0" in body or LONG_TAG.search(CDATA.sub(b"", body)):
        raise refused("malformed")
    reader = _Reader(within)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.XmlDeclHandler = reader.declaration
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.ProcessingInstructionHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        raise refused("malformed") from None
    return reader.inner if within else reader.fields


Value: TypeAlias = "str | int | Mapping[str, Value]"


def build(fields: Mapping[str, Value]) -> str:
    """Texts as CDATA that cannot be broken out of, numbers bare, elements in elements as they are."""
    return f"<xml>{_value(fields)}</xml>"


def _value(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "".join(f"<{name}>{_value(inner)}</{name}>" for name, inner in value.items())
    return "<![CDATA[" + clean(value).replace("]]>", "]]]]><![CDATA[>") + "]]>"


class _Reader:
    """Collects the fields while expat reads."""

    def __init__(self, within: str) -> None:
        self.fields: dict[str, str] = {}
        self.inner: dict[str, str] = {}
        self._within, self._is_within = within, False
        self._depth = 0
        self._elements = 0
        self._names: set[str] = set()
        self._is_leaf = False
        self._text: list[str] = []

    def declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and encoding.casefold() not in ("utf-8", "utf8"):
            raise refused("malformed")

    def refuse(self, *_: object) -> None:
        raise refused("malformed")

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if attributes or self._depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise refused("malformed")
        if self._depth == 1 and name != "xml":
            raise refused("malformed")
        self._is_leaf = self._depth == 2
        if self._is_leaf:
            self._is_within = bool(self._within) and name == self._within
        if self._is_leaf or (self._is_within and self._depth == 3):
            self._text = []

    def end(self, name: str) -> None:
        if self._depth == 3 and self._is_within:
            self.inner.setdefault(name, "".join(self._text))
        if self._depth == 2:
            # Lists are elements of one name that hold elements. Which of two texts is meant nobody can say.
            if name in self.fields or (self._is_leaf and name in self._names):
                raise refused("malformed")
            self._names.add(name)
            if self._is_leaf:
                self.fields[name] = "".join(self._text)
        self._depth -= 1

    def text(self, data: str) -> None:
        self._text.append(data)
