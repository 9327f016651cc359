"""Take up what a stopped process left unfinished."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping
from typing import Any

from runtime.gateway.canned import failure
from runtime.gateway.context import Context
from runtime.gateway.job import Job
from runtime.gateway.paused import Paused
from runtime.gateway.surfaces import Surface
from runtime.gateway.worker import Worker
from runtime.store.messages.unfinished import Unfinished

log = logging.getLogger(__name__)

SUSPICIOUS = 1
"""Deaths in the middle of its own work from which on a message runs alone: it may be the cause."""
ENOUGH = 3
"""…and from which on it is put aside."""

OFTEN = 8
"""Times that it was taken up by any of several instances from which on it runs alone: most that died with it
were killed from outside…"""
TOO_OFTEN = 20
"""…and from which on it is put aside."""

HASTE = 15.0
"""Seconds before a bubble's end from which on it is too late to end it once more after a death."""
ALONE = 2.0
"""Seconds after which a suspect is no longer one: what kills does so at once, and others are waiting."""


class Resume:
    """First all together that only waited when the process died; then what may have stopped it."""

    def __init__(self, context: Context, worker: Worker, paused: Paused) -> None:
        self._messages = context.messages
        self._surfaces = context.surfaces
        self._worker = worker
        self._paused = paused
        self._clock = context.clock

    async def start(self, blamed: Iterable[int]) -> Coroutine[Any, Any, None]:
        """Returns what is to go on in the background: letting suspects run one after another."""
        await self._messages.blame(blamed)
        await self.release()
        return await self.take_up(await self._messages.unfinished())

    async def release(self) -> None:
        """Of what was leaving at a death nobody knows whether it arrived."""
        await self._messages.parts.release(self._clock(), self._bubble_lives())

    async def take_up(self, unfinished: Iterable[Unfinished]) -> Coroutine[Any, Any, None]:
        """What was left in the middle by whoever had it; see start."""
        suspects = []
        anew = await self._begun_anew()
        dead = self._surfaces.dead()
        for left in unfinished:
            if self._worker.find(left.seq):
                continue  # it came here meanwhile
            if left.publication in dead:
                continue  # kept as it is: answered at the first start that can read the publication
            surface = self._surfaces.accepted_by(left.publication)
            if surface is None or not (surface.is_for_people or left.message.unasked):
                await self._abandon(left, surface)
                continue
            if surface.publication.rests_since is not None and left.state == "accepted":
                self._paused.keep(surface, [left.seq])
                continue
            job = await self._job(left, surface, anew.get(left.seq, 0))
            if job.gate:
                suspects.append(job)
            self._worker.put(job)
        return self._let_run(suspects)

    def _bubble_lives(self) -> dict[str, float]:
        """By publication, how long after a message its bubble is surely there."""
        surfaces = [(one.id, one.streamer) for one in self._surfaces.all()]
        return {id: streamer.bubble_seconds - HASTE for id, streamer in surfaces if streamer}

    async def _abandon(self, left: Unfinished, surface: Surface | None) -> None:
        """Whoever asked by the API saw the connection break. Nobody else can be reached any more."""
        if surface is None:
            log.error("message %s is given up: its publication %s is gone", left.seq, left.publication)
        await self._messages.mark(left.seq, "abandoned")

    async def _begun_anew(self) -> Mapping[int, int]:
        """Of several instances each knows only of its own deaths, and of none once its folder is gone. So it
        counts, too, how often a message was taken up by any."""
        is_shared = self._messages.database.is_shared
        return await self._messages.instances.begun_anew(OFTEN) if is_shared else {}

    async def _job(self, left: Unfinished, surface: Surface, anew: int) -> Job:
        stored, deaths = left.state == "answered", left.tries - 1
        if anew:
            deaths = ENOUGH if anew >= TOO_OFTEN else max(deaths, SUSPICIOUS)
        if not stored and deaths >= ENOUGH:
            sorry = failure(surface.agent, left.message)
            parts = surface.channel.render(sorry) if sorry else []
            await self._messages.put_aside(left.seq, sorry, parts, self._clock())
            stored = True
        suspect = not stored and deaths >= SUSPICIOUS
        gate = asyncio.Event() if suspect else None
        return Job(left.seq, surface, left.message, resumed=True, acknowledged=True, stored=stored, gate=gate)

    async def _let_run(self, suspects: list[Job]) -> None:
        for job in suspects:
            assert job.gate
            job.gate.set()
            await asyncio.wait([job.answered], timeout=ALONE)
