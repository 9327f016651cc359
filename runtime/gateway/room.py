"""How much may run and wait at once, so that overload is told and not suffered."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from runtime.gateway.surfaces import Surface
from runtime.newest import Newest

FEW = 3
"""Messages that are being stored at the same moment. More than that: the event loop is behind."""

PUBLICATIONS = 1000
"""Whose turns are counted apart."""

PAUSE = 0.02
"""Seconds between two turns that begin while it is behind: fifty a second do all the same."""


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
    """First come, first served; a person has one turn at a time, so nobody crowds out others.

    A platform waits 5 s for an acknowledgement and a person much longer for an answer: in a rush, messages
    are stored first, and turns begin as that leaves time. What is begun never waits: a death between the
    model's answer and its record would be paid for.
    """

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._all = asyncio.Semaphore(bounds.running)
        self._agents = Newest[str, asyncio.Semaphore](PUBLICATIONS)
        self._arriving = 0
        self._beginning: deque[asyncio.Future[None]] = deque()
        self._next: asyncio.Handle | None = None

    @contextmanager
    def arrival(self) -> Iterator[None]:
        """While a message is being stored."""
        self._arriving += 1
        try:
            yield
        finally:
            self._arriving -= 1
            if self._arriving == FEW and self._next:
                self._next.cancel()
                self._schedule()

    @asynccontextmanager
    async def turn(self, surface: Surface) -> AsyncIterator[None]:
        """Wait for a place and hold it."""
        most = self.bounds.running_per_agent
        async with self._agents.of(surface.id, lambda: asyncio.Semaphore(most)), self._all:
            await self._after_arrivals()
            yield

    async def _after_arrivals(self) -> None:
        if self._arriving <= FEW and not self._beginning:
            return
        mine = asyncio.get_running_loop().create_future()
        self._beginning.append(mine)
        if self._next is None:
            self._schedule()
        await mine

    def _schedule(self) -> None:
        """One begins each time the event loop comes round; while it is behind, one each PAUSE."""
        loop = asyncio.get_running_loop()
        if self._arriving <= FEW:
            self._next = loop.call_soon(self._begin_one)
        else:
            self._next = loop.call_later(PAUSE, self._begin_one)

    def _begin_one(self) -> None:
        self._next = None
        while self._beginning:
            first = self._beginning.popleft()
            if not first.done():  # whoever waited may have been cancelled
                first.set_result(None)
                break
        if self._beginning:
            self._schedule()
