"""Markdown as a chat that shows none can carry it: plain lines, bullets, and links that can be tapped.

WeChat would show `**`, `#` and tables as they are typed; the one tag that it understands is `<a href>`.
"""

import functools
import html
import re
from collections.abc import Callable, Iterable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.tree import SyntaxTreeNode as Node

from runtime.channels._xml import clean

MAX_LINK = 1000
"""Bytes of an `<a>` tag with its label; longer ones are written out, so that a part can hold the tag."""
ZERO_WIDTH_SPACE = "\u200b"
"""After a typed `<` it makes a tag look the same and be no link."""
OUR_TAG = "\x02"
"""Stands for the `<` of our own links until the typed ones are inert: no text has it after `clean`."""
TAPPABLE = re.compile(r"https?://[^\s<>\"`]+", re.IGNORECASE)
TYPED_ANCHOR = re.compile(r"<(?=/?a(?:[\s/>]|\Z))", re.IGNORECASE)
TAGS = (
    "a abbr article audio b base big blockquote br button center code dd del details div dl dt em embed "
    "figure font form h1 h2 h3 h4 h5 h6 hr i iframe img input ins kbd label li link mark meta object ol p "
    "pre s script section small span strike strong style sub summary sup svg table tbody td th thead tr u "
    "ul video"
)
VALUE = r"""(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+)"""
TAG = re.compile(
    rf"</?(?:{TAGS.replace(' ', '|')})(?:\s+[\w:-]+\s*=\s*{VALUE})*\s*/?>|<!--.*?-->",
    re.IGNORECASE | re.DOTALL,
)
HREF = re.compile(rf"<a\s(?:.*\s)?href\s*=\s*({VALUE}).*>", re.IGNORECASE | re.DOTALL)
BARE_ADDRESS = re.compile(r"://[^\s<>\[\]\\\"`|\u0080-\U0010ffff]+")


def to_chat_text(markdown: str) -> str:
    """The same words, readable without Markdown. What looks like a tag but is none stays as typed."""
    text = _join(Node(_parser().parse(clean(markdown))).children, "\n\n")
    # only now, because a tag can come together from pieces: `<**a** href=…`
    return TYPED_ANCHOR.sub("<" + ZERO_WIDTH_SPACE, text).replace(OUR_TAG, "<")


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    # tags are judged one by one, inline: a block of HTML would hide the words in it
    parser.disable("html_block")
    parser.validateLink = lambda url: True  # type: ignore[method-assign] # we show unsafe addresses as text
    parser.inline.ruler.after("text", "bare_address", _bare_address)
    return parser


def _bare_address(state: StateInline, silent: bool) -> bool:
    """Take a typed address as it is, so that `__init__` in it is not read as bold."""
    rest = BARE_ADDRESS.match(state.src, state.pos)
    if not rest or not state.src.endswith(("http", "https"), max(0, state.pos - 5), state.pos):
        return False
    address = rest[0].rstrip("*_~.,;:!?')")
    if not silent:
        state.pending += address
    state.pos += len(address)
    return True


def _join(nodes: Iterable[Node], gap: str) -> str:
    return gap.join(filter(None, (BLOCKS[node.type](node) for node in nodes)))


def _heading(node: Node) -> str:
    text = _inline(node)
    return text if not text or "【" in text else f"【{text}】"


def _code(node: Node) -> str:
    return _lead(node.content.rstrip("\n"), "  ", "  ")


def _quote(node: Node) -> str:
    return _lead(_join(node.children, "\n"), "▎", "▎")


def _bullets(node: Node) -> str:
    return "\n".join(_lead(_join(item.children, "\n"), "• ", "  ") for item in node.children)


def _numbers(node: Node) -> str:
    first = int(node.attrs.get("start", 1))
    items = (_join(item.children, "\n") for item in node.children)
    return "\n".join(_lead(item, f"{number}. ", "   ") for number, item in enumerate(items, first))


def _table(node: Node) -> str:
    """A line a row, each cell behind its column's name: columns do not fit on a phone."""
    lines = [row for part in node.children for row in part.children]
    head, *rows = [[_inline(cell).replace("\n", " ") for cell in line.children] for line in lines]
    if not rows:
        return "；".join(head)
    return "\n".join("• " + "；".join(_cells(head, row)) for row in rows)


def _cells(head: list[str], row: list[str]) -> list[str]:
    return [f"{name}：{cell}" if name else cell for name, cell in zip(head, row, strict=True) if cell]


def _lead(text: str, first: str, others: str) -> str:
    """Put `first` before the first line and `others` before the rest; blank lines stay blank."""
    head, *rest = text.split("\n")
    return "\n".join([first + head, *(others + line if line else line for line in rest)])


def _inline(node: Node) -> str:
    """The words of a node. A typed `<a href>` becomes a link when it is a plain web address."""
    out: list[str] = []
    href, start = "", 0
    for child in node.children:
        opened = HREF.fullmatch(child.content) if child.type == "html_inline" else None
        if opened:
            href, start = html.unescape(opened[1].strip("\"'")), len(out)
        elif href and child.type == "html_inline" and child.content.lower().startswith("</a"):
            out[start:] = [_link(_parser().normalizeLink(href), "".join(out[start:]))]
            href = ""
        else:
            out.append(INLINES[child.type](child))
    return "".join(out)


def _tag(node: Node) -> str:
    if not TAG.fullmatch(node.content):
        return node.content
    return "\n" if node.content.lower().startswith("<br") else ""


def _linked(node: Node) -> str:
    return _link(str(node.attrs.get("href", "")), _inline(node))


def _image(node: Node) -> str:
    return _written_out(str(node.attrs.get("src", "")), node.content)


def _link(href: str, label: str) -> str:
    label = label.replace("\n", " ").strip()
    if OUR_TAG in label:  # links do not nest; the inner one counts
        return label
    tag = f'{OUR_TAG}a href="{href}">{label}{OUR_TAG}/a>'
    if TAPPABLE.fullmatch(href) and label not in ("", href, _shown(href)) and len(tag.encode()) <= MAX_LINK:
        return tag
    return _written_out(href, label)


def _written_out(href: str, label: str) -> str:
    address = _shown(href)
    if not label or label in (href, address):
        return address
    return f"{label}（{address}）" if address else label


def _shown(href: str) -> str:
    return clean(_parser().normalizeLinkText(href))


BLOCKS: dict[str, Callable[[Node], str]] = {
    "heading": _heading,
    "paragraph": _inline,
    "bullet_list": _bullets,
    "ordered_list": _numbers,
    "blockquote": _quote,
    "fence": _code,
    "code_block": _code,
    "table": _table,
    "hr": lambda node: "———",
}
INLINES: dict[str, Callable[[Node], str]] = {
    "inline": _inline,
    "text": lambda node: node.content,
    "code_inline": lambda node: node.content,
    "softbreak": lambda node: "\n",
    "hardbreak": lambda node: "\n",
    "strong": _inline,
    "em": _inline,
    "s": _inline,
    "link": _linked,
    "image": _image,
    "html_inline": _tag,
}
