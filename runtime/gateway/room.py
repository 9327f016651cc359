"""How much may run and wait at once, so that overload is told and not suffered."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from runtime.gateway.surfaces import Surface


@dataclass(frozen=True)
class Bounds:
    """Numbers of turns and messages."""

    running: int = 1500
    """Turns that run at once in all."""
    running_per_agent: int = 1000
    """…and of one publication, so that one busy agent leaves room for the others."""
    waiting: int = 10_000
    """Messages that are accepted and not answered yet."""
    waiting_per_person: int = 20


class Room:
    """First come, first served; a person has one turn at a time, so nobody crowds out others."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._all = asyncio.Semaphore(bounds.running)
        self._agents: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(bounds.running_per_agent)
        )

    @asynccontextmanager
    async def turn(self, surface: Surface) -> AsyncIterator[None]:
        """Wait for a place and hold it."""
        async with self._agents[surface.id], self._all:
            yield
