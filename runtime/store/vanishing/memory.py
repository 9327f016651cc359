"""For one process: nothing is asked of anybody."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from runtime.newest import Newest
from runtime.store.vanishing import LARGEST, NOTHING, ONCE, Counted, Name, Share
from runtime.store.vanishing.hearing import Ears
from runtime.store.vanishing.pace import Pace

MOST_HELD = 2_000
MOST_ONCE = 20_000
MOST_COUNTED = 50_000
MOST_PACED = 100_000
"""A person has a pace of the minute and one of the day."""


class InMemory:
    """A restart forgets everything."""

    trouble = None

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        """`clock`: seconds; the wall clock may jump, the event loop's own does not."""
        self._given = clock
        self._clock = clock or (lambda: asyncio.get_running_loop().time())
        self._held = Newest[Name, tuple[bytes, float]](MOST_HELD)
        self._once = Newest[Name, tuple[float, float]](MOST_ONCE)
        """The wait, and until when it is the answer."""
        self._counted = Newest[Name, tuple[int, float]](MOST_COUNTED)
        """The sum, and when the window ends."""
        self._pace = Pace(MOST_PACED)
        self._ears = Ears()

    def start(self) -> None:
        self._clock = self._given or asyncio.get_running_loop().time

    async def get(self, name: Name) -> bytes | None:
        value, until = self._held.get(name, (None, 0.0))
        return value if until > self._clock() else None

    async def put(self, name: Name, value: bytes, seconds: float) -> None:
        now = self._clock()
        self._held.forget(lambda its: its[1] <= now)
        self._held.pop(name, None)
        if len(value) <= LARGEST:
            self._held[name] = value, now + seconds

    async def drop(self, name: Name) -> None:
        self._held.pop(name, None)
        self._counted.pop(name, None)
        self._pace.drop(name)

    async def count(self, name: Name, seconds: float, amount: int = 1) -> Counted:
        now = self._clock()
        self._counted.forget(lambda its: its[1] <= now)
        total, ends = self._counted.get(name, (0, 0.0))
        if ends <= now:
            total, ends = 0, now + seconds
        if total + amount == 0:
            return NOTHING
        self._counted[name] = total + amount, ends
        return Counted(total + amount, ends - now)

    async def take(self, *shares: Share, once: Name = ()) -> float:
        now = self._clock()
        if once and (known := self._once.get(once)) and known[1] > now:
            return known[0]
        wait = 0.0
        for one in shares:
            if wait := self._pace.take(one.name, one.most, one.seconds, now, one.size):
                break
        if once:
            self._once.forget(lambda its: its[1] <= now)
            self._once[once] = wait, now + ONCE
        return wait

    async def say(self, name: Name, message: bytes) -> None:
        if len(message) <= LARGEST:
            self._ears.heard(name, message)

    @asynccontextmanager
    async def hear(self, name: Name) -> AsyncIterator[AsyncIterator[bytes]]:
        ear = self._ears.add(name)
        try:
            yield ear
        finally:
            self._ears.remove(name, ear)

    async def close(self) -> None:
        pass
