"""Sleep until a moment of the wall clock, which may be set meanwhile, or until something changed."""

import asyncio
import contextlib
from collections.abc import Callable

LOOK = 2.0
"""Seconds between two looks: the clock may have been set, or another process have written something."""


class Alarm:
    """`clock`: seconds since 1970."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Something is due, or may be."""
        self._rung.set()

    async def wait(self, until: float | None = None) -> None:
        """Until then, until it rings, or for one look."""
        left = LOOK if until is None else min(LOOK, max(0.0, until - self._clock()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), left)
        self._rung.clear()
