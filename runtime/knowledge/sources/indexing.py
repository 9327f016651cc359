"""Bring the sources of a base into its index: each alone, only what changed, and goes on after a kill."""

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from runtime.errors import NotSaved, StoreFailed, Unreadable
from runtime.knowledge.index.index import Corrected, Index
from runtime.knowledge.index.rows import Source as InIndex
from runtime.knowledge.reading import At, Pair, Section, Unread
from runtime.knowledge.sources import corrections
from runtime.knowledge.sources.base import Base, Source
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.deleting import drop_files
from runtime.knowledge.sources.found import Found
from runtime.knowledge.sources.pictures import Sees
from runtime.knowledge.sources.reading_process import USUAL, Bounds, KindIs, read
from runtime.knowledge.sources.received import digest_of
from runtime.knowledge.sources.work import Progress, State, Work
from runtime.locks import alone_or_not

SIDE_BY_SIDE = 2
"""Small files that are read at once: most of their time is the start of the process that each has alone."""
SMALL = 1 << 20
"""Bytes; what is larger is read alone, as two could want all memory."""
READERS = 2
"""Of what is read and cut: with another number everything is read anew."""
OFTEN = 0.3
"""Seconds between two notes of where a source is, and two looks whether it is still wanted."""
LATER = 60.0
"""Seconds after which is tried again what the disk refused."""
MUCH_LATER = 3600.0
"""Seconds after which is tried again what a model did not do for a reason that passes."""
PASSING = frozenset({"quota", "rate_limit", "connection", "server", "timeout"})
WAITS = 0.5
SITEMAP = "sitemap"
"""The kind that has no text of its own."""
UNSEEN = ("scanned", "unseen", "pictures")
"""Why something was not read that a model could read."""

log = logging.getLogger(__name__)

Tell = Callable[[Source, Progress], None]
Indexed = InIndex | None
Then = Callable[[Base, Index], Awaitable[None]]
"""What is done with an index whose sources are all in it, such as what its vectors lack."""


def unheard(source: Source, progress: Progress) -> None:
    """Nobody asks how it goes."""


async def nothing_more(base: Base, index: Index) -> None:
    """The index is whole as it is."""


