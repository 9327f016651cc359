"""The tags of an HTML page one after another, in time proportional to its length.

A real HTML parser takes quadratic time on deep nesting: 100 kB of `<div>` held selectolax, and with it every
other turn, for two seconds. Reading tags one after another is enough for text.
"""

import html
import re
from collections.abc import Iterable

TOKEN = re.compile(
    r"""
      <!--.*?(?:-->|\Z)
    | <(?P<raw>script|style|noscript|template|svg|iframe|textarea|select)\b
      .*?(?:</(?P=raw)\s*>|\Z)
    | <(?P<close>/?)(?P<tag>[a-z][a-z0-9]*)(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^'">])*+(?:>|\Z)
    | <[!?/][^>]*(?:>|\Z)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
"""Each alternative may also end with the page, so that an unclosed one is not searched for over and over."""

INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "em", "font", "i", "img", "ins", "kbd", "label",
    "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
))  # fmt: skip
CELLS = frozenset({"td", "th"})
HUGE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
"""No character has such a number, and reading 5,000 digits is an error in Python."""


def plain(pieces: Iterable[str]) -> str:
    """Text between tags as it is read: entities as their characters, white space as one space."""
    return " ".join(html.unescape(HUGE.sub("\ufffd", "".join(pieces))).split())
