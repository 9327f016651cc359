"""Push what waits for a person, within the account's quota."""

import asyncio
import logging
import time
from collections.abc import Callable

from runtime.crash import crashpoint
from runtime.errors import SendFailed
from runtime.gateway.abilities import Abilities
from runtime.gateway.background import Background
from runtime.gateway.canned import DOUBT, MORE
from runtime.gateway.invitation import Invitation
from runtime.gateway.job import Job
from runtime.gateway.patience import patiently
from runtime.gateway.sender import Sender
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.metrics import Metrics
from runtime.store.parts import Part, Parts, PartState, Taken

log = logging.getLogger(__name__)

RETRIES = (1.0, 3.0, 9.0)
"""Pauses before another try of a push that may succeed."""

TYPING_AFTER = 1.0
"""Seconds without an answer after which the person is shown that one is being written."""

TYPING_PAUSE = 0.02
"""Seconds between two people who are shown it: in a rush an ornament must not cost more than answers."""


class Push:
    """Sends parts in order; what cannot be sent is kept."""

    def __init__(
        self,
        parts: Parts,
        abilities: Abilities,
        sender: Sender,
        invitation: Invitation,
        metrics: Metrics,
        background: Background,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._parts = parts
        self._abilities = abilities
        self._sender = sender
        self._invitation = invitation
        self._metrics = metrics
        self._background = background
        self._typing = asyncio.Lock()
        self._clock = clock

    async def deliver(self, job: Job, taken: Taken) -> bool:
        """Push what the person's newest message allows; of more, say in the last push where it is.

        Returns whether everything is on its way; what is not is to be kept.
        """
        to, doubtful = job.message.sender, None
        for place, part in enumerate(taken.chosen):
            if place > 0:
                crashpoint("before_send")
                if not await self._parts.claim(part, self._clock()):
                    continue  # somebody else has it
            state = await self._one(job.surface, to, part)
            if state == "unknown":
                doubtful = part.seq
            elif state != "sent":
                return False  # the rest would arrive before this part
        if not taken.fits and taken.left > 0:
            await self._announce(job.surface, to, taken.parts[-1].seq, MORE)
        elif doubtful is not None and len(taken.chosen) < taken.left:
            await self.offer(job.surface, to, doubtful)
        return taken.fits

    async def offer(self, surface: Surface, to: str, seq: int) -> None:
        """Nobody knows whether it arrived: say where the answer is. Sent again it might be there twice."""
        await self._announce(surface, to, seq, DOUBT)

    def show_typing_soon(self, job: Job) -> None:
        """After a while and until the answer is there."""

        def begin() -> None:
            if not job.answered.done():
                self._background.start(self._show_typing(job))

        if job.surface.typist:
            asyncio.get_running_loop().call_later(TYPING_AFTER, begin)

    async def _show_typing(self, job: Job) -> None:
        """A platform that refuses is left alone: it is only an ornament."""
        typist, is_over = job.surface.typist, False
        while typist and not is_over:
            async with self._typing:
                await asyncio.sleep(TYPING_PAUSE)
            if job.answered.done():
                return
            try:
                await self._sender.show_typing(job.surface, job.message.sender)
            except SendFailed as e:
                log.debug("typing is not shown for message %s: %s", job.seq, e.text.en)
                return
            is_over = bool((await asyncio.wait([job.answered], timeout=typist.typing_seconds))[0])

    async def _one(self, surface: Surface, to: str, part: Part) -> PartState:
        """Send a claimed part."""
        crashpoint("after_claim")
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
        # only the record is tried again: the person has it
        await patiently(part.seq, lambda: self._parts.pushed(part, state, code, self._clock()))
        crashpoint("after_record")
        self._metrics.deliveries.labels("push", state, code).inc()
        return state

    async def _announce(self, surface: Surface, to: str, seq: int, label: Text) -> None:
        text = await self._invitation.write(surface, seq, label)
        if await self._send(surface, to, text) is None:
            await patiently(seq, lambda: self._parts.noticed(seq, text, self._clock()))

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
