"""One timer for all that is to be done at a time: what waits for it costs a row, and nothing in memory."""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from runtime.errors import HongyanError

log = logging.getLogger(__name__)

LOOK = 5.0
"""Seconds between two looks at most: another process may have put something there, and the clock of the
machine may have been set."""


class Due(Protocol):
    """Something that is done at times, found by an index."""

    async def run_due(self, now: float) -> float | None:
        """Do what is due, and say when the next is: seconds since 1970. Raises HongyanError: tried again."""
        ...


class Alarm:
    """Rings in the process that works on messages; what was missed while it was stopped, at its start."""

    def __init__(self, clock: Callable[[], float], look: float = LOOK) -> None:
        self._clock = clock
        self._look = look
        self._sources: list[Due] = []
        self._woken = asyncio.Event()

    def add(self, source: Due) -> None:
        self._sources.append(source)

    def wake(self) -> None:
        """Something was put there that may be due before the next look."""
        self._woken.set()

    async def watch(self) -> None:
        """For as long as the gateway runs."""
        while True:
            self._woken.clear()
            seconds = self._look
            for source in self._sources:
                seconds = min(seconds, await self._ring(source))
            try:
                await asyncio.wait_for(self._woken.wait(), max(0.01, seconds))
            except TimeoutError:
                continue

    async def _ring(self, source: Due) -> float:
        """Seconds until it is to be asked again."""
        try:
            due = await source.run_due(self._clock())
        except HongyanError as e:
            log.error("what is due waits: %s", e.text.en)
            return self._look
        except Exception:  # a bug of one must not keep the others from their time
            log.exception("what is due cannot be done")
            return self._look
        return self._look if due is None else due - self._clock()
