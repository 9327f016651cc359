"""Take up what a stopped process left unfinished."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from runtime.gateway.canned import failure
from runtime.gateway.job import Job
from runtime.gateway.push import Push
from runtime.gateway.surfaces import Surface, Surfaces
from runtime.gateway.worker import Worker
from runtime.store.messages import Messages, Unfinished

SUSPICIOUS = 2
"""Turns begun for a message that is still unfinished: from here on it is run alone, to see whether it is the
one that stops the program."""

ENOUGH = 3

ALONE = 2.0
"""Seconds after which a suspect is no longer one: what kills does so at once, and others are waiting."""


class Resume:
    """First what was cut off once, all together; then what was cut off twice, one by one."""

    def __init__(
        self,
        messages: Messages,
        surfaces: Surfaces,
        worker: Worker,
        push: Push,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._messages = messages
        self._surfaces = surfaces
        self._worker = worker
        self._push = push
        self._clock = clock

    async def start(self) -> Coroutine[Any, Any, None]:
        """Returns what is to go on in the background: letting suspects run one after another."""
        offers = await self._messages.parts.release(self._clock())
        suspects = []
        dead = self._surfaces.dead()
        for left in await self._messages.unfinished():
            if left.publication in dead:
                continue  # kept as it is: answered at the first start that can read the publication
            surface = self._surfaces.find(left.publication)
            if surface is None or surface.receiver is None:
                await self._messages.mark(left.seq, "abandoned")
                continue
            job = await self._job(left, surface)
            if job.gate:
                suspects.append(job)
            self._worker.put(job)
        return self._afterwards(suspects, offers)

    async def _job(self, left: Unfinished, surface: Surface) -> Job:
        stored = left.state == "answered"
        if not stored and left.tries >= ENOUGH:
            sorry = failure(surface.agent)
            await self._messages.put_aside(left.seq, sorry, surface.channel.render(sorry), self._clock())
            stored = True
        suspect = not stored and left.tries >= SUSPICIOUS
        gate = asyncio.Event() if suspect else None
        return Job(left.seq, surface, left.message, resumed=True, acknowledged=True, stored=stored, gate=gate)

    async def _afterwards(self, suspects: list[Job], offers: list[tuple[int, str, str]]) -> None:
        await asyncio.gather(self._offer(offers), self._let_run(suspects))

    async def _offer(self, offers: list[tuple[int, str, str]]) -> None:
        for seq, publication, sender in offers:
            surface = self._surfaces.find(publication)
            if surface and surface.pusher:
                await self._push.offer(surface, sender, seq)

    async def _let_run(self, suspects: list[Job]) -> None:
        for job in suspects:
            assert job.gate
            job.gate.set()
            await asyncio.wait([job.answered], timeout=ALONE)
