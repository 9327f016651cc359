"""Markdown as a client that renders it shows it: links by their words, and the words without their marks."""

import re

from runtime.simulator import Link

LINK = re.compile(r"\[([^\[\]\n]+)\]\((https?://[^\s()]+)\)|(https?://[^\s<>（）]+)")
MARK = re.compile(r"^#{1,6} |^> |\*\*|`|</?font[^>]*>|^\|[-:| ]+\|\n?", re.MULTILINE)
"""Also the rule below a table's head."""


def rendered(sent: str) -> list[str | Link]:
    found: list[str | Link] = []
    at = 0
    for match in LINK.finditer(sent):
        url = match[2] or match[3]
        found += [MARK.sub("", sent[at : match.start()]), Link(match[1] or url, url)]
        at = match.end()
    return [piece for piece in (*found, MARK.sub("", sent[at:])) if piece]
