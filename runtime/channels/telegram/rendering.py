"""An answer in the few tags that Telegram shows: bold, italic, struck, code, quotes, links.

https://core.telegram.org/bots/api#html-style
"""

import html
import re

from runtime.channels._text import marked_up
from runtime.channels._text.marked_up import BOLD, CODE, ITALIC, PRE, QUOTE, STRUCK, Style

MOST = 4096
"""Of a message. The platform counts the text alone; here the tags count, too, so that nothing is near it."""


def _size(text: str) -> int:
    """As the platform counts: UTF-16."""
    return len(text.encode("utf-16-le", "replace")) // 2


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


STYLE = Style(
    most=MOST,
    size=_size,
    escape=_escaped,
    marks={
        BOLD: ("<b>", "</b>"),
        ITALIC: ("<i>", "</i>"),
        STRUCK: ("<s>", "</s>"),
        CODE: ("<code>", "</code>"),
        PRE: ("<pre>", "</pre>"),
        QUOTE: ("<blockquote>", "</blockquote>"),
    },
    link=lambda address: (f'<a href="{html.escape(address)}">', "</a>"),
)
TAG = re.compile(r"<(/?)(b|i|s|code|pre|blockquote|a)( href=\"[^\"<>]{1,6000}\")?>|&(?:amp|lt|gt|quot|#x27);")


def parts(markdown: str) -> list[str]:
    """HTML, each of at most MOST characters, each whole in itself."""
    return marked_up.parts(markdown, STYLE)


def safe(part: str) -> str:
    """A part as `parts` made it, and of anything else, such as the owner's own sentence, its characters."""
    opened: list[str] = []
    for tag in TAG.finditer(part):
        if tag[2] and not tag[1]:
            opened.append(tag[2])
        elif tag[2] and (not opened or opened.pop() != tag[2]):
            return _escaped(part)
    return _escaped(part) if opened or {"<", "&"} & set(TAG.sub("", part)) else part


def linked(label: str, url: str) -> str:
    return f'<a href="{html.escape(url)}">{_escaped(label)}</a>'
