"""What sources are made of: one file here reads one kind, and is found by its name.

A reader gets an open file and yields what is in it, in its order: nothing is run, fetched or written. It may
meet anything, so it runs in a process of its own (runtime/knowledge/reader) and imports what it needs there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

from runtime.lang import Text
from runtime.plugins import Registry

Why = Literal[
    "empty",
    "no_text",
    "unknown",
    "old",
    "encrypted",
    "broken",
    "bomb",
    "scanned",
    "unseen",
    "pictures",
    "pixels",
    "too_long",
    "too_many",
    "memory",
    "time",
    "died",
    "model",
    "missing",
    "too_large",
    "no_file",
    "disk",
    "web",
    "listed",
]
"""Why something could not be read; the sentences are in runtime/knowledge/sources/unread.py."""


@dataclass(frozen=True)
class Section:
    """A stretch of text under its headings, the highest first. `page` counts from 1, where there are any."""

    text: str
    headings: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True)
class Pair:
    """A row of a question–answer table: the wordings of one question, and what is answered."""

    questions: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Scan:
    """A page or picture without text, as a JPEG for a model that sees. `within`: a number of its own, above
    0, when it stands in a text under `headings`."""

    picture: bytes = field(repr=False)
    page: int | None = None
    headings: tuple[str, ...] = ()
    within: int = 0

    @property
    def place(self) -> int:
        """By which it is told from others of its file."""
        return -self.within if self.within else self.page or 0

    def seen(self, text: str) -> Section:
        """What somebody saw on it."""
        told = f"{PICTURE}\n{text}" if self.within and text else text
        return Section(told, self.headings, self.page)


@dataclass(frozen=True)
class At:
    """The page that is read next, and how many there are."""

    page: int
    of: int


@dataclass(frozen=True)
class Unread:
    """What could not be read: all of it, or one page. `detail`: a name or number for the sentence."""

    why: Why
    page: int | None = None
    detail: str = ""


Item = Section | Pair | Scan | At | Unread


class NotRead(Exception):
    """The rest of the file cannot be read, for that reason."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why} {detail}")
        self.why: Why = why
        self.detail = detail


@dataclass(frozen=True)
class Given:
    """What is to be read. `ending`: of the name it was given, in small letters and without a dot; it decides
    nothing that the content decides. `first`: the page to begin with; `skip`: pages that nobody could read.
    `scans`: whether pages without text are wanted as pictures."""

    file: BinaryIO
    head: bytes
    size: int
    ending: str = ""
    first: int = 1
    skip: frozenset[int] = frozenset()
    scans: bool = False


NOTES = "演讲者备注"
"""What a speaker's notes stand under: nobody takes them for what the slide shows."""
PICTURE = "[图片]"
"""How the words of a picture in a text begin."""
HEAD = 64 * 1024
"""Bytes of a file by which its kind is told."""


@dataclass(frozen=True)
class Kind:
    """One kind of source. `rank`: who is asked first whether it is his, the lowest; text is asked last."""

    title: Text
    endings: tuple[str, ...]
    rank: int
    is_it: Callable[[Given], bool]
    read: Callable[[Given], Iterator[Item]]
    shown: Callable[[Given], Scan] | None = None
    """Its page `first` as a person sees it; None where there are no pages to look at. Raises NotRead."""


kinds = Registry[Kind]("runtime.knowledge.reading", "KIND")


def kind_of(given: Given) -> str:
    """The name of its kind. Raises NotRead when it is none of ours."""
    if not given.size:
        raise NotRead("empty")
    for name, kind in sorted(kinds().items(), key=lambda one: one[1].rank):
        if kind.is_it(given):
            return name
    raise NotRead("unknown", given.ending)
