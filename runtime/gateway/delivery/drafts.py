"""What is written of an answer, shown for a moment where a platform has something for that (see Drafts).

An ornament: what is refused is left alone, and the answer itself is delivered as if nothing had been shown.
"""

import asyncio
import logging
import math

from runtime.channels import Bubble, Drafts
from runtime.errors import SendFailed
from runtime.gateway.canned import canned
from runtime.gateway.context import Context
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.growing import Growing, bubble_id, growing, so_far
from runtime.gateway.job import Job
from runtime.gateway.lasting import now

log = logging.getLogger(__name__)


class ShownDrafts:
    def __init__(self, context: Context, sender: Sender) -> None:
        self._sender = sender
        self._background = context.background

    def begin(self, job: Job) -> None:
        """Its turn begins."""
        drafter = job.surface.drafter
        if (
            drafter is None
            or job.stored
            or job.answered.done()
            or job.message.unasked
            or not drafter.drafts(job.message)
        ):
            return
        if canned(job.surface.agent, job.message) is not None:
            return
        bubble = Bubble(bubble_id(job.surface.id, job.seq, job.message), job.message)
        written = growing(bubble, job.surface.agent, math.inf)
        job.pieces = True
        job.watchers.append(written.events.put_nowait)
        self._background.start(self._show(job, written, drafter))

    async def _show(self, job: Job, written: Growing, drafter: Drafts) -> None:
        """Until the answer is stored."""
        shown, at = "", now()
        while not job.answered.done():
            text = so_far(job.surface, written)
            if text and (text != shown or now() - at >= drafter.draft_life):
                request = drafter.draft(written.bubble, text)
                try:
                    await self._sender.asked(drafter, request, drafter.drafted)
                except SendFailed as e:
                    log.debug(
                        "the answer to message %s is not shown while it is written: %s", job.seq, e.text.en
                    )
                    return
                shown, at = text, now()
            await asyncio.wait([job.answered], timeout=drafter.draft_seconds)
