"""Count the hours that are over, one by one, beside whoever reads and writes."""

import asyncio
import random
from pathlib import Path

from runtime.store.database import Database
from runtime.store.messages.beside import looking
from runtime.store.messages.figures import tallied
from runtime.store.messages.tallies import HOUR, Tally, begin, keep, missing

SECONDS = 60.0
"""For an hour; one that takes longer is left as it is."""


class Counting:
    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self.path = path

    async def next(self, now: float) -> int | None:
        """Count the newest hour that is to be counted; which that was, None when there is none.

        Raises StoreFailed, TooSlow and Unreadable.
        """
        if (hour := await self._database.read(lambda db: missing(db, now))) is None:
            return None
        began = now + random.random()  # of two that begin at once each knows its own
        if await self._database.write(lambda db: begin(db, hour, began)):
            found = await asyncio.to_thread(self._count, hour)
            if found is not None:
                await self._database.write(lambda db: keep(db, hour, began, found))
        return hour

    def _count(self, hour: int) -> dict[str, tuple[Tally, bytes]] | None:
        with looking(self.path, SECONDS) as db:
            return tallied(db, hour * HOUR, (hour + 1) * HOUR)
