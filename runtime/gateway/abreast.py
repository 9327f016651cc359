"""Turns that run side by side on one budget: no more of them than what is left of it will last for.

What a turn takes is known at its end. Fifty that begin at once would all find the same budget unspent;
near its end they go one after the other instead, each with what those before it have left.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from runtime.caps import Cap, Sum
from runtime.newest import Newest

FIRST = Sum(tokens=20_000, cost=0.2, messages=1)
"""What a turn is taken to need before one of its agent has ended: much, but no whole budget."""
TINY = 1e-9
"""By which shares of a whole may differ that are alike."""
AGENTS = 2_000
"""Whose usual turn is remembered."""


@dataclass(frozen=True)
class Bound:
    """What a person, an agent, a key or all together may take of a day. `like`: those whose turns tell what
    one takes of it; `spent`: what was taken by now."""

    kind: str
    name: str
    like: str
    cap: Cap
    spent: Callable[[], Sum]

    @property
    def key(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def usual(self) -> str:
        return f"{self.kind} of {self.like}"

    def left(self) -> float:
        return self.cap.left(self.spent())


async def nothing() -> None:
    """What is known is known."""


class Abreast:
    """Used on one event loop."""

    def __init__(self) -> None:
        self._running: Counter[str] = Counter()
        self._usual: Newest[str, float] = Newest(AGENTS)
        self._ended = asyncio.Event()

    @contextlib.asynccontextmanager
    async def turn(
        self, bounds: Sequence[Bound], fresh: Callable[[], Awaitable[None]] = nothing
    ) -> AsyncIterator[None]:
        """Waits while the turns that run will have taken all that is left. `fresh` reads what others took
        elsewhere: each time before that is looked at, so that nothing comes between."""
        await fresh()
        while any(map(self._is_taken, bounds)):
            await self._ended.wait()
            await fresh()
        keys = [bound.key for bound in bounds]
        self._running.update(keys)
        try:
            yield
        finally:
            self._running.subtract(keys)
            self._running += Counter()  # without those at 0
            self._ended.set()
            self._ended = asyncio.Event()

    def took(self, usual: str, share: float) -> None:
        """What a turn took of such a budget."""
        self._usual[usual] = max(share, (self._usual.get(usual, share) + share) / 2)

    def _is_taken(self, bound: Bound) -> bool:
        running, left = self._running[bound.key], bound.left()
        usual = self._usual.get(bound.usual, bound.cap.share(FIRST))
        return bool(running) and left > 0 and running * usual >= left - TINY
