"""What a restore held back is taken up when the owner says so, also while the program runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from runtime.errors import StoreFailed
from runtime.gateway.context import Context
from runtime.gateway.job import Job
from runtime.gateway.worker import Worker
from runtime.store.messages.restored import count

PAUSE = 2.0
"""Seconds between two looks. Another process may have said so."""

log = logging.getLogger(__name__)


class Released:
    """Looks only as long as something is held back."""

    def __init__(self, context: Context, worker: Worker, let_out: Callable[[], Awaitable[None]]) -> None:
        """`let_out`: what is held goes out, where that may be."""
        self._messages = context.messages
        self._surfaces = context.surfaces
        self._worker = worker
        self._let_out = let_out

    async def watch(self, pause: float = PAUSE) -> None:
        waiting = await self._messages.restored()
        if waiting:
            log.warning("%s unfinished messages were restored and wait for the owner's word", len(waiting))
        while waiting:
            await asyncio.sleep(pause)
            try:
                if await self._messages.database.read(count) == len(waiting):
                    continue
                left = await self._messages.restored()
                await self._take_up(waiting - left)
                await self._let_out()
            except StoreFailed as e:
                log.error("what was restored cannot be looked at: %s", e.text.en)
            else:
                waiting = left

    async def _take_up(self, released: set[int]) -> None:
        if not released:
            return
        for left in await self._messages.unfinished():
            if left.seq not in released or self._worker.find(left.seq):
                continue
            surface = self._surfaces.find(left.publication)
            if surface is not None and surface.is_for_people:
                stored = left.state == "answered"
                job = Job(left.seq, surface, left.message, resumed=True, acknowledged=True, stored=stored)
                self._worker.put(job)
