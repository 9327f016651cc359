"""What could not be sent goes out when the account is well, a few people at a time."""

import asyncio
import logging

from runtime.errors import HongyanError
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.job import Job
from runtime.gateway.surfaces import Surface
from runtime.gateway.worker import Worker

log = logging.getLogger(__name__)

PEOPLE = 50
"""Whose answers are in memory and on their way at once, however many wait on the disk."""

LOOK = 30.0
"""Seconds between two looks at the accounts: who may push now, and who was published again."""


class Held:
    """Lets out what is held, of messages that the platform still lets us answer."""

    def __init__(self, context: Context, abilities: Abilities, worker: Worker) -> None:
        self._messages = context.messages
        self._surfaces = context.surfaces
        self._abilities = abilities
        self._worker = worker
        self._clock = context.clock
        self._background = context.background

    async def watch(self) -> None:
        """At the start, what an earlier process held goes out; then accounts are looked at as they change."""
        look = self.check
        while True:
            try:
                await look()
                look = self._look
            except HongyanError as e:  # a disk that refuses for a while; what is held must not wait for ever
                log.error("accounts cannot be looked at: %s", e.text.en)
            await asyncio.sleep(LOOK)

    async def check(self) -> None:
        """Where something is held, find out whether it can be sent now. Raises StoreFailed."""
        for surface in self._surfaces.all():
            if surface.pusher and await self._messages.parts.anything_held(surface.id, self._since(surface)):
                self._abilities.check(surface)
        await self._look()

    async def _look(self) -> None:
        for surface in self._surfaces.all():
            self._abilities.can_push(surface)

    async def follow(self) -> None:
        """What is held for an account goes out as soon as it is well."""
        while True:
            self._background.start(self.let_out(await self._abilities.well.get()))

    async def let_out(self, surface: Surface) -> None:
        """To one small group after another, for as long as the account is well."""
        after, is_first = "", True
        while after or is_first:
            if self._worker.draining or not self._abilities.can_push(surface):
                return
            try:
                group, after = await self._messages.held(surface.id, self._since(surface), after, PEOPLE)
            except HongyanError as e:
                log.error("what is held for people of %s cannot be read: %s", surface.id, e.text.en)
                return
            jobs = [Job(left.seq, surface, left.message, stored=True) for left in group]
            for job in jobs:
                self._worker.put(job)
            for job in jobs:
                await job.waits.wait()
            if self._abilities.is_resting(surface):
                return
            is_first = False

    def _since(self, surface: Surface) -> float:
        assert surface.pusher
        return self._clock() - surface.pusher.push_seconds
