"""What somebody wrote in a letter's HTML, line by line, without what they quoted."""

import re

from runtime.html_tokens import INLINE, TOKEN, plain

QUOTES = re.compile(
    r"(?i)<blockquote\b|<div[^<>]{0,300}?(?:gmail_quote|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg|isForwardContent)"
)
"""Where what is quoted begins: what stands below is older."""
BREAKS = frozenset(
    {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "hr"}
)
HIDDEN = re.compile(r"(?is)<(head|title)\b.*?(?:</\1\s*>|\Z)")


def text_of(html: str) -> str:
    """Takes time in proportion to its length."""
    html = HIDDEN.sub("", html)
    quoted = QUOTES.search(html)
    own = _lines(html[: quoted.start()]) if quoted else ""
    return own or _lines(html)


def _lines(html: str) -> str:
    lines: list[str] = []
    pieces: list[str] = []
    at = 0
    for token in TOKEN.finditer(html):
        pieces.append(html[at : token.start()])
        at = token.end()
        tag = (token["tag"] or "").lower()
        if tag in BREAKS:
            lines.append(plain(pieces))
            pieces = []
        elif tag and tag not in INLINE:
            pieces.append(" ")
    lines.append(plain([*pieces, html[at:]]))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
