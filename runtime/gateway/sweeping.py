"""Files that were kept go some time after the last message that has them."""

import asyncio
import logging
from collections.abc import Callable

from runtime.errors import HongyanError
from runtime.media.kept import KeptMedia
from runtime.store.messages.messages import Messages

log = logging.getLogger(__name__)

SWEEP = 6 * 3600.0
"""Seconds between two looks at which kept files no message has any more."""


async def sweep(kept: KeptMedia, messages: Messages, clock: Callable[[], float]) -> None:
    """For as long as the gateway runs."""
    while True:
        await asyncio.sleep(SWEEP)
        try:
            await kept.sweep(messages.media.unused, clock)
        except (HongyanError, OSError) as e:
            log.warning("kept files cannot be looked through: %s", e)
