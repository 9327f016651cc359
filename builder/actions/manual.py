"""What docs/ says, as pages of the program: it is there where the network is not."""

import functools
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(__file__).parents[2] / "docs"
WRITTEN = ("zh", "en")
WORD = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)+")
NAME = re.compile(r"[a-z][a-z-]{0,40}")
OURS = re.compile(r"(?:\./)?([a-z][a-z-]*)\.md(?:#.*)?")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it. `name`: of its file; `page`: that file's own heading."""

    name: str
    page: str
    title: str
    anchor: str
    text: str


@functools.cache
def sections(lang: str) -> Sequence[Section]:
    """All there are in that language, English for a further one; by file, in their order there."""
    folder = FOLDER / _written(lang)
    return tuple(one for file in sorted(folder.glob("*.md")) for one in _sections(file))


def pages(lang: str) -> Sequence[tuple[str, str]]:
    """Each page's name and heading."""
    return tuple({one.name: one.page for one in sections(lang)}.items())


@functools.lru_cache(maxsize=64)
def page(name: str, lang: str) -> str | None:
    """Its HTML; None when there is no such page. HTML in a file is shown as text, a picture is not loaded."""
    file = FOLDER / _written(lang) / f"{name}.md"
    if not NAME.fullmatch(name) or not file.is_file():
        return None
    reader = _reader()
    tokens = reader.parse(_source(file))
    for number, (place, words, _) in enumerate(_headings(tokens)):
        tokens[place].attrSet("id", _anchor(number, words))
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("tabindex", "0")  # a wide one scrolls, by keys too
        for inner in token.children or ():
            _lead(inner)
    _empty_corners(tokens)
    return str(reader.renderer.render(tokens, reader.options, {}))


def _written(lang: str) -> str:
    return lang if lang in WRITTEN else "en"


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _source(file: Path) -> str:
    return COMMENT.sub("", file.read_text(encoding="utf-8"))


def _lead(token: Token) -> None:
    """Links to pages beside it lead there; those to other files of the checkout lead nowhere."""
    if token.type != "link_open":
        return
    to = str(token.attrGet("href") or "")
    if found := OURS.fullmatch(to):
        token.attrSet("href", found[1])
    elif not to.startswith(("https://", "http://", "#")):
        token.attrs.pop("href")


def _empty_corners(tokens: Sequence[Token]) -> None:
    """What stands at the head of a table and says nothing is no header to who has it read out."""
    for opened, said, closed in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opened.type == "th_open" and not said.content:
            opened.tag = closed.tag = "td"


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[int, str, int]]:
    """Place, words and line of each."""
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            words = "".join(inner.content for inner in tokens[place + 1].children or ())
            yield place, html.unescape(words), (token.map or [0])[0]


def _anchor(number: int, title: str) -> str:
    """One word that is a name, as an alert's, is what others link to; the rest have a number."""
    return title.lower() if WORD.fullmatch(title) else f"s{number}"


def _sections(file: Path) -> Iterator[Section]:
    source = _source(file)
    lines = source.splitlines()
    found = list(_headings(_reader().parse(source)))
    ends = [line for _, _, line in found[1:]] + [len(lines)]
    for number, ((_, title, line), end) in enumerate(zip(found, ends, strict=True)):
        yield Section(file.stem, found[0][1], title, _anchor(number, title), "\n".join(lines[line + 1 : end]))
