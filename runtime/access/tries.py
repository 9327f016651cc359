"""How often somebody may guess: ten failures in any quarter of an hour, by each name they are counted under.

Counted before anything is checked, and given back when it was right. Who is known by a cookie or a network is
counted apart from strangers, so that no stranger's tries keep them out.
"""

import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from runtime.errors import Refused
from runtime.lang import Text
from runtime.store.vanishing import Name, Share, Vanishing

MOST = 10
SECONDS = 15 * 60
TOO_OFTEN = Text(
    "试错的次数太多，请过 {minutes} 分钟再试。您用过的浏览器和别的登录方式不受影响。",
    "Too many wrong tries: come again in {minutes} minutes. A browser that you used before, and other ways "
    "in, stay open.",
)


class Try:
    """One that was counted."""

    def __init__(self) -> None:
        self.was_right = False

    def right(self) -> None:
        """It does not count."""
        self.was_right = True


class Tries:
    """For one process, or all that share what may vanish, whose clock counts."""

    def __init__(self, vanishing: Vanishing) -> None:
        self._vanishing = vanishing

    @asynccontextmanager
    async def one(self, names: Sequence[Name]) -> AsyncIterator[Try]:
        """Check inside whether it is right. Raises Refused (too_often) before, when one name had its ten."""
        places = list[Name]()
        for name in names:
            place, wait = await self._place(("try", *name))
            if wait:
                await self._give_back(places)
                raise Refused(TOO_OFTEN.fill(minutes=math.ceil(wait / 60)), code="too_often")
            places.append(place)
        this = Try()
        yield this
        if this.was_right:
            await self._give_back(places)

    async def _place(self, name: Name) -> tuple[Name, float]:
        """One of ten that are each free again a quarter of an hour after they were taken: so any quarter of
        an hour has ten at most. With the seconds to wait, where none is."""
        waits = list[float]()
        for number in range(MOST):
            place = (*name, str(number))
            if not (wait := await self._vanishing.take(Share(place, 1, SECONDS))):
                return place, 0.0
            waits.append(wait)
        return (), min(waits)

    async def _give_back(self, places: Sequence[Name]) -> None:
        for place in places:
            await self._vanishing.drop(place)
