"""Push what waits for a person, within the account's quota."""

import asyncio
import logging
import time
from collections.abc import Callable

from runtime.crash import crashpoint
from runtime.errors import SendFailed
from runtime.gateway.abilities import Abilities
from runtime.gateway.canned import DOUBT, MORE
from runtime.gateway.invitation import Invitation
from runtime.gateway.job import Job
from runtime.gateway.sender import Sender
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.metrics import Metrics
from runtime.store.parts import Part, Parts, PartState

log = logging.getLogger(__name__)

RETRIES = (1.0, 3.0, 9.0)
"""Pauses before another try of a push that may succeed."""

TYPING_AFTER = 1.0
"""Seconds without an answer after which the person is shown that one is being written."""


class Push:
    """Sends parts in order; what cannot be sent is kept."""

    def __init__(
        self,
        parts: Parts,
        abilities: Abilities,
        sender: Sender,
        invitation: Invitation,
        metrics: Metrics,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._parts = parts
        self._abilities = abilities
        self._sender = sender
        self._invitation = invitation
        self._metrics = metrics
        self._clock = clock

    async def deliver(self, job: Job, waiting: list[Part]) -> bool:
        """Push what the person's newest message allows; of more, say in the last push where it is.

        Returns whether everything is on its way; what is not is to be kept.
        """
        surface = job.surface
        quota = surface.channel.quota(job.message)
        left = await self._parts.pushes_left(*job.lane, quota.pushes, quota.seconds, self._clock())
        fits = len(waiting) <= left
        for part in waiting if fits else waiting[: max(0, left - 1)]:
            if not await self._one(surface, job.message.sender, part):
                return False  # the rest would arrive before this part
        if not fits and left > 0:
            await self._announce(surface, job.message.sender, waiting[-1].seq, MORE)
        return fits

    async def offer(self, surface: Surface, to: str, seq: int) -> None:
        """After a crash in the middle of sending nobody knows whether it arrived: say where the answer is.

        Sending it again could show it twice. Without a page of ours only the operator sees it.
        """
        if self._invitation.has_page:
            await self._announce(surface, to, seq, DOUBT)

    async def show_typing(self, job: Job) -> None:
        """Until the answer is there. A platform that refuses is left alone: it is only an ornament."""
        typist, to = job.surface.typist, job.message.sender
        pause = TYPING_AFTER
        while typist and not (await asyncio.wait([job.answered], timeout=pause))[0]:
            try:
                await self._sender.show_typing(job.surface, to)
            except SendFailed as e:
                log.debug("typing is not shown for message %s: %s", job.seq, e.text.en)
                return
            pause = typist.typing_seconds

    async def _one(self, surface: Surface, to: str, part: Part) -> bool:
        """Whether the next part may follow."""
        crashpoint("before_send")
        if not await self._parts.claim(part, self._clock()):
            return True
        error = await self._send(surface, to, part.text)
        crashpoint("after_send")
        state: PartState = "sent"
        if error is None:
            self._abilities.worked(surface)
        else:
            state = _state_after(surface, error)
            log.warning("push of message %s part %s: %s", part.seq, part.number, error.text.en)
            await self._abilities.refused(surface, error)
        code = error.code if error else ""
        await self._parts.pushed(part, state, code, self._clock())
        crashpoint("after_record")
        self._metrics.deliveries.labels("push", state, code).inc()
        return state in ("sent", "unknown")

    async def _announce(self, surface: Surface, to: str, seq: int, label: Text) -> None:
        text = await self._invitation.write(surface, seq, label)
        if await self._send(surface, to, text) is None:
            await self._parts.noticed(seq, text, self._clock())

    async def _send(self, surface: Surface, to: str, text: str) -> SendFailed | None:
        for pause in (*RETRIES, None):
            try:
                await self._sender.send(surface, to, text)
            except SendFailed as e:
                if not e.retryable or pause is None:
                    return e
                await asyncio.sleep(pause)
            else:
                break
        return None


def _state_after(surface: Surface, error: SendFailed) -> PartState:
    if error.code == "uncertain":
        return "unknown"
    gone = surface.pusher is not None and error.code in surface.pusher.unreachable_codes
    return "unreachable" if gone else "kept"
