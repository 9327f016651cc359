"""What was found in one source, on its way to passages; at pages without text a model looks meanwhile."""

import asyncio
from collections.abc import Callable, Sequence

from runtime.errors import ModelFailed
from runtime.knowledge.cutting import Cutter, cut
from runtime.knowledge.passage import Passage
from runtime.knowledge.reading import Pair, Scan, Section, Unread
from runtime.knowledge.sources.base import Base
from runtime.knowledge.sources.pictures import Sees
from runtime.knowledge.sources.work import Work

AT_ONCE = 4
"""Pages that are looked at side by side."""
MOST_SCANS = 2000
OFTEN = 0.5
"""Seconds between two looks whether it is still wanted."""
GIVES_UP = 5
"""Pages one after another that the model did not read; then it is not asked for more."""


class Found:
    def __init__(self, base: Base, sees: Sees | None, model: str, work: Work, file: str, digest: str) -> None:
        self._base, self._sees, self._model = base, sees, model
        self._work, self._file, self._digest = work, file, digest
        self._held: list[Section | Pair | asyncio.Task[Section | None]] = []
        self._room = asyncio.Semaphore(AT_ONCE)
        self._seen = work.seen(file, digest)
        self._scans = self._in_vain = 0
        self.unread: list[Unread] = []
        self.cost = 0.0

    def add(self, item: Section | Pair | Unread) -> None:
        if isinstance(item, Unread):
            self.unread.append(item)
        else:
            self._held.append(item)

    async def see(self, scan: Scan) -> None:
        """Begin to look at a page, once there is room. What was seen before is not paid for again."""
        self._scans += 1
        if self._scans > MOST_SCANS:
            if self._scans == MOST_SCANS + 1:
                self.unread.append(Unread("too_many", scan.page))
            return
        if (known := self._seen.get(scan.place)) is not None:
            self.cost += known[1]
            self._held.append(scan.seen(known[0]))
            return
        await self._room.acquire()
        self._held.append(asyncio.create_task(self._look(scan)))

    async def give_up(self) -> None:
        """It is no longer wanted."""
        tasks = [one for one in self._held if isinstance(one, asyncio.Task)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def passages(self, is_wanted: Callable[[], bool]) -> list[Passage] | None:
        """All of it, in its order, once each page was looked at; None when it is wanted no longer."""
        looking = {one for one in self._held if isinstance(one, asyncio.Task)}
        while looking:
            _, looking = await asyncio.wait(looking, timeout=OFTEN)
            if not is_wanted():
                await self.give_up()
                return None
        items = [one.result() if isinstance(one, asyncio.Task) else one for one in self._held]
        self.unread.sort(key=lambda one: one.page or 0)
        return passages([one for one in items if one is not None], self._base.splitting.longest)

    async def _look(self, scan: Scan) -> Section | None:
        try:
            if self._sees is None or not self._model or self._in_vain >= GIVES_UP:
                self.unread.append(Unread("scanned" if scan.page else "unseen", scan.page))
                return None
            seen = await self._sees.see(self._model, scan.picture)
            self._in_vain = 0
            self.cost += seen.cost or 0.0
            await asyncio.to_thread(
                self._work.see, self._file, self._digest, scan.place, seen.text, seen.cost
            )
            return scan.seen(seen.text)
        except ModelFailed as e:
            self._in_vain += 1
            self.unread.append(Unread("model", scan.page, e.code or "?"))
            return None
        finally:
            self._room.release()


def passages(items: Sequence[Section | Pair], longest: int) -> list[Passage]:
    """Pages go on from one to the next; what has headings of its own is cut by itself."""
    found: list[Passage] = []
    pages: Cutter | None = None
    for item in items:
        if isinstance(item, Section) and not item.headings:
            pages = pages or Cutter(longest=longest)
            found += pages.cut(item.text, item.page)
            continue
        if pages is not None:
            found += pages.end()
            pages = None
        if isinstance(item, Pair):
            found += [Passage(question, answer=item.answer) for question in item.questions]
        else:
            found += cut(item.text, item.headings, item.page, longest)
    return [*found, *(pages.end() if pages else ())]
