"""Bases are kept up to date by a process of its own, which this one starts when there is something to do."""

import asyncio
import contextlib
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from runtime.child_process import gone
from runtime.errors import HongyanError
from runtime.knowledge.index import vectors
from runtime.knowledge.index.index import Index
from runtime.knowledge.reading import Unread
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.indexing import MUCH_LATER, again_at
from runtime.knowledge.sources.web import AGAIN, next_fetch
from runtime.knowledge.sources.work import Work

FIRST = 2.0
"""Seconds after the start: pages are shown first."""
LOOK = 2.0
"""Seconds between two looks at whether something changed."""
REST = 30.0
"""Seconds after a run that failed, or that left something as it was."""
AT_ONCE = 2
"""Bases: one that takes hours must not hold up another."""
LINE = 2000
STILL = 1800.0
"""Seconds of a run in which nothing is written: then it waits for a disk, a network or a reader that is gone.
No model, page or document has half as long."""
LOOKS = 30
"""At what is written, in that time: a machine that slept was not looked at meanwhile."""
NEVER = float("inf")

Signature = tuple[object, ...]
"""By which it is told that a base changed, without reading anything of it."""

log = logging.getLogger(__name__)


class Upkeep:
    """`program`: what is run to index one base, whose id comes last."""

    def __init__(
        self,
        bases: Bases,
        home: Path,
        program: Sequence[str],
        clock: Callable[[], float] = time.time,
        still: float = STILL,
    ) -> None:
        self._bases, self._home, self._program, self._clock = bases, home, program, clock
        self._still = still
        self._settled: dict[str, tuple[Signature, float]] = {}
        """By base, what it was when all was done, and when something is due by the clock."""
        self._running: dict[str, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(AT_ONCE)
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self, id: str) -> None:
        """Somebody changed a base and waits for it. From any thread; whichever process works sees it.

        Raises NotSaved.
        """
        self._bases.touch(id)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._woken.set)

    async def run(self, is_ours: Callable[[], bool]) -> None:
        """For as long as the program runs. `is_ours`: whether this process is the one that works."""
        self._loop = asyncio.get_running_loop()
        try:
            await self._rest(FIRST)
            while True:
                for id in await asyncio.to_thread(self._due) if is_ours() else ():
                    if id not in self._running:
                        self._running[id] = asyncio.create_task(self._keep(id))
                await self._rest(LOOK)
        finally:
            left = list(self._running.values())
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def look(self) -> None:
        """Once over all bases."""
        await asyncio.gather(*(self._keep(id) for id in await asyncio.to_thread(self._due)))

    async def _keep(self, id: str) -> None:
        """One base up to date."""
        try:
            async with self._places:
                before = await asyncio.to_thread(self._signature, id)
                done = await self._index(id)
                after = await asyncio.to_thread(self._signature, id)
                next_time = await asyncio.to_thread(self._next, id) if done else self._clock() + REST
            # What changed meanwhile may not have been seen: it is looked at once more.
            self._settled[id] = (before if done else after, next_time)
        except TimeoutError:
            rest = await asyncio.to_thread(self._stopped, id)
            self._settled[id] = (await asyncio.to_thread(self._signature, id), self._clock() + rest)
        except OSError as e:
            log.error("%s cannot be indexed: %s", id, e)
            self._settled[id] = (await asyncio.to_thread(self._signature, id), self._clock() + REST)
        finally:
            self._running.pop(id, None)

    def _due(self) -> list[str]:
        now, found = self._clock(), []
        for base in self._bases.listing().bases:
            settled, when = self._settled.get(base.id, ((), NEVER))
            if settled != self._signature(base.id) or now >= when:
                found.append(base.id)
        return found

    def _signature(self, id: str) -> Signature:
        folder = self._bases.folder(id)
        files: list[object] = []
        with contextlib.suppress(OSError):
            files.append((folder / "base.json").stat().st_mtime_ns)
            with os.scandir(folder / "sources") as there:
                for one in there:
                    if not one.name.startswith("."):
                        about = one.stat(follow_symlinks=False)
                        files.append((one.name, about.st_size, about.st_mtime_ns))
        return (self._bases.index(id).exists(), *sorted(map(str, files)))

    def _next(self, id: str) -> float:
        """When a page is to be fetched again, the disk asked again, or a model for vectors."""
        try:
            base = self._bases.get(id)
            if not base.sources or not self._bases.work(id).exists():
                return NEVER
            with closing(Work(self._bases.work(id))) as work:
                fetches, states = work.fetches(), work.all()
            lacks = base.embedding != vectors.NONE and self._lacks_vectors(id)
        except HongyanError as e:
            log.warning("%s cannot be looked after: %s", id, e.text.en)
            return self._clock() + REST
        times = [self._clock() + AGAIN if lacks else NEVER]
        for source in base.sources:
            at, wrong = fetches.get(source.file, (0.0, None))
            if source.address:
                times.append(next_fetch(source, at, wrong, self._clock()))
            if state := states.get(source.file):
                times.append(again_at(state, self._clock()))
        return max(min(times), self._clock() + REST)

    def _lacks_vectors(self, id: str) -> bool:
        """Raises StoreFailed, NotSaved."""
        if not self._bases.index(id).exists():
            return False
        with closing(Index(self._bases.index(id))) as index:
            return vectors.lacking(index) > 0

    async def _index(self, id: str) -> bool:
        """Whether it came to its end. Raises TimeoutError where it stands still."""
        process = await asyncio.create_subprocess_exec(
            *self._program, id, env={**os.environ, "HONGYAN_HOME": str(self._home)},
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        ending = asyncio.create_task(_ended(id, process))
        try:
            seen, looks = self._written(id), 0
            while not (await asyncio.wait({ending}, timeout=self._still / LOOKS))[0]:
                before, seen = seen, await asyncio.to_thread(self._written, id)
                looks = looks + 1 if seen == before else 0
                if looks >= LOOKS:
                    raise TimeoutError
            return ending.result()
        except ValueError:  # a line without an end
            return False
        finally:
            ending.cancel()
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await gone(process)

    def _written(self, id: str) -> Signature:
        """By which it is told that a run goes on: all that it does is noted in one of these."""
        found: list[object] = []
        for path in (self._bases.work(id), self._bases.index(id)):
            for one in (path, path.with_name(f"{path.name}-wal")):
                with contextlib.suppress(OSError):
                    about = one.stat()
                    found.append((one.name, about.st_size, about.st_mtime_ns))
        return tuple(found)

    def _stopped(self, id: str) -> float:
        """What it stood still at is left out from now on, and said beside it; after how many seconds the rest
        is gone on with."""
        stuck: list[str] = []
        try:
            with closing(Work(self._bases.work(id))) as work:
                stuck = [file for file, one in work.all().items() if one.state == "reading"]
                for file in stuck:
                    work.end(file, "failed", [Unread("time")], 0, 0, self._clock())
        except HongyanError as e:
            log.error("%s", e.text.en)
        at = stuck or "no file"
        log.error("%s: indexing stood still for %g s at %s; it was ended", id, self._still, at)
        return REST if stuck else MUCH_LATER

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._woken.clear()


async def _ended(id: str, process: asyncio.subprocess.Process) -> bool:
    """Whether it did what it was to do. Raises ValueError."""
    assert process.stderr is not None
    while line := await process.stderr.readline():
        log.warning("%s: %s", id, line[:LINE].decode("utf-8", "replace").rstrip())
    return await process.wait() == 0


def usual_program(checkout: Path) -> tuple[str, ...]:
    """Ends with this process."""
    return sys.executable, str(checkout / "app.py"), "knowledge", "index", "--under", str(os.getpid())
