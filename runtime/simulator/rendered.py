"""Markdown as a client that renders it shows it: links by their words, the words without their marks, and a
table's cells below each other, which tabs stand for."""

import re

from runtime.simulator import Link

BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
LINK = re.compile(r"\[([^\[\]\n]+)\]\((https?://[^\s()]+)\)|(https?://[^\s<>（）]+)")
MARK = re.compile(r"^#{1,6} |^> |\*\*|`|</?font[^>]*>|^\|[-:| ]+\|\n?", re.MULTILINE)
"""Also the rule below a table's head."""
ROW = re.compile(r"^\|(.+)\|[ \t]*$", re.MULTILINE)
BAR = re.compile(r"[ \t]*(?<!\\)\|[ \t]*")


def rendered(sent: str) -> list[str | Link]:
    found: list[str | Link] = []
    at = 0
    for match in LINK.finditer(sent):
        url = match[2] or match[3]
        found += [_words(sent[at : match.start()]), Link(match[1] or url, url)]
        at = match.end()
    return [piece for piece in (*found, _words(sent[at:])) if piece]


def starred(sent: str) -> list[str | Link]:
    """Where what stands between single stars is bold."""
    return rendered(BOLD.sub(r"\1", sent))


def _words(sent: str) -> str:
    return ROW.sub(lambda row: BAR.sub("\t", row[1].strip()), MARK.sub("", sent))
