"""Files that were kept go some time after the last message that has them; what is too old goes once a day."""

import asyncio
import logging
from collections.abc import Callable

from runtime.errors import HongyanError
from runtime.gateway.retaining import Days, is_due, is_sure, retain
from runtime.gateway.sealing import seal
from runtime.media.kept import KeptMedia
from runtime.store.messages.messages import Messages

log = logging.getLogger(__name__)

FIRST = 60.0
"""Seconds after a start, which has enough to do, until the hours that are over are counted."""
BETWEEN = 1.0
"""Seconds between two hours: those of a month are counted in a quarter of an hour."""
LOOK = 3600.0
"""Seconds until there is another one."""
SWEEP = 6 * 3600.0
"""Seconds between two looks at which kept files no message has any more, and at what is too old."""


class Upkeep:
    """Each runs for as long as the gateway does."""

    def __init__(self, kept: KeptMedia, messages: Messages, clock: Callable[[], float]) -> None:
        self._kept, self._messages, self._clock = kept, messages, clock
        self.days: Days = dict
        """For how many days what is kept."""

    async def count(self) -> None:
        """So that the operator's figures come at once however many messages there are."""
        await asyncio.sleep(FIRST)
        while True:
            try:
                done = await self._messages.counting.next(self._clock())
            except HongyanError as e:
                log.warning("an hour could not be counted: %s", e.text.en)
                done = None
            await asyncio.sleep(LOOK if done is None else BETWEEN)

    async def seal(self) -> None:
        await seal(self._messages.database, self._kept.seal_all, self._clock)

    async def sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            try:
                await self._kept.sweep(self._messages.media.unused, self._clock)
            except (HongyanError, OSError) as e:
                log.warning("kept files cannot be looked through: %s", e)
            await self._retain()
            await self._forget()

    async def _forget(self) -> None:
        try:
            await self._messages.remembered.forget_beside(0.0)
        except (HongyanError, OSError) as e:
            log.warning("what was made of who is forgotten cannot be looked for: %s", e)

    async def _retain(self) -> None:
        try:
            now, database = self._clock(), self._messages.database
            if (days := self.days()) and await is_due(database, now) and await is_sure(database, now):
                await retain(database, days, self._kept.remove, now)
        except (HongyanError, OSError) as e:
            log.warning("what is too old cannot be taken away: %s", e)
