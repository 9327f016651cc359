"""Files that were kept go some time after the last message that has them."""

import asyncio
import logging
from collections.abc import Callable

from runtime.errors import HongyanError
from runtime.gateway.counting import count
from runtime.media.kept import KeptMedia
from runtime.store.messages.messages import Messages

log = logging.getLogger(__name__)

SWEEP = 6 * 3600.0
"""Seconds between two looks at which kept files no message has any more."""


class Upkeep:
    """Each runs for as long as the gateway does."""

    def __init__(self, kept: KeptMedia, messages: Messages, clock: Callable[[], float]) -> None:
        self._kept, self._messages, self._clock = kept, messages, clock

    async def count(self) -> None:
        await count(self._messages.counting, self._clock)

    async def sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            try:
                await self._kept.sweep(self._messages.media.unused, self._clock)
            except (HongyanError, OSError) as e:
                log.warning("kept files cannot be looked through: %s", e)
