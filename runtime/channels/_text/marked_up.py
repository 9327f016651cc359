"""An answer with the marks that a chat shows of Markdown: bold, italic, code, quotes, links, in any chat's
spelling.

The text is first marked with control characters, which no text has after `clean`; so it can be cut
anywhere, and whatever a cut falls into is closed before it and opened again after it. Only then are a
chat's own marks made.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from runtime.channels._text import inline
from runtime.channels._text.inline import Words
from runtime.channels._text.markdown import Reader, read
from runtime.channels._text.printable import clean
from runtime.channels._text.split import split

SHORTEST = 64
"""Characters of a piece that is cut no further: without marks it fits anywhere."""
LONGEST_ADDRESS = 1000
"""Of a link with words of its own; a longer one is written out."""
BOLD, ITALIC, CODE, PRE, QUOTE, LINK, ADDRESS, LINK_ENDS = map(chr, (1, 8, 7, 5, 6, 2, 3, 4))
STRUCK = "\x1b"
DIGITS = {str(digit): chr(0x10 + digit) for digit in range(10)}
NUMBERS = {mark: digit for digit, mark in DIGITS.items()}
MARKS = re.compile("[\x01-\x08\x10-\x19\x1b]")
TAPPABLE = re.compile(r"https?://[^\s<>\"`|]+", re.IGNORECASE)


@dataclass(frozen=True)
class Style:
    """How one chat spells marks. `most`: what a message holds, as `size` counts."""

    most: int
    size: Callable[[str], int]
    escape: Callable[[str], str]
    marks: Mapping[str, tuple[str, str]]
    """Before and behind, by BOLD, ITALIC, STRUCK, CODE, PRE and QUOTE; of one that is not there only the
    words are shown, and what was struck out as it was written."""
    link: Callable[[str], tuple[str, str]] | None = None
    """The same of a link, by its address; None: addresses are written out."""
    quote: str = ""
    """Begins each line of a quote, where QUOTE is no mark."""
    edges: bool = False
    """A mark counts only where no letter stands outside of it: elsewhere it would be shown as it is."""


class _Words(Words):
    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self.addresses: list[str] = []

    @property
    def struck(self) -> str:
        return STRUCK if STRUCK in self._style.marks else inline.STRUCK

    @property
    def underlined(self) -> str:
        return ITALIC

    def emphasis(self, stars: int) -> str:
        return {1: ITALIC, 2: BOLD, 3: BOLD + ITALIC}.get(stars, "")

    def code(self, unit: re.Match[str]) -> str:
        inside = super().code(unit)
        return f"{CODE}{inside}{CODE}" if inside.strip() else inside

    def link(self, href: str, label: str) -> str:
        bare = MARKS.sub("", label).replace("\n", " ").strip()
        if not bare or bare == href:
            return href
        if self._style.link is None or len(href) > LONGEST_ADDRESS or not TAPPABLE.fullmatch(href):
            return f"{bare}（{href}）"
        self.addresses.append(href)
        number = "".join(DIGITS[digit] for digit in str(len(self.addresses) - 1))
        return f"{LINK}{number}{ADDRESS}{bare}{LINK_ENDS}"


class _Reader(Reader):
    def __init__(self, lines: list[str], words: Words, style: Style) -> None:
        super().__init__(lines, words)
        self._style = style

    def heading(self, level: int, text: str) -> str:
        return f"{BOLD}{text.replace(BOLD, '')}{BOLD}" if text else ""

    def quoted(self, depth: int, text: str) -> str:
        return f"{self._style.quote}{text}" if self._style.quote else f"{QUOTE}{text}{QUOTE}"

    def fenced(self, lines: Sequence[str]) -> str:
        inside = "\n".join(lines)
        return f"{PRE}{inside}{PRE}" if inside.strip() else ""


@dataclass
class _Open:
    """What is open at a place in the marked text, outermost first."""

    style: Style
    addresses: Sequence[str]
    tags: list[str] = field(default_factory=list)
    number: str | None = None
    """Digits of a link whose number is being read."""
    address: str = ""

    def take(self, mark: str) -> None:
        if self.number is not None and mark in NUMBERS:
            self.number += NUMBERS[mark]
        elif mark == LINK:
            self.number = ""
        elif mark == ADDRESS and self.number is not None:
            self.address, self.number = self.addresses[int(self.number)], None
            self.tags.append(LINK)
        elif mark == LINK_ENDS or mark in self.tags:
            mark = LINK if mark == LINK_ENDS else mark
            self.tags = [one for one in self.tags if one != mark]
        elif mark in self.style.marks:
            self.tags.append(mark)

    def shown(self) -> list[str]:
        """Code is within nothing but a quote, and nothing is within code: chats take no such."""
        for alone in (PRE, CODE):
            if alone in self.tags:
                return [QUOTE, alone] if QUOTE in self.tags and alone == CODE else [alone]
        return self.tags

    def pair(self, mark: str) -> tuple[str, str]:
        if mark == LINK and self.style.link:
            return self.style.link(self.address)
        return self.style.marks[mark]


@dataclass
class _Piece:
    """One message as it is made: what opens and closes beside the words."""

    out: list[str] = field(default_factory=list)
    now: list[tuple[str, str, str]] = field(default_factory=list)
    """What is open: its mark, and how it opens and closes."""

    def turn(self, state: _Open) -> None:
        """Close what is over, and what stands inside of it; open what is new."""
        wanted = [(mark, *state.pair(mark)) for mark in state.shown()]
        same = 0
        while same < min(len(self.now), len(wanted)) and self.now[same] == wanted[same]:
            same += 1
        self.out += [end for _, _, end in reversed(self.now[same:])]
        self.out += [begin for _, begin, _ in wanted[same:]]
        self.now = wanted

    def whole(self) -> str:
        return "".join([*self.out, *(end for _, _, end in reversed(self.now))])


def parts(markdown: str, style: Style) -> list[str]:
    """Messages within the style's limit, each whole in itself. Takes time in proportion to the length."""
    written, words = clean(markdown), _Words(style)
    marked = read(written, _Reader(written.split("\n"), words, style)).replace(f"{QUOTE}\n{QUOTE}", "\n")
    if style.edges:
        marked = _at_edges(marked)
    return list(_fitting(marked, _Open(style, words.addresses), style.most * 7 // 8))


def _fitting(marked: str, state: _Open, most: int) -> Iterator[str]:
    style = state.style
    for piece in split(marked, most, "characters"):
        before = dict(vars(state), tags=list(state.tags))
        shown = _made(piece, state)
        if style.size(shown) > style.most and most <= SHORTEST:
            shown = style.escape(MARKS.sub("", piece))  # nothing but long addresses
        if style.size(shown) <= style.most:
            if MARKS.sub("", piece).strip():
                yield shown
            continue
        vars(state).update(before)
        yield from _fitting(piece, state, max(SHORTEST, most // 2))


def _made(marked: str, state: _Open) -> str:
    made = _Piece()
    for text in re.split(f"({MARKS.pattern})", marked):
        if MARKS.fullmatch(text):
            state.take(text)
        elif text:
            made.turn(state)
            made.out.append(state.style.escape(text))
    return made.whole()


LETTER = r"[^\W_]"
WITHIN = f"{BOLD}{ITALIC}{STRUCK}{CODE}"
"""Marks that stand within a line."""
FREE = f"[^{WITHIN}\\s]"
"""Neither a mark nor white space."""
PAIRED = re.compile(f"(?<!{LETTER})([{WITHIN}])({FREE}(?:[^{WITHIN}\n]*{FREE})?)\\1(?!{LETTER})")
KEPT = {BOLD: "\x0e", ITALIC: "\x0f", CODE: "\x1a", STRUCK: "\x00"}
BACK = {kept: mark for mark, kept in KEPT.items()}


def _at_edges(marked: str) -> str:
    """Without marks that would be shown as they are: in the middle of a word, over lines, or within
    others. What was struck out stays so."""
    kept = PAIRED.sub(lambda pair: f"{KEPT[pair[1]]}{pair[2]}{KEPT[pair[1]]}", marked)
    bare = re.sub(f"[{BOLD}{ITALIC}{CODE}]", "", kept.replace(STRUCK, inline.STRUCK))
    return re.sub("[\x00\x0e\x0f\x1a]", lambda mark: BACK[mark[0]], bare)
