"""Ask the platform who somebody is: for agents that want to know, and where it counts on all surfaces."""

import logging
from dataclasses import dataclass, field

from runtime.channels import Identifies
from runtime.errors import HongyanError
from runtime.gateway.context import Context
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.job import Job
from runtime.newest import Newest
from runtime.person import Described
from runtime.store.messages.people import Face

log = logging.getLogger(__name__)

PEOPLE = 50_000
AGAIN = 86_400.0
"""Seconds after which somebody is asked about once more: an account may be bound later."""


@dataclass
class Identifying:
    """Beside the message that brought somebody, which does not wait: it counts from the next one on."""

    context: Context
    sender: Sender
    asked: Newest[tuple[str, str], float] = field(default_factory=lambda: Newest(PEOPLE))

    def soon(self, job: Job) -> None:
        """Once a day for each person."""
        memory, now = job.surface.agent.memory, self.context.clock()
        channel = job.surface.channel
        unites = memory.same_account and memory.remembers
        if not ((unites or job.surface.asks_person) and isinstance(channel, Identifies)):
            return
        if job.message.for_nobody:
            return
        if not 0 <= now - self.asked.get(job.lane, -AGAIN) < AGAIN:
            self.asked[job.lane] = now
            self.context.background.start(self._ask(job, channel, unites=unites))

    async def _ask(self, job: Job, channel: Identifies, *, unites: bool) -> None:
        try:
            request = channel.identify(job.message.sender)
            told = await self.sender.asked(channel, request, channel.described)
            agent, now, face = job.surface.agent.id, self.context.clock(), Face(*job.lane)
            if job.surface.asks_person and told != Described():
                await self.context.messages.remembered.profile(face, told, now)
            if unites and told.account:
                await self.context.messages.remembered.unite(face, agent, told.account, now)
        except HongyanError as e:
            log.info("who somebody is on %s is not known: %s", job.surface.id, e.text.en)
