"""Streams and WebSockets may stay open for hours; they end when the right to them does, and at a stop."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

EVERY = 2.0
"""Seconds between two looks."""
PATIENCE = 1.0
"""Seconds that a cancelled request gets to clean up; what it still does then reaches nobody."""


class Stop:
    """Told once, when the program is asked to stop: whatever only listens ends at once, work goes on."""

    def __init__(self) -> None:
        self._open: set[asyncio.Task[None]] = set()
        self.is_near = False

    def now(self) -> None:
        """Call it on the event loop."""
        self.is_near = True
        for task in self._open:
            task.cancel()

    def listens(self, task: "asyncio.Task[None]") -> None:
        """That one may be cut off."""
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        if self.is_near:
            task.cancel()


async def while_live(
    work: Coroutine[Any, Any, None],
    is_live: Callable[[], bool],
    stop: Stop | None = None,
    *,
    every: float = EVERY,
) -> bool:
    """Serve until it is done, or `is_live` no longer says so; whether it came to its end.

    `stop`: given for who only listens; None for work that is finished before a stop.
    """
    task = asyncio.ensure_future(work)
    if stop is not None:
        stop.listens(task)
    watched = _Watched(task, is_live, every)
    try:
        await watched.over
    finally:
        watched.end()
    if watched.is_cut or task.cancelled():
        return False
    task.result()
    return True


class _Watched:
    """A timer and a future, since thousands are open at a time: asyncio.wait takes 1.5 kB of each."""

    __slots__ = ("_every", "_is_live", "_task", "_timer", "is_cut", "over")

    def __init__(self, task: "asyncio.Task[None]", is_live: Callable[[], bool], every: float) -> None:
        loop = asyncio.get_running_loop()
        self._task, self._is_live, self._every = task, is_live, every
        self.over: asyncio.Future[None] = loop.create_future()
        """Done with the work, or when it may not go on and had its time to clean up."""
        self.is_cut = False
        self._timer = loop.call_later(every, self._look)
        task.add_done_callback(self._done)

    def end(self) -> None:
        self._timer.cancel()
        self._task.cancel()

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            if self._is_live():
                self._timer = loop.call_later(self._every, self._look)
                return
        except Exception as e:  # noqa: BLE001 # whoever waits is told, as if they had looked themselves
            self.over.set_exception(e)
            return
        self.is_cut = True
        self._task.cancel()
        self._timer = loop.call_later(PATIENCE, self._done, self._task)

    def _done(self, _: "asyncio.Task[None]") -> None:
        if not self.over.done():
            self.over.set_result(None)
