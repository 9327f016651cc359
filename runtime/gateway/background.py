"""What goes on beside the answering of a request."""

import asyncio
import functools
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from runtime.errors import HongyanError

log = logging.getLogger(__name__)

AGAIN = 5.0
"""Seconds after which what failed and must go on is begun anew."""
UNHEARD = 3.0
"""Seconds after which a task that was told to end is told once more."""

Watch = Callable[[], Coroutine[Any, Any, None]]


class Background:
    """Keeps tasks alive, since asyncio itself holds only weak references, and ends them at a stop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_over = False
        """It was told to end: what begins now would be left behind."""

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def keep(self, watch: Watch) -> asyncio.Task[None]:
        """Begun anew whenever it fails: of a watch that is gone nobody would know until the next start."""
        return self.start(_kept(watch))

    async def end(self, within: float = 0) -> None:
        """Let the tasks end, for so many seconds; then cut them off."""
        self.is_over = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within)
            waiting = late
            while waiting:
                for task in waiting:
                    task.cancel()
                # wait_for, in Python 3.11, loses a cancellation that comes together with what it waits for
                _, waiting = await asyncio.wait(waiting, timeout=UNHEARD)
            await asyncio.gather(*late, return_exceptions=True)


async def _kept(watch: Watch) -> None:
    while True:
        try:
            return await watch()
        except HongyanError as e:  # a disk that refuses for a while
            log.error("%s failed and is begun anew: %s", _name(watch), e.text.en)
        except Exception:  # a bug of ours: the others go on, and this one too
            log.exception("%s failed and is begun anew", _name(watch))
        await asyncio.sleep(AGAIN)


def _name(watch: Watch) -> str:
    work = watch.func if isinstance(watch, functools.partial) else watch
    return getattr(work, "__qualname__", "?")
