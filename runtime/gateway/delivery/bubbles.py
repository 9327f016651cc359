"""One bubble that grows with the answer, where a surface shows one; what it did not hold is pushed.

A bubble is ended once for each message, whatever becomes of its turn. What ended it is on the disk before the
person sees it, so that after a death the same text ends it again, and not another.
"""

import asyncio
import logging
import re
from collections.abc import Callable

from runtime.channels import Bubble, Held, StreamsMedia, WebResponse
from runtime.choices import Choices
from runtime.crash import crashpoint
from runtime.gateway.canned import BELOW, LOST, canned, waiting
from runtime.gateway.context import Context
from runtime.gateway.delivery.drafts import ShownDrafts
from runtime.gateway.delivery.edited import EditedMessages
from runtime.gateway.delivery.pieces import SentBubbles
from runtime.gateway.delivery.rates import Rates
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.showing import Showing
from runtime.gateway.growing import Growing, bubble_id, carried, growing, so_far
from runtime.gateway.job import Job
from runtime.gateway.lasting import now, until
from runtime.gateway.surfaces import Surface
from runtime.message import Message
from runtime.off_loop import off_loop
from runtime.store.messages.bubbles import BubbleRows

log = logging.getLogger(__name__)

GRACE = 0.3
"""Seconds that the first response waits for an answer that is ready at once."""
SILENT = 20.0
"""Seconds without the platform asking for a bubble, after which it surely asks no more."""
ID = re.compile(r"([0-9]{1,18})-[0-9a-f]{12}")


class Bubbles:
    """Of surfaces that stream: those that the platform asks for, and those that we send."""

    def __init__(self, context: Context, sender: Sender, rates: Rates, showing: Showing) -> None:
        self._showing = showing
        self._rows = BubbleRows(context.messages.database)
        self._parts = context.messages.parts
        self._sent = SentBubbles(context, sender, rates)
        self._drafts = ShownDrafts(context, sender)
        self.edited = EditedMessages(context, sender, rates)
        self._metrics = context.metrics
        self._clock = context.clock
        self._background = context.background

    def begin(self, job: Job) -> None:
        """Its turn begins, or its stored answer is about to be delivered."""
        if job.surface.drafter:
            self._drafts.begin(job)
        self.edited.begin(job)
        streamer = job.surface.streamer
        is_written = streamer is not None and not job.message.unasked and streamer.grows(job.message)
        if streamer is None or job.bubble is not None or not is_written:
            return
        is_asked = job.surface.responder is not None
        # the platform counts from the message where it asks, else from what we showed first
        began = self._clock() if not (is_asked or job.resumed or job.stored) else job.message.at
        bubble = Bubble(bubble_id(job.surface.id, job.seq, job.message), job.message)
        job.bubble = growing(bubble, job.surface.agent, until(began, streamer.bubble_seconds, self._clock()))
        if job.stored:
            return
        job.pieces = True
        job.watchers.append(job.bubble.events.put_nowait)
        if not is_asked and canned(job.surface.agent, job.message) is None:
            self._background.start(self._sent.grow(job, job.bubble))

    def carries(self, job: Job) -> bool:
        """The answer is to end its bubble, and not to be pushed first."""
        return job.bubble is not None and not job.bubble.is_over and now() < job.bubble.deadline

    async def deliver(self, job: Job) -> bool:
        """As much of the stored answer as the bubble takes. Whether nothing is left."""
        self.begin(job)
        if job.bubble is None or job.taken:
            return False
        if job.surface.responder is not None:
            await self._wait(job, job.bubble)
        else:
            await self._sent.finish(job, job.bubble)
        return not await self._parts.waiting(*job.lane, asked=True)

    async def respond(self, surface: Surface, message: Message, seq: int, job: Job | None) -> WebResponse:
        """To the message itself: with the whole answer if it is there at once, else a bubble is begun."""
        if job is not None and not job.answered.done():
            await asyncio.wait([job.answered], timeout=GRACE)
        return await self._response(surface, message, seq, job)

    async def asked(self, surface: Surface, id: str, find: Callable[[int], Job | None]) -> WebResponse:
        """The platform wants the newest text. `find`: the job of a message, while it lives."""
        found = ID.fullmatch(id)
        seq = int(found[1]) if found else 0
        message = await self._rows.message(seq, surface.id) if found else None
        if message is None or bubble_id(surface.id, seq, message) != id:
            log.warning("a bubble of %s is asked for that nobody knows", surface.id)
            return self._grown(surface, Bubble(id, None), LOST.to(surface.agent.language), done=True)
        return await self._response(surface, message, seq, find(seq))

    async def _response(self, surface: Surface, message: Message, seq: int, job: Job | None) -> WebResponse:
        bubble = Bubble(bubble_id(surface.id, seq, message), message)
        shown = job.bubble if job else None
        if shown:
            shown.asked_at = now()
        if job and not job.stored and not job.answered.done():
            text = so_far(surface, shown)
            if job.seq != seq:  # it asks for what another bubble shows
                return self._grown(surface, bubble, waiting(surface.agent), done=True)
            assert surface.streamer
            life = surface.streamer.bubble_seconds
            if now() < (shown.deadline if shown else until(message.at, life, self._clock())):
                return self._grown(surface, bubble, text, done=False)
            text = so_far(surface, shown, whole=True)
            early = await self._rows.end_early(seq, text or waiting(surface.agent), self._clock())
            if early is not None:
                return self._grown(surface, bubble, early, done=True)
        waiting_parts = await self._parts.waiting(surface.id, message.sender)
        files = await self._showing.held(surface, waiting_parts)
        carrying = await self._parts.carry(
            seq, surface.id, message.sender, lambda parts, _: carried(surface, parts, files), self._clock()
        )
        text = carrying.text
        crashpoint("after_record")
        if job:
            job.responded.set()
        if not text:  # it was pushed meanwhile, or is nowhere
            is_answered = await self._rows.is_answered(seq)
            text = (BELOW if is_answered else LOST).to(surface.agent.language)
        self._metrics.deliveries.labels(surface.kind, "bubble", "sent", "").inc()
        streamer = surface.streamer
        if carrying.shown and isinstance(streamer, StreamsMedia):
            told = carrying.shown.get("choices")
            media = await self._showing.again(carrying.shown["media"])
            held = Held(media, Choices.of(told) if told else None)
            return await off_loop(streamer.end, bubble, text, held, self._clock())
        return self._grown(surface, bubble, text, done=True)

    async def _wait(self, job: Job, bubble: Growing) -> None:
        """Until the platform fetched the stored answer, or surely does not any more."""
        stored_at = now()
        while not job.responded.is_set() and self.carries(job):
            left = max(bubble.asked_at, stored_at) + SILENT - now()
            if left <= 0:
                log.warning("nobody asks for the bubble of message %s any more", job.seq)
                return
            left = min(left, bubble.deadline - now())
            taken = asyncio.ensure_future(job.responded.wait())
            await asyncio.wait({taken}, timeout=max(0.0, left))
            taken.cancel()

    def _grown(self, surface: Surface, bubble: Bubble, text: str, *, done: bool) -> WebResponse:
        assert surface.streamer
        response = surface.streamer.grow(bubble, text, self._clock(), done=done)
        assert isinstance(response, WebResponse)
        return response
