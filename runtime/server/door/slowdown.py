"""Slow down who tries passwords, and never keep out who has the right one.

A try is checked at once, or some seconds later; only in a flood from its own network is it not checked.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from runtime.errors import Refused
from runtime.lang import Text
from runtime.newest import Newest
from runtime.store.vanishing import Name, Share, Vanishing

FREE = 5
"""Tries of one name that cost no time."""
PAUSE = 3.0
"""Seconds before the next try after that…"""
GROWTH = 2.0
"""…and so many times longer before each one after it…"""
LONGEST = 10
"""…up to so many pauses: 2,880 tries a day at most, and nobody waits for half a minute in vain."""
FORGET = 15 * 60
"""Seconds without a try after which a name is as if it had never tried."""
MOST_WAITING = 4
"""Tries of one name that wait. When there are more, chance decides which one gives way."""
MOST_ELSEWHERE = 1_000
"""Of all names, that wait for tries at other processes."""
MOST_TURNS = 20
"""That go to other processes before a try gives way."""
MOST_NAMES = 10_000
TOO_OFTEN = Text(
    "有人在从您的网络反复试密码。请过几秒再试。",
    "Somebody on your network keeps trying passwords. Try again in a few seconds.",
)


@dataclass(frozen=True, eq=False)
class _Place:
    at: float
    given_away: "asyncio.Future[None]"


@dataclass
class _Tries:
    number: int = 0
    next_at: float = 0.0
    waiting: list[_Place] = field(default_factory=list)


class Slowdown:
    """Paces tries by name, e.g. an address: here, and with all processes that share what may vanish.

    In memory: a restart forgives everybody.
    """

    def __init__(
        self,
        vanishing: Vanishing | None = None,
        *,
        free: int = FREE,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._free = free
        self._pause = pause
        self._clock = clock
        self._sleep = sleep
        self._vanishing = vanishing
        self._elsewhere = 0
        """Tries that wait for those of other processes."""
        self._tries = Newest[str, _Tries](MOST_NAMES)

    async def wait(self, name: str, free: int | None = None) -> None:
        """Wait for the turn of a try. Raises Refused (too_often) when a flood took its place.

        `free`: tries that cost no time, where they are not as many as usual.
        """
        free = self._free if free is None else free
        await self._wait_here(name, free)
        if self._vanishing:
            tried = await self._vanishing.count(("tries", name), FORGET)
            if tried.amount > free:
                pause = self._pause_after(int(tried.amount) - 1 - free)
                await self._wait_everywhere(self._vanishing, ("try", name), pause)

    async def _wait_here(self, name: str, free: int) -> None:
        tries = self._of(name)
        tries.number += 1
        now, pause = self._clock(), self._pause_after(tries.number - free)
        if tries.number <= free or tries.next_at <= now:
            tries.next_at = now + pause
            return
        place = self._place(tries, pause)
        tries.waiting.append(place)
        turn = asyncio.ensure_future(self._sleep(place.at - now))
        try:
            await asyncio.wait({turn, place.given_away}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            turn.cancel()
            if place in tries.waiting:
                tries.waiting.remove(place)
        if place.given_away.done():
            raise Refused(TOO_OFTEN, code="too_often")

    async def _wait_everywhere(self, vanishing: Vanishing, pace: Name, pause: float) -> None:
        """Of those who wait at several processes, chance decides who is next. Raises Refused."""
        self._elsewhere += 1
        try:
            for _ in range(MOST_TURNS if self._elsewhere <= MOST_ELSEWHERE else 0):
                if not (wait := await vanishing.take(Share(pace, 1, pause))):
                    return
                await self._sleep(wait)
        finally:
            self._elsewhere -= 1
        raise Refused(TOO_OFTEN, code="too_often")

    async def forgive(self, name: str) -> None:
        """It was the right one: forget what was tried before; whoever waits still waits."""
        if self._vanishing:
            await self._vanishing.drop(("tries", name))
        if name in self._tries:
            self._tries[name].number = 0

    def _pause_after(self, paid: int) -> float:
        """Seconds between that one of the tries that are not free and the next."""
        times = GROWTH ** min(max(paid, 0), LONGEST)
        return self._pause * min(times, LONGEST)

    def _place(self, tries: _Tries, pause: float) -> _Place:
        """After the others, or instead of one of them. Raises Refused."""
        future = asyncio.get_running_loop().create_future()
        if len(tries.waiting) < MOST_WAITING:
            place = _Place(tries.next_at, future)
            tries.next_at += pause
            return place
        chosen = random.randrange(MOST_WAITING + 1)
        if chosen == MOST_WAITING:
            raise Refused(TOO_OFTEN, code="too_often")
        other = tries.waiting.pop(chosen)
        other.given_away.set_result(None)
        return _Place(other.at, future)

    def _of(self, name: str) -> _Tries:
        tries = self._tries.get(name)
        if tries is None or (not tries.waiting and tries.next_at + FORGET < self._clock()):
            tries = self._tries[name] = _Tries()
        return tries
