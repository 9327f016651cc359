"""What people wrote is encrypted, or written plainly again, once somebody switched it; nobody waits."""

import asyncio
import logging
from collections.abc import Callable

from runtime.errors import HongyanError
from runtime.store.database import Database
from runtime.store.messages.switching import noticed, step, waits

LOOK = 3.0
"""Seconds between two looks at whether somebody switched."""

log = logging.getLogger(__name__)


async def seal(database: Database, clock: Callable[[], float]) -> None:
    """For as long as the gateway runs; after a stop it goes on where it was."""
    while True:
        try:
            await _all(database, clock)
        except HongyanError as e:
            log.warning("what people wrote could not be encrypted: %s", e.text.en)
        await asyncio.sleep(LOOK)


async def _all(database: Database, clock: Callable[[], float]) -> None:
    switched = await database.read(noticed)
    while switched.goes_on:
        switched = await database.write(lambda db: step(db, clock()), scrub=waits(switched))
        if waits(switched):
            await asyncio.sleep(LOOK)
        elif not switched.goes_on:
            log.warning("what people wrote is %s now", "encrypted" if switched.is_on else "not encrypted")
