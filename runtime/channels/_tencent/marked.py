"""An answer in the little Markdown that WeCom's client shows of an app's and a robot's messages.

Headings, bold, links, quotes, code within a line and three colours; no tables, no blocks of code, no lists.
https://developer.work.weixin.qq.com/document/path/90236
"""

import re
from collections.abc import Iterator, Sequence

from runtime.channels._text.inline import Words, attributes
from runtime.channels._text.markdown import TYPED_ANCHOR, ZERO_WIDTH_SPACE, Reader, read
from runtime.channels._text.printable import clean
from runtime.channels._text.split import split

COLOURS = ("info", "comment", "warning")
TAPPABLE = re.compile(r"https?://[^\s<>()\"`]+", re.IGNORECASE)
LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\((https?://[^\s<>()\"`]+)\)")
FONT = re.compile(r"</?font(?: color=\"\w+\")?>")
MARKS = re.compile(r"^#{1,6} |^> |\*\*|`[^`\n]+`|<font color=", re.MULTILINE)
"""Of which a plain text shows less."""
ONLY_MARKS = re.compile(r"^#{1,6} |\*\*|`|</?font(?: color=\"\w+\")?>", re.MULTILINE)
CALLS = re.compile(r"<(?=@)")
"""What calls a member of a group to it, in texts and Markdown alike.
https://developer.work.weixin.qq.com/document/path/91770"""
BALANCED = ("**", "`")
"""Come in pairs within a line."""
SPARE = sum(2 * len(mark) for mark in BALANCED)
"""Bytes that keep the two halves of a line in balance when it is cut."""


class _Words(Words):
    def emphasis(self, stars: int) -> str:
        return "**" if stars > 1 else ""

    def code(self, unit: re.Match[str]) -> str:
        inside = super().code(unit)
        return f"`{inside}`" if inside.strip() and not {"`", "\n"} & set(inside) else inside

    def link(self, href: str, label: str) -> str:
        label = LINK.sub(r"\1", label).replace("[", "").replace("]", "").replace("\n", " ").strip()
        if not label or label == href:
            return href
        return f"[{label}]({href})" if TAPPABLE.fullmatch(href) else f"{label}（{href}）"

    def tag(self, name: str, values: str) -> tuple[str, str]:
        colour = attributes(values).get("color", "")
        if name == "font" and colour in COLOURS:
            return f'<font color="{colour}">', "</font>"
        return super().tag(name, values)


class _Reader(Reader):
    def heading(self, level: int, text: str) -> str:
        return f"{'#' * level} {text.replace('**', '')}" if text else ""

    def quoted(self, depth: int, text: str) -> str:
        return f"> {text}"

    def fenced(self, lines: Sequence[str]) -> str:
        """Each line by itself, so that nothing in it is taken for a mark."""
        return "\n".join(f"`{line}`" if line.strip() and "`" not in line else line for line in lines)


def to_marked(markdown: str) -> str:
    """The same words with those marks that are shown. Takes time in proportion to the length."""
    written = clean(markdown)
    return quiet(read(written, _Reader(written.split("\n"), _Words())))


def quiet(text: str) -> str:
    """A clean text that looks the same and calls nobody: who writes an answer does not decide that."""
    return CALLS.sub("<" + ZERO_WIDTH_SPACE, clean(text))


def parts(markdown: str, most: int) -> list[str]:
    """Of at most so many bytes each; what is bold in a line that is cut is bold in both halves."""
    return list(_balanced(split(to_marked(markdown), most - SPARE)))


def _balanced(pieces: Sequence[str]) -> Iterator[str]:
    again = ""
    for place, piece in enumerate(pieces, 1):
        whole, again = again + piece, ""
        last = whole.rpartition("\n")[2]
        for mark in BALANCED if place < len(pieces) else ():
            if last.count(mark) % 2:
                whole, again = whole + mark, mark + again
        yield whole


def has_marks(part: str) -> bool:
    """Whether a plain text would show it as less."""
    return bool(MARKS.search(part))


def plain(part: str, most: int) -> str:
    """The same without marks, for a place that does not show them; its links can be tapped if there is room.

    Never longer than so many bytes, where the part is not.
    """
    bare = ONLY_MARKS.sub("", part)
    tappable = LINK.sub(r'<a href="\2">\1</a>', TYPED_ANCHOR.sub("<" + ZERO_WIDTH_SPACE, bare))
    if len(tappable.encode()) <= most:
        return tappable
    return LINK.sub(r"\1 \2", TYPED_ANCHOR.sub("", bare))
