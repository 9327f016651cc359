"""Markdown for a surface that shows the simple part of it: the rest becomes plain words."""

import re

from runtime.channels._text.printable import CJK, clean
from runtime.channels._text.split import split

FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
PICTURE = re.compile(r"!\[([^\[\]\n]{0,300})\]\(\s?<?([^\s()<>]{1,2000})>?(?:\s+\"[^\"\n]{0,300}\")?\s?\)")
SMALL_HEADING = re.compile(r"[ ]{0,3}#{5,6}[ \t]+(.*?)[ \t]*#*[ \t]*")
ITALIC = re.compile(
    r"(?<![*\w\\])([*_])(?![*_\s])([^*_\n]{1,500}?)(?<![*_\s])\1(?![*_\w])|"
    r"(?<![*\\])\*(?![*\s])([^*\n]{1,500}?)(?<![*\s])\*(?!\*)"
)
REOPENED = 20
"""Characters that a fence may take which is closed and opened again at a cut."""


def light(markdown: str) -> str:
    """Without pictures, small headings and italics among Chinese; code stays as it is."""
    lines, fence = [], ""
    for line in clean(markdown).split("\n"):
        mark = FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
            lines.append(line)
        else:
            lines.append(line if fence else _line(line))
    return "\n".join(lines).strip()


def parts(markdown: str, most: int) -> list[str]:
    """So many characters each; code that is cut is code in both."""
    cut = split(light(markdown), most - 2 * REOPENED, "characters")
    found, fence = [], ""
    for part in cut:
        opened, fence = fence, _open_fence(part, fence)
        found.append("\n".join(filter(None, (opened, part, fence[:3]))))
    return found


def _open_fence(part: str, fence: str) -> str:
    """What is open at the end, as it was opened; short, since it is written again."""
    for line in part.split("\n"):
        mark = FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence[:3])):
            fence = "" if fence else line.strip()[:REOPENED]
    return fence


def _line(line: str) -> str:
    line = PICTURE.sub(lambda found: f"{found[1]} {found[2]}".strip(), line)
    if heading := SMALL_HEADING.fullmatch(line):
        line = f"**{heading[1]}**" if heading[1] else ""
    return ITALIC.sub(lambda found: _upright(line, found), line)


def _upright(line: str, found: re.Match[str]) -> str:
    around = line[max(0, found.start() - 1) : found.end() + 1]
    return (found[2] or found[3]) if CJK.search(around) else found[0]
