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
    try:
        while not (await asyncio.wait({task}, timeout=every))[0]:
            if not is_live():
                task.cancel()
                await asyncio.wait({task}, timeout=PATIENCE)
                return False
        if task.cancelled():
            return False
        task.result()
    finally:
        task.cancel()
    return True
