"""Telegram's HTML, as strict as its server reads it."""

import re
from dataclasses import dataclass, field
from html import unescape

from runtime.simulator import Link

TOKEN = re.compile(
    r"<(/?)([a-z-]+)((?:\s+[a-z]+=\"[^\"<>]*\")*)\s*>|&(#?[a-z0-9]+;)|([<>&])|([^<>&]+)", re.DOTALL
)
TAGS = frozenset({"b", "strong", "i", "em", "u", "s", "code", "pre", "blockquote", "a", "tg-spoiler"})
ENTITIES = frozenset({"lt;", "gt;", "amp;", "quot;"})
HREF = re.compile(r"href=\"([^\"]*)\"")


class CannotParse(Exception):
    """Its server refuses the whole message."""


@dataclass
class Parsed:
    """The words that are shown, links by their words."""

    pieces: list[str | Link] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.label for one in self.pieces)


class _Reading:
    def __init__(self) -> None:
        self.found, self.opened, self.words, self.address = Parsed(), list[str](), "", ""

    def cut(self, link: bool = False) -> None:
        """What was read so far is a piece."""
        if self.words:
            self.found.pieces.append(Link(self.words, self.address) if link else self.words)
        self.words = ""

    def open(self, tag: str, values: str) -> None:
        """Raises CannotParse."""
        if tag not in TAGS:
            raise CannotParse(f"can't parse entities: Unsupported start tag {tag!r}")
        if self.opened and self.opened[-1] in ("code", "pre") and (self.opened[-1], tag) != ("pre", "code"):
            raise CannotParse("can't parse entities: nothing is within code")
        self.opened.append(tag)
        if tag == "a":
            self.cut()
            self.address = unescape(_href(values))

    def close(self, tag: str) -> None:
        """Raises CannotParse."""
        if not self.opened or self.opened.pop() != tag:
            raise CannotParse(f"can't parse entities: Unmatched end tag {tag!r}")
        if tag == "a":
            self.cut(link=True)


def parsed(html: str) -> Parsed:
    """Raises CannotParse."""
    reading = _Reading()
    for closing, tag, values, entity, odd, text in TOKEN.findall(html):
        if tag:
            reading.close(tag) if closing else reading.open(tag, values)
        elif odd in ("<", "&") or (entity and entity not in ENTITIES and not entity.startswith("#")):
            raise CannotParse(f"can't parse entities: unexpected {odd or entity!r}")
        else:
            reading.words += text or odd or unescape(f"&{entity}")
    if reading.opened:
        raise CannotParse(f"can't parse entities: Can't find end tag of {reading.opened[-1]!r}")
    reading.cut()
    return reading.found


def _href(values: str) -> str:
    href = HREF.search(values)
    return href[1] if href else ""
