"""The hours that are over are counted, so that the operator's figures come at once however many there are."""

import asyncio
import logging
from collections.abc import Callable

from runtime.errors import HongyanError
from runtime.store.messages.counting import Counting

FIRST = 60.0
"""Seconds after a start, which has enough to do."""
BETWEEN = 1.0
"""Seconds between two hours: those of a month are counted in a quarter of an hour."""
LOOK = 3600.0
"""Seconds until there is another one."""

log = logging.getLogger(__name__)


async def count(counting: Counting, clock: Callable[[], float]) -> None:
    """For as long as the gateway runs."""
    await asyncio.sleep(FIRST)
    while True:
        try:
            done = await counting.next(clock())
        except HongyanError as e:
            log.warning("an hour could not be counted: %s", e.text.en)
            done = None
        await asyncio.sleep(LOOK if done is None else BETWEEN)
