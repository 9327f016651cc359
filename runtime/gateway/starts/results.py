"""Where the result of a start goes that is not for its own person, and who hears of trouble."""

import asyncio
import logging

from runtime.agents.starts import Start
from runtime.channels import Announces, Notice
from runtime.errors import HongyanError, StoreFailed
from runtime.gateway.context import Context
from runtime.gateway.delivery.saying import Saying
from runtime.gateway.job import Job
from runtime.gateway.surfaces import Surface
from runtime.lang import NOTHING, Text
from runtime.newest import Newest
from runtime.owned import NO_PUBLICATION, publication

log = logging.getLogger(__name__)

HOUR = 3600.0
"""Seconds in which the same start is said to fail once."""
STARTS = 1000
FAILED = Text("「{title}」运行失败：{why}", "{title!r} failed: {why}")
NOT_SAID = Text("「{title}」的结果没有发出去：{why}", "The result of {title!r} was not sent: {why}")
NO_PLACE = Text("没有「{id}」这个发布", "there is no publication {id!r}")


class Results:
    """Brought once: what is said goes by the number of the turn."""

    def __init__(self, context: Context, saying: Saying) -> None:
        self._messages = context.messages
        self._surfaces = context.surfaces
        self._doctor = context.doctor
        self._metrics = context.metrics
        self._clock = context.clock
        self._saying = saying
        self._told = Newest[tuple[str, str], float](STARTS)

    async def bring(self, job: Job) -> None:
        """The turn of a start is stored: note what a person began, and say the result where it goes.

        Raises StoreFailed.
        """
        start = job.start
        if start is None:
            return
        if not job.message.unasked:
            await self._messages.runs.happened(*self._of(job, start), job.seq, self._clock())
            self._metrics.runs.labels(start.on, "begun").inc()
        found = await self._messages.outcome(job.seq)
        if found is None or found.failure or not found.reply.strip() or not job.goes_elsewhere:
            return
        target = self._target(job, start)
        try:
            if target is not None:
                await self._saying.say(target, found.reply, key=f"run of {job.surface.id} {job.seq}")
            elif start.to and not job.surface.agent.may_use(publication(start.to)):
                await self._not_said(job, start, NO_PUBLICATION.fill(id=start.to), "not_said")
            elif start.to:
                await self._not_said(job, start, NO_PLACE.fill(id=start.to), "no_place")
        except StoreFailed:
            raise
        except HongyanError as e:
            await self._not_said(job, start, e.text, "not_said")

    def failed(self, job: Job, start: Start, why: Text) -> None:
        """The owner hears of it, once an hour."""
        self._tell(job, start, FAILED, why)

    def _target(self, job: Job, start: Start) -> Surface | None:
        if start.to:
            allowed = job.surface.agent.may_use(publication(start.to))
            return self._surfaces.find(start.to) if allowed else None
        channel = job.surface.channel
        return job.surface if isinstance(channel, Announces) and channel.receiver else None

    def _of(self, job: Job, start: Start) -> tuple[str, str, str]:
        return job.surface.id, start.id, job.message.sender

    async def _not_said(self, job: Job, start: Start, why: Text, code: str) -> None:
        await self._messages.runs.not_brought(job.seq, code)
        self._tell(job, start, NOT_SAID, why)

    def _tell(self, job: Job, start: Start, what: Text, why: Text) -> None:
        log.warning("start %s of %s: %s", start.id, job.surface.id, why.en)
        now, key = asyncio.get_running_loop().time(), (job.surface.id, start.id)
        self._metrics.runs.labels(start.on, "failed").inc()
        if now - self._told.get(key, float("-inf")) < HOUR:
            return
        self._told[key] = now
        text = what.fill(title=start.title or start.id, why=why if why.en else NOTHING)
        self._doctor.told(job.surface.id, Notice(text), self._clock())
