"""What the disk refuses is tried again until it is taken: it is in memory, and must not be lost."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from runtime.errors import StoreFailed
from runtime.store.database.patience import waiting

T = TypeVar("T")

PAUSE = 2.0
"""Seconds between two tries."""

log = logging.getLogger(__name__)


async def patiently(seq: int, work: Callable[[], Awaitable[T]]) -> T:
    """Do the work for this message until no StoreFailed comes of it, but that it is no longer ours."""
    while True:
        try:
            return await work()
        except StoreFailed as e:
            if e.code == "given_up":  # it is another's by now
                raise
            await _pause(seq, e)


def patient(seq: int) -> AbstractContextManager[None]:
    """Whatever this message's turn asks while the store cannot be reached waits until it can: the end of the
    turn would wait for it, too."""
    return waiting(lambda e: _pause(seq, e))


async def _pause(seq: int, e: StoreFailed) -> None:
    log.error("message %s waits for the disk: %s", seq, e.text.en)
    await asyncio.sleep(PAUSE)