class Indexing:
    """Used on one event loop. `sees`: who reads pictures, if anybody does; `usual`: by which model when a
    base names none."""

    def __init__(
        self,
        bases: Bases,
        sees: Sees | None = None,
        *,
        usual: str = "",
        then: Then = nothing_more,
        bounds: Bounds = USUAL,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._bases, self._sees, self._usual = bases, sees, usual
        self._then, self._bounds, self._clock = then, bounds, clock

    async def run(self, id: str, tell: Tell = unheard, *, waits: bool = True) -> bool:
        """All that is to be done for a base, once whoever does it already is done; False when that was not
        waited for. Raises NotFound, Unreadable, StoreFailed, NotSaved.
        """
        while True:
            if await self._run(id, tell):
                return True
            if not waits:
                return False
            await asyncio.sleep(WAITS)

    async def _run(self, id: str, tell: Tell) -> bool:
        with ExitStack() as held:
            if not held.enter_context(alone_or_not(self._bases.working(id), here=True)):
                return False
            base = await asyncio.to_thread(self._bases.tended, id)
            index = held.enter_context(closing(Index(self._bases.index(id))))
            work = held.enter_context(closing(Work(self._bases.work(id))))
            await self._without_what_is_gone(base, index, work)
            async for some in self._due(base, index, work):
                async with asyncio.TaskGroup() as reading:
                    done = [reading.create_task(self._one(base, source, index, work)) for source in some]
                for source, progress in zip(some, done, strict=True):
                    tell(source, progress.result())
            await self._then(base, index)
        return True

    async def _due(self, base: Base, index: Index, work: Work) -> AsyncGenerator[Sequence[Source]]:
        """What is to be read, in its order: those in one list at once. Nothing is being read meanwhile."""
        known, indexed = work.all(), {one.name: one for one in index.sources()}
        together: list[Source] = []
        for source in (one for one in base.sources if not one.going):
            await self._without_what_is_gone(await asyncio.to_thread(self._bases.get, base.id), index, work)
            was = known.get(source.file) or Progress(source.file)
            looked_at = await self._looked_at(base, source, was, work)
            if looked_at is None:
                await self._missing(source, was, index, work)
            elif await self._is_due(base, source, looked_at, index, indexed.get(source.file)):
                size, _ = _stamp(self._bases.file(base.id, source)) or (0, 0)
                if size > SMALL and together:
                    yield together
                    together = []
                together.append(source)
                if size > SMALL or len(together) == SIDE_BY_SIDE:
                    yield together
                    together = []
        if together:
            yield together

    async def _without_what_is_gone(self, base: Base, index: Index, work: Work) -> None:
        """Also finishes what a crash left half removed."""
        known = {source.file for source in base.sources if not source.going}
        gone = [name for name in {*index.digests(), *work.all()} if name not in known]
        gone += [source.file for source in base.sources if source.going and source.file not in gone]
        if gone:
            await asyncio.to_thread(drop_files, self._bases, base.id, gone)
            await asyncio.to_thread(index.remove, *gone)
            await asyncio.to_thread(work.forget, *gone)
            try:
                await asyncio.to_thread(corrections.forget, self._bases, base.id, gone)
            except Unreadable as e:
                log.error("%s", e.text.en)
            await asyncio.to_thread(self._bases.forget, base.id, *gone)

    async def _is_due(self, base: Base, source: Source, was: Progress, index: Index, there: Indexed) -> bool:
        """Whether it has to be read: it is new or changed, or was not read to its end."""
        mark = mark_of(was.digest, base)
        if was.mark != mark or not was.is_settled:
            return was.state != "cancelled" or was.mark not in ("", mark)
        if was.state == "done":
            if there is None or there.digest != mark:
                return True
            if (there.title, there.tags) != (source.title, tuple(sorted(set(source.tags)))):
                await asyncio.to_thread(index.retag, source.file, source.tags, source.title)
        if self._clock() >= again_at(was, self._clock()):
            return True
        return self._eyes(base) not in ("", was.sees) and any(one.why in UNSEEN for one in was.unread)

    def _eyes(self, base: Base) -> str:
        """The model that reads pictures; "" for none."""
        return (base.sees or self._usual) if self._sees else ""

    async def _looked_at(self, base: Base, source: Source, was: Progress, work: Work) -> Progress | None:
        """What is known of it, with the digest it has now; None when it is not there. It is read only when it
        was touched."""
        path = self._bases.file(base.id, source)
        stamp = _stamp(path)
        if stamp is None:
            return None
        if was.stamp == stamp and was.digest:
            return was
        digest = await asyncio.to_thread(digest_of, path)
        if digest == was.digest:
            work.stamped(source.file, stamp)
        return replace(was, digest=digest)

    async def _missing(self, source: Source, was: Progress, index: Index, work: Work) -> None:
        """Somebody took its file away: nothing of it is found any more."""
        if was.state == "failed" and not was.mark:
            return
        work.begin(source.file, "", "", (-1, 0), "", self._clock())
        await asyncio.to_thread(index.remove, source.file)
        work.end(source.file, "failed", [Unread("missing")], 0, 0, self._clock())

    def _corrected(self, id: str, file: str) -> Mapping[str, Corrected] | None:
        """What somebody corrected; None when only the index knows."""
        try:
            return corrections.known(self._bases, id, file)
        except Unreadable as e:
            log.error("%s", e.text.en)
            return None

    async def _one(self, base: Base, source: Source, index: Index, work: Work) -> Progress:
        """Read and index one. Whatever happens to it happens to no other."""
        path = self._bases.file(base.id, source)
        sees = self._eyes(base)
        try:
            digest, stamp = await asyncio.to_thread(digest_of, path), _stamp(path) or (-1, 0)
            mark = mark_of(digest, base)
            work.begin(source.file, mark, digest, stamp, sees, self._clock())
            reading = _Reading(source.file, digest, work)
            found = Found(base, self._sees, sees, work, source.file, digest)
            wanted = await reading.all_of(path, source, found, bool(sees), self._bounds)
            passages = await found.passages(partial(reading.is_wanted, path)) if wanted else None
            if passages is not None:
                if not passages and not found.unread and reading.kind != SITEMAP:
                    found.add(Unread("no_text"))
                state: State = "done" if passages or not found.unread else "failed"
                if state == "done":
                    corrected = await asyncio.to_thread(self._corrected, base.id, source.file)
                    work_on = (source.file, mark, source.tags, passages, source.title, corrected)
                    await asyncio.to_thread(index.replace, *work_on)
                elif source.file in index.digests():
                    await asyncio.to_thread(index.remove, source.file)
                work.end(source.file, state, found.unread, len(passages), found.cost, self._clock())
        except (StoreFailed, NotSaved, OSError) as e:
            log.error("%s is not indexed: %s", base.id, e)
            work.end(source.file, "failed", [Unread("disk")], 0, 0, self._clock())
        return work.all().get(source.file) or Progress(source.file)  # whoever removed it forgot it


@dataclass
class _Reading:
    """One source on its way from its file."""

    file: str
    digest: str
    work: Work
    page: int = 0
    pages: int = 0
    kind: str = ""

    async def all_of(self, path: Path, source: Source, found: Found, scans: bool, bounds: Bounds) -> bool:
        """Whether it was wanted to its end."""
        reading = read(path, Path(source.title).suffix[1:] or path.suffix[1:], scans=scans, bounds=bounds)
        noted = 0.0
        try:
            async for item in reading:
                if isinstance(item, At):
                    self.page, self.pages = item.page, item.of
                elif isinstance(item, KindIs):
                    self.kind = item.name
                elif isinstance(item, Section | Pair | Unread):
                    found.add(item)
                else:
                    await found.see(item)
                if time.monotonic() - noted > OFTEN:
                    noted = time.monotonic()
                    if not self.is_wanted(path):
                        await found.give_up()
                        return False
        finally:
            await reading.aclose()
        return self.is_wanted(path)

    def is_wanted(self, path: Path) -> bool:
        """Nobody cancelled it, or removed it."""
        return path.exists() and self.work.goes_on(self.file, self.page, self.pages, self.kind)


def again_at(was: Progress, now: float) -> float:
    """When a source that did not change is worth another try, in seconds since 1970; what was tried by a
    clock that was ahead is, at once."""
    tried = was.at if was.at <= now else 0.0
    whys = {one.why for one in was.unread}
    if was.state == "failed" and "disk" in whys:
        return tried + LATER
    failed = {one.detail for one in was.unread if one.why == "model"}
    return tried + MUCH_LATER if was.is_settled and failed & PASSING else float("inf")


def mark_of(digest: str, base: Base) -> str:
    how = f"{digest} {READERS} {base.splitting.model_dump_json()}"
    return hashlib.sha256(how.encode()).hexdigest()[:40]


def _stamp(path: Path) -> tuple[int, int] | None:
    """Size and time of the last change; None when it is not there."""
    try:
        about = path.lstat()
    except OSError:
        return None
    return about.st_size, about.st_mtime_ns
