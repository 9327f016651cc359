"""A document in words: read once, in a process of its own, and remembered beside the file."""

import asyncio
import base64
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime import wellformed
from runtime.errors import NotSaved
from runtime.knowledge.reading import At, Pair, Scan, Section, Unread
from runtime.knowledge.sources.reading_process import Bounds, KindIs, read
from runtime.knowledge.sources.unread import said
from runtime.lang import Text, joined, stored
from runtime.media.kept import KeptMedia
from runtime.senses.seeing import Picture
from runtime.turn.events import Sensed

log = logging.getLogger(__name__)

BOUNDS = Bounds(silent=20.0, cpu=60, memory=512 << 20, largest=50 << 20)
SECONDS = 90.0
"""For one file, with the pages that a model has to look at."""
AT_ONCE = 2
"""Files that are read at the same time."""
MOST_CHARACTERS = 400_000
"""Of one file that are remembered: a novel."""
MOST_SCANS = 8
"""Pages without text that a model looks at."""
MOST_TOLD = 3
"""Reasons why something could not be read, that are told."""
ABOUT = "read-1"

See = Callable[[Picture], Coroutine[Any, Any, Sensed]]
"""A picture in words."""


@dataclass
class Document:
    """What is in a file. `pages`: how many it has, where it has pages."""

    sections: list[Section] = field(default_factory=list)
    pages: int | None = None
    unread: list[Text] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "sections": [[one.text, list(one.headings), one.page] for one in self.sections],
            "pages": self.pages,
            "unread": [why.by_language() for why in self.unread],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Document":
        sections = [Section(text, tuple(headings), page) for text, headings, page in data["sections"]]
        return cls(sections, data["pages"], [stored(why) for why in data["unread"]])

    @property
    def why(self) -> Text:
        return joined(self.unread[:MOST_TOLD], Text("", " "))


class Reading:
    """Used on one event loop."""

    def __init__(self, kept: KeptMedia) -> None:
        self._kept = kept
        self._places = asyncio.Semaphore(AT_ONCE)

    async def known(self, hash: str) -> Document | None:
        """What an earlier reading came to."""
        note = await self._kept.note(hash, ABOUT)
        return Document.from_json(note) if note else None

    async def read(self, hash: str, name: str, see: See | None) -> tuple[Document, Sequence[Sensed]]:
        """What is in a kept file, and what models saw in it. Nothing is raised for what it holds."""
        if known := await self.known(hash):
            return known, ()
        document, sensed = Document(), list[Sensed]()
        try:
            async with self._places, asyncio.timeout(SECONDS):
                await self._read(hash, name, see, document, sensed)
        except TimeoutError:
            document.unread.append(said(Unread("time")))
        except OSError as e:
            log.warning("a file that came cannot be read: %s", e)
            document.unread.append(said(Unread("missing")))
            return document, sensed
        try:
            await self._kept.keep_note(hash, ABOUT, document.to_json())
        except NotSaved as e:
            log.warning("what is in a file is not remembered: %s", e.text.en)
        return document, sensed

    async def _read(
        self, hash: str, name: str, see: See | None, document: Document, sensed: list[Sensed]
    ) -> None:
        left, ending = MOST_CHARACTERS, name.rpartition(".")[2]
        file = await self._kept.where(hash)
        items = read(file, ending, scans=see is not None, bounds=BOUNDS)
        try:
            async for item in items:
                section = await self._section(item, see, document, sensed)
                if section is None:
                    continue
                document.sections.append(Section(section.text[:left], section.headings, section.page))
                left -= len(section.text)
                if left <= 0:
                    document.unread.append(said(Unread("too_long")))
                    return
        finally:
            await items.aclose()

    async def _section(
        self, item: Any, see: See | None, document: Document, sensed: list[Sensed]
    ) -> Section | None:
        """What is to be kept of it, if anything is."""
        match item:
            case Section():
                return item
            case Pair():
                return Section(" / ".join(item.questions) + "\n" + item.answer)
            case At():
                document.pages = item.of
            case Unread():
                document.unread.append(said(item))
            case Scan() if see and len(sensed) < MOST_SCANS:
                data = base64.b64encode(item.picture).decode()
                seen = await see(Picture(f"data:image/jpeg;base64,{data}"))
                sensed.append(seen)
                if not seen.failed:
                    return item.seen(wellformed.text(seen.text))
                document.unread.append(said(Unread("model", item.page, seen.why.en[:100])))
            case Scan():
                document.unread.append(said(Unread("too_many", item.page)))
            case KindIs():
                return None
        return None
