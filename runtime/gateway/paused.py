"""What a paused publication is written: taken and kept, and answered in order when it goes on."""

import asyncio
import logging
from collections.abc import Iterable

from runtime.errors import StoreFailed
from runtime.gateway.canned import PAUSED, STOPPING
from runtime.gateway.context import Context
from runtime.gateway.job import Job
from runtime.gateway.surfaces import Surface
from runtime.gateway.worker import Worker
from runtime.newest import Newest
from runtime.store.messages.unfinished import Unfinished
from runtime.turn.events import Failed

log = logging.getLogger(__name__)

LOOK = 2.0
"""Seconds between two looks at whether it goes on; whoever writes meanwhile does not wait for one."""
TOLD = 10_000
"""People who are remembered to have been told."""


class Paused:
    """The messages themselves are on the disk; here it is known which of them wait for their publication."""

    def __init__(self, context: Context, worker: Worker) -> None:
        self._messages = context.messages
        self._surfaces = context.surfaces
        self._worker = worker
        self._kept: dict[str, set[int]] = {}
        """Messages by publication, those of publications that are gone left out."""
        self._told = Newest[tuple[str, str], float](TOLD)
        self._lock = asyncio.Lock()

    def keep(self, surface: Surface, seqs: Iterable[int]) -> None:
        """These get no turn before it goes on."""
        self._kept.setdefault(surface.id, set()).update(seqs)

    async def is_kept(self, surface: Surface, seq: int) -> bool:
        """Whether this message, just stored, waits. When it does not, what came before it has its turn.

        Raises StoreFailed.
        """
        if surface.publication.rests_since is not None:
            self.keep(surface, [seq])
            return True
        if surface.id in self._kept:
            await self._take_up(surface)
        return False

    def to_tell(self, surface: Surface, sender: str) -> str:
        """What its owner wants people to be told meanwhile: to each once in a pause; "" for nothing."""
        since, text = surface.publication.rests_since, surface.publication.paused_text
        if since is None or not text or self._told.get((surface.id, sender)) == since:
            return ""
        self._told[surface.id, sender] = since
        return text

    async def watch(self) -> None:
        """Take up what may go on, also when another process said so."""
        while True:
            await asyncio.sleep(LOOK)
            for id in list(self._kept):
                try:
                    surface = self._surfaces.accepted_by(id)
                    if surface is not None and surface.publication.rests_since is None:
                        await self._take_up(surface)
                except StoreFailed as e:
                    log.error("what %s kept cannot be read: %s", id, e.text.en)

    async def _take_up(self, surface: Surface) -> None:
        """Whoever comes meanwhile waits until all have their place in the lanes."""
        async with self._lock:
            if not (kept := self._kept.get(surface.id)):
                return
            for left in await self._messages.unfinished():
                if left.seq in kept and not self._worker.find(left.seq):
                    self._worker.put(_job(left, surface))
            del self._kept[surface.id]


def shut_to(surface: Surface, draining: bool) -> Failed | None:
    """Why a program that asks now is not answered: it asks again by itself, so nothing is kept for it."""
    if draining:
        return Failed("stopping", STOPPING)
    return Failed("paused", PAUSED) if surface.publication.rests_since is not None else None


def _job(left: Unfinished, surface: Surface) -> Job:
    stored = left.state == "answered"
    return Job(left.seq, surface, left.message, resumed=True, acknowledged=True, stored=stored)
