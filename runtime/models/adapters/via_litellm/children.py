"""The process that runs litellm now: started when first needed, replaced when it dies or has grown."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence

from runtime.child_process import Seen
from runtime.log_id import outliving
from runtime.models.adapters.via_litellm.child import Child, ChildDied

MOST_QUESTIONS = 20_000
MOST_MEMORY = 640 << 20
"""Bytes. Either is reached: the next one is started, and takes over when it is ready."""
HARMFUL_MEMORY = 1536 << 20
"""Bytes at which it is ended at once, before the machine runs out."""
LOOK = 1.0
"""Seconds between two looks at its memory."""
PAUSES = (0.0, 0.5, 2.0)
"""Seconds before each try to start one."""

log = logging.getLogger("litellm")


class Children:
    """Used on one event loop."""

    def __init__(
        self,
        start: Callable[[], Awaitable[Child]],
        *,
        most_questions: int = MOST_QUESTIONS,
        most_memory: int = MOST_MEMORY,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._start, self._pauses = start, pauses
        self._most_questions, self._most_memory = most_questions, most_memory
        self._current: Child | None = None
        self._coming: asyncio.Task[Child] | None = None
        self._keepers: dict[asyncio.Task[None], Child] = {}
        self._starts = 0

    @property
    def pid(self) -> int | None:
        """Of the one that takes questions."""
        return self._current.pid if self._current else None

    @property
    def seen(self) -> Seen:
        return Seen(self._current is not None, self._starts)

    async def take(self) -> Child:
        """The one that takes the next question. Raises ChildDied when none can be started."""
        current = self._current
        if current is None or current.ended.is_set():
            # Who waits may give up; the others, and the next one, want it all the same.
            return await asyncio.shield(self._next())
        if current.asked >= self._most_questions or current.memory() > self._most_memory:
            self._next()
        return current

    async def close(self) -> None:
        if self._coming:
            self._coming.cancel()
            with contextlib.suppress(asyncio.CancelledError, ChildDied):
                await self._coming
        keepers = dict(self._keepers)
        for task in keepers:
            task.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
        for child in keepers.values():
            await child.close()
        self._current = self._coming = None

    def _next(self) -> "asyncio.Task[Child]":
        if self._coming is None or self._coming.done():
            self._coming = outliving(self._begin())
            # Of a failure whoever waits is told; while one still works, nobody waits.
            self._coming.add_done_callback(_looked_at)
        return self._coming

    async def _begin(self) -> Child:
        for pause in self._pauses:
            await asyncio.sleep(pause)
            self._starts += 1
            try:
                child = await self._start()
            except (ChildDied, OSError) as e:
                log.warning("litellm's process could not be started (%s)", type(e).__name__)
                continue
            self._current = child
            keeper = outliving(self._keep(child))
            self._keepers[keeper] = child
            keeper.add_done_callback(lambda task: self._keepers.pop(task, None))
            return child
        raise ChildDied

    async def _keep(self, child: Child) -> None:
        """Until it dies, or another took its place and it has answered what it was asked."""
        while not child.ended.is_set() and (child is self._current or child.busy):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(child.ended.wait(), LOOK)
            if child.memory() > HARMFUL_MEMORY:
                log.error("litellm's process has %d MB; it is ended", child.memory() >> 20)
                child.kill()
        if child is self._current:
            self._current = None
            log.warning("litellm's process ended; another one is started when somebody asks")
        await child.close()


def _looked_at(task: asyncio.Task[Child]) -> None:
    if not task.cancelled():
        task.exception()
