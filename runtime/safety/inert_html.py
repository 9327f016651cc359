"""What a model or a person wrote, as HTML that only shows: text in a few plain elements, and nothing acts.

Markdown is read, HTML in it stays text. No style, no form, no picture that is fetched, no link but to
another site, which says where it leads. Marks that would reorder, hide or pile up other text are dropped.
"""

import functools
import html
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

LONGEST = 12_000
"""Characters that are read as Markdown; what is longer is shown as it was written, whole."""
ELEMENTS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel"}
TAG = re.compile("<[^>]*>")
LINK = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)
REL = "noopener noreferrer nofollow"
ORDER = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Override the direction of what stands beside them (UAX 9): a name or an address reads as another."""
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u2028\u2029\ufff9-\ufffb\U000e0000-\U000e007f]")
ACCENT = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
PILED = re.compile(f"({ACCENT}{{2}}){ACCENT}+")
"""Accents upon accents, which paint over the lines around."""


def inert_html(markdown: str) -> str:
    """Takes 1 ms for 1,000 usual characters, 200 ms for the worst: run what is long in a thread."""
    text = plain(markdown)
    if len(text) > LONGEST:
        return f"<p>{_escaped(text)}</p>"
    shown = nh3.clean(
        str(_reader().render(text)),
        tags=ELEMENTS,
        attributes={"a": {"href", "target"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel=REL,
    )
    # signs that Markdown takes for a line or an empty list are words all the same
    return shown if TAG.sub("", shown).strip() else f"<p>{_escaped(text)}</p>"


def plain(text: str) -> str:
    """The text without marks that have power over other text."""
    return PILED.sub(r"\1", HIDDEN.sub("", ORDER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))))


def inert_text(text: str) -> str:
    """As it was written, with its line ends, and no Markdown in it."""
    return f"<p>{_escaped(plain(text))}</p>"


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")


@functools.cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True})
    # a definition of a link would show nothing at all: 「[客服]: http://…」
    reader.enable(["table", "strikethrough"]).disable("reference")
    reader.validateLink = lambda url: LINK.match(url) is not None  # type: ignore[method-assign] # so it is told
    reader.core.ruler.push("told_links", _told_links)
    return reader


def _told_links(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = list(_told(token.children))


def _told(tokens: Sequence[Token]) -> list[Token]:
    """Pictures become links, and a link says where it leads unless its words do."""
    told: list[Token] = []
    leads, words = "", ""
    for token in tokens:
        if token.type == "image":
            address = str(token.attrGet("src") or "")
            opening, closing = Token("link_open", "a", 1), Token("link_close", "a", -1)
            opening.attrSet("href", address)
            opening.attrSet("target", "_blank")
            told += [opening, _text(token.content or address), closing, _text(_where(address, token.content))]
            continue
        if token.type == "link_open":
            token.attrSet("target", "_blank")
            leads, words = str(token.attrGet("href") or ""), ""
        words += token.content
        told.append(token)
        if token.type == "link_close":
            told.append(_text(_where(leads, words)))
    return told


def _where(address: str, words: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = "?"
    said = words.strip().lower()
    # a.co is not said by "a.com": the host must end where the words say that it does
    told = re.match(rf"(?:https?://)?{re.escape(host)}(?=[/?#\s]|:\d|$)", said) and "@" not in said
    return f" ({host})" if host and not told else ""


def _text(content: str) -> Token:
    token = Token("text", "", 0)
    token.content = content
    return token
