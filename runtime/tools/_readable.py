"""The text of an HTML page, in time proportional to its length.

A real HTML parser takes quadratic time on deep nesting: 100 kB of `<div>` held selectolax, and with it every
other turn, for two seconds. Reading tags one after another is enough for text.
"""

import html
import re

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

NOISE = frozenset({"nav", "footer"})
INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "em", "font", "i", "img", "ins", "kbd", "label",
    "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
))  # fmt: skip
CELLS = frozenset({"td", "th"})
HUGE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
"""No character has such a number, and reading 5,000 digits is an error in Python."""
BREAK = "\ue000"
"""Stands for a line break until white space is collapsed; private use, so no page means anything by it."""


def readable(page: str) -> tuple[str, str]:
    """Title and text, a line per paragraph, without scripts, menus and footers. Links keep their words."""
    title: list[str] = []
    text: list[str] = []
    into, noise, end = text, 0, 0
    for token in TOKEN.finditer(page):
        if not noise:
            into.append(page[end : token.start()])
        end = token.end()
        tag, closes = (token["tag"] or "").lower(), bool(token["close"])
        if tag in NOISE:
            noise = max(0, noise - 1 if closes else noise + 1)
        elif tag == "title":
            into = text if closes or title else title
        elif tag == "main" and not closes:
            text.clear()
        elif tag == "main":
            return _line(title), _lines(text)
        elif tag and tag not in INLINE:
            text.append(" " if tag in CELLS else BREAK)
    if not noise:
        into.append(page[end:])
    return _line(title), _lines(text)


def _line(pieces: list[str]) -> str:
    return " ".join(html.unescape(HUGE.sub("\ufffd", "".join(pieces))).split())


def _lines(pieces: list[str]) -> str:
    return "\n".join(filter(None, (_line([line]) for line in "".join(pieces).split(BREAK))))
