"""Markdown: headings, lists, code and tables as its parser sees them."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from runtime.knowledge.reading import Given, Item, Kind, Section
from runtime.knowledge.reading._decoded import is_text, whole
from runtime.knowledge.reading._headings import Path
from runtime.knowledge.reading._tables import lines
from runtime.lang import Text

if TYPE_CHECKING:
    from markdown_it.token import Token

FRONT = re.compile(r"\A---\n.{0,5000}?\n---\n", re.DOTALL)
"""What site generators keep above a text."""


def _read(given: Given) -> Iterator[Item]:
    from markdown_it import MarkdownIt  # late: only where Markdown is read

    text, unread = whole(given)
    text = FRONT.sub("", text.replace("\r\n", "\n"), count=1)
    yield from sections(MarkdownIt("commonmark").enable("table").parse(text))
    yield from unread


def sections(tokens: "Sequence[Token]") -> Iterator[Section]:
    """One a heading."""
    path, held = Path(), list[str]()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "heading_open":
            if held:
                yield Section(_joined(held), path.titles)
                held = []
            if left := path.enter(int(token.tag[1:]), _words(tokens[at + 1])):
                yield left
            at += 1
        elif token.type == "table_open":
            end = next((i for i in range(at, len(tokens)) if tokens[i].type == "table_close"), len(tokens))
            held.append("\n".join(lines(_rows(tokens[at:end]))))
            at = end
        elif token.type in ("fence", "code_block"):
            held.append(token.content.rstrip())
        elif token.type == "inline":
            held.append(("- " if tokens[at - 1].hidden else "") + _words(token))
        at += 1
        path.is_bare = path.is_bare and not held
    if held:
        yield Section(_joined(held), path.titles)
    elif left := path.bare():
        yield left


def _joined(held: Sequence[str]) -> str:
    """Points of a list stay together."""
    return re.sub(r"\n\n(?=- )", "\n", "\n\n".join(held))


def _rows(tokens: "Sequence[Token]") -> Iterator[list[str]]:
    row: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append(_words(token))
        elif token.type == "tr_close":
            yield row


def _words(token: "Token") -> str:
    """Of a line, without its marks; a picture is what is said of it."""
    found = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            found.append("\n")
        elif child.type not in ("html_inline",):
            found.append(child.content)
    return "".join(found).strip()


KIND = Kind(
    Text("Markdown", "Markdown"),
    ("md", "markdown", "mdx"),
    71,
    lambda given: given.ending in ("md", "markdown", "mdx") and is_text(given.head),
    _read,
)
