"""A Markdown text as the blocks that a document is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

DEEPEST = 6
"""Lists inside each other that are told apart."""


@dataclass(frozen=True)
class Run:
    """Words in one look."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Block:
    """`level`: of a heading from 1 on, of a list's line from 0 on. `mark`: what stands before it."""

    kind: Literal["heading", "text", "item", "code", "table", "rule"]
    runs: Sequence[Run] = ()
    level: int = 0
    mark: str = ""
    rows: Sequence[Sequence[Sequence[Run]]] = ()


def blocks(markdown: str) -> list[Block]:
    """HTML is text, pictures are their words, links are their words and where they lead."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")
    return list(_Walk(parser.parse(markdown)).blocks())


class _Walk:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = list(tokens)
        self._lists: list[int | None] = []
        """Of each list around: the number of the next line, None for one without numbers."""
        self._mark = ""
        self._heading = 0
        self._rows: list[list[list[Run]]] | None = None
        """Of the table around."""

    def blocks(self) -> Iterator[Block]:
        for token in self._tokens:
            match token.type:
                case "hr":
                    yield Block("rule")
                case "fence" | "code_block":
                    yield Block("code", [Run(token.content.rstrip("\n"))])
                case "table_close":
                    rows, self._rows = self._rows or [], None
                    yield Block("table", rows=rows)
                case "inline" if self._rows is not None:
                    self._rows[-1].append(_runs(token))
                case "inline":
                    yield self._line(_runs(token), self._heading)
                case _:
                    self._around(token)

    def _around(self, token: Token) -> None:
        """What begins or ends something that others stand in."""
        match token.type:
            case "heading_open":
                self._heading = min(int(token.tag[1:]), 6)
            case "heading_close":
                self._heading = 0
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_open":
                self._lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._mark = self._next_mark()
            case "table_open":
                self._rows = []
            case "tr_open" if self._rows is not None:
                self._rows.append([])

    def _line(self, runs: Sequence[Run], heading: int) -> Block:
        if heading:
            return Block("heading", runs, heading)
        if not self._lists:
            return Block("text", runs)
        mark, self._mark = self._mark, ""
        return Block("item", runs, min(len(self._lists) - 1, DEEPEST), mark)

    def _next_mark(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "•"
        self._lists[-1] = number + 1
        return f"{number}."


def _runs(token: Token) -> list[Run]:
    found: list[Run] = []
    bold = italic = 0
    link = ""
    for one in token.children or ():
        match one.type:
            case "strong_open":
                bold += 1
            case "strong_close":
                bold -= 1
            case "em_open":
                italic += 1
            case "em_close":
                italic -= 1
            case "link_open":
                link = str(one.attrGet("href") or "")
            case "link_close":
                if link and link not in "".join(run.text for run in found):
                    found.append(Run(f" ({link})"))
            case "softbreak" | "hardbreak":
                found.append(Run("\n"))
            case _:
                found.append(Run(one.content, bold > 0, italic > 0))
    return [run for run in found if run.text]
