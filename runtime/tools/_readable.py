"""The text of an HTML page, in time proportional to its length."""

from runtime.html_tokens import CELLS, INLINE, TOKEN, plain

NOISE = frozenset({"nav", "footer"})
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
            return plain(title), _lines(text)
        elif tag and tag not in INLINE:
            text.append(" " if tag in CELLS else BREAK)
    if not noise:
        into.append(page[end:])
    return plain(title), _lines(text)


def _lines(pieces: list[str]) -> str:
    return "\n".join(filter(None, (plain([line]) for line in "".join(pieces).split(BREAK))))
