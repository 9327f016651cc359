"""What people wrote and sent is encrypted, or is plain again, once somebody switched it; nobody waits."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Protocol

from runtime.errors import HongyanError
from runtime.store.database import Database
from runtime.store.messages.switching import Switch, is_last, noticed, step, waits

LOOK = 3.0
"""Seconds between two looks at whether somebody switched."""

log = logging.getLogger(__name__)


class Files(Protocol):
    """Writes those anew that are not as they are to be, in pieces that may block for a second."""

    def __call__(self, *, on: bool) -> Iterator[int]: ...


async def seal(database: Database, files: Files, clock: Callable[[], float]) -> None:
    """For as long as the gateway runs; after a stop it goes on where it was. The files of this instance are
    looked through once more after that, and with each start: others may have had other ones."""
    looked: tuple[str, float] | None = None
    while True:
        try:
            switched = await _all(database, files, clock)
            if switched.at and looked != (switched.to, switched.at):
                await _files(files, switched)
                looked = switched.to, switched.at
        except (HongyanError, OSError) as e:
            why = e.text.en if isinstance(e, HongyanError) else e
            log.warning("what people wrote could not be encrypted: %s", why)
        await asyncio.sleep(LOOK)


async def _all(database: Database, files: Files, clock: Callable[[], float]) -> Switch:
    switched = await database.read(noticed)
    while switched.goes_on:
        if is_last(switched):
            await _files(files, switched)
        before = switched
        switched = await database.write(lambda db: step(db, clock()), scrub=waits(switched))
        if switched == before or (waits(switched) and not is_last(switched)):
            await asyncio.sleep(LOOK)
        elif not switched.goes_on:
            log.warning("what people wrote is %s now", "encrypted" if switched.is_on else "not encrypted")
    return switched


async def _files(files: Files, switched: Switch) -> None:
    pieces = files(on=switched.is_on)
    while await asyncio.to_thread(next, pieces, None) is not None:
        pass
