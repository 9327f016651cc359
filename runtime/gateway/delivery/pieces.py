"""Bubbles that we send: a piece now and then while the turn runs, and their end with the answer."""

import asyncio
import logging

from runtime.channels import Judged
from runtime.crash import crashpoint
from runtime.errors import SendFailed
from runtime.gateway.canned import LOST, waiting
from runtime.gateway.context import Context
from runtime.gateway.delivery.rates import Rates
from runtime.gateway.delivery.refused import counted
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.growing import Growing, carried, so_far
from runtime.gateway.job import Job
from runtime.gateway.lasting import now
from runtime.gateway.patience import patiently
from runtime.newest import Newest
from runtime.store.messages.bubbles import BubbleRows, Carrying
from runtime.store.messages.parts import Pushed

log = logging.getLogger(__name__)

RETRY = 2.0
"""Seconds before a bubble's end is tried again: the same once more changes nothing."""
ENDS = 3
"""Tries to end a bubble before its answer is there; the platform ends it a little later by itself."""
MINUTE = 60.0
PEOPLE = 10_000
"""Whose pieces are counted."""


class SentBubbles:
    """One piece of a conversation at a time, and no more of them than its platform takes."""

    def __init__(self, context: Context, sender: Sender, rates: Rates) -> None:
        self._rows, self._parts = BubbleRows(context.messages.database), context.messages.parts
        self._sender = sender
        self._rates = rates
        self._metrics = context.metrics
        self._clock = context.clock
        self._sent = Newest[tuple[str, str], list[float]](PEOPLE)
        """By person, when pieces went out in the last minute, by the loop's clock."""

    async def grow(self, job: Job, growing: Growing) -> None:
        """Show what was written so far, again and again until the answer is stored."""
        if job.resumed and (ended := await self._rows.ended_with(job.seq)):
            return await self._end_early(job, growing, ended)
        shown: str | None = None
        while not job.answered.done():
            if now() >= growing.deadline:
                text = so_far(job.surface, growing, whole=True) or waiting(job.surface.agent)
                return await self._end_early(job, growing, text)
            text = so_far(job.surface, growing)
            if text != shown and await self._piece(job, growing, text, done=False) is None:
                shown = growing.shown = text
            if growing.is_over:
                break
            left = min(self._pause(job), max(0.0, growing.deadline - now()))
            await asyncio.wait([job.answered], timeout=left)
        if growing.is_over and growing.shown:  # the person has so much of the answer, and no more
            await patiently(job.seq, lambda: self._rows.end_early(job.seq, growing.shown, self._clock()))

    async def finish(self, job: Job, growing: Growing) -> None:
        """End the bubble with the stored answer; what it does not take is left to be pushed."""
        carrying: Carrying | None = None
        while not growing.is_over and now() < growing.deadline:
            if carrying is None:
                crashpoint("before_send")
                carrying = await self._claim(job)
                crashpoint("after_claim")
                if carrying is None:
                    return
            error = await self._piece(job, growing, carrying.text, done=True)
            crashpoint("after_send")
            if error is None:
                growing.is_over = True
                await self._record(job, carrying, "sent")
                crashpoint("after_record")
                await self._named(job, growing)
                return
            log.warning("the bubble of message %s is not ended: %s", job.seq, error.text.en)
            if not growing.is_over:
                await asyncio.sleep(RETRY)
        if carrying and not growing.is_over:
            await self._record(job, carrying, "unknown")  # it was tried, and nobody knows what is shown
        elif carrying:
            await self._record(job, carrying, "ready")
        if growing.is_over and growing.shown:  # maybe since before the answer was there
            await patiently(job.seq, lambda: self._rows.showed(job.seq, growing.shown, self._clock()))

    async def _named(self, job: Job, growing: Growing) -> None:
        """By what a judgement names it, where somebody wants to know."""
        channel = job.surface.channel
        if not isinstance(channel, Judged) or not job.surface.publication.judged:
            return
        if name := channel.shown_as(growing.bubble):
            await patiently(job.seq, lambda: self._parts.sent_as(job.seq, name, self._clock()))

    async def _end_early(self, job: Job, growing: Growing, text: str) -> None:
        """It ends before the answer is there, with what there is."""
        ended = await patiently(job.seq, lambda: self._rows.end_early(job.seq, text, self._clock()))
        if ended is None:
            return  # the answer is there, and ends it
        crashpoint("after_record")
        for _ in range(ENDS):
            if await self._piece(job, growing, ended, done=True) is None or growing.is_over:
                break
            await asyncio.sleep(RETRY)
        growing.is_over = True

    async def _claim(self, job: Job) -> Carrying | None:
        return await self._rows.claim(*job.lane, lambda parts: carried(job.surface, parts), self._clock())

    async def _record(self, job: Job, carrying: Carrying, state: Pushed) -> None:
        # only the record is tried again: the person may have it
        await patiently(job.seq, lambda: self._rows.sent(carrying, state, "", self._clock()))

    async def _piece(self, job: Job, growing: Growing, text: str, *, done: bool) -> SendFailed | None:
        streamer = job.surface.streamer
        assert streamer
        async with growing.turn:
            if growing.is_over:
                return SendFailed(LOST, code="over")
            self._sent.of(job.lane, list).append(now())
            try:
                async with self._rates.leaving(job.surface, job.message.sender):
                    await self._sender.grow(job.surface, growing.bubble, text, self._clock(), done=done)
            except SendFailed as e:
                growing.is_over = e.code in streamer.bubble_over
                self._metrics.deliveries.labels(job.surface.kind, "bubble", "failed", counted(e.code)).inc()
                return e
            self._metrics.deliveries.labels(job.surface.kind, "bubble", "sent" if done else "grown", "").inc()
            return None

    def _pause(self, job: Job) -> float:
        """Seconds until the next piece."""
        assert job.surface.streamer
        pieces = job.surface.streamer.pieces
        lately = self._sent.of(job.lane, list)
        lately[:] = [at for at in lately if at > now() - MINUTE]
        return pieces.quick if len(lately) < pieces.few else pieces.slow
