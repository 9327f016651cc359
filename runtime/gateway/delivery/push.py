"""Push what waits for a person, within the account's quota."""

import asyncio
import logging
from functools import partial
from typing import Literal

from runtime.crash import crashpoint
from runtime.errors import SendFailed
from runtime.gateway.canned import DOUBT, MORE
from runtime.gateway.context import Context, Handing
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.along import usable
from runtime.gateway.delivery.doubts import Doubts
from runtime.gateway.delivery.invitation import Invitation
from runtime.gateway.delivery.rates import TOO_SOON, Rates
from runtime.gateway.delivery.refused import counted, is_about_the_part, may_be_about_the_part, state_after
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.showing import Showing
from runtime.gateway.delivery.typing_sign import TypingSign
from runtime.gateway.job import Job
from runtime.gateway.offers import greeted
from runtime.gateway.patience import patiently
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.message import Message
from runtime.store.messages.carried import Part
from runtime.store.messages.part_key import key_of, notice_of, part_of
from runtime.store.messages.parts import Pushed, Taken

log = logging.getLogger(__name__)

RETRIES = (1.0, 3.0, 9.0)
"""Pauses before another try of a push that the platform was too busy to take."""

LONGEST_WAIT = 30.0
"""Seconds of one that the platform asks for; of a longer one the account rests, and the part waits for
that."""

Ended = Literal["sent", "held", "paced"]
"""What became of a piece: with the person; goes out when the account is well; it was not the time for it."""

TYPING_AFTER = 1.0
"""Seconds without an answer after which the person is shown that one is being written."""


class Push:
    """Sends parts in order; what cannot be sent is kept."""

    def __init__(
        self,
        context: Context,
        abilities: Abilities,
        sender: Sender,
        rates: Rates,
        invitation: Invitation,
        showing: Showing,
    ) -> None:
        self._messages = context.messages
        self._showing = showing
        self._parts = context.messages.parts
        self._abilities = abilities
        self._doubts = Doubts(abilities)
        self._sender = sender
        self._sign = TypingSign(sender)
        self._rates = rates
        self._invitation = invitation
        self._metrics = context.metrics
        self._background = context.background
        self._clock = context.clock
        self._handings = context.handings

    async def deliver(self, job: Job, taken: Taken) -> Literal["kept"] | Ended:
        """Push what the person's newest message allows; of more, say in the last push where it is.

        Whoever calls holds a place. Returns what became of all: sent, kept (the rest is told of), held, or
        paced: the rest is to be sent a little later.
        """
        surface = job.surface
        spare = taken.left - len(taken.chosen) - (0 if taken.fits else 1)
        for seq in taken.doubts[: max(0, spare)]:
            if not self._doubts.is_time(surface, seq):
                continue
            # nobody knows whether it arrived: say where it is. Sent again it might be there twice
            told = await self._announce(surface, job.newest, seq, DOUBT)
            if told in ("held", "paced"):
                return told
        for place, part in enumerate(taken.chosen):
            is_claimed = place == 0 and taken.claimed
            if (state := await self._next(job, part, is_claimed=is_claimed)) != "sent":
                return state  # the rest would arrive before this part
            if self._abilities.is_resting(surface) and place < len(taken.chosen) - 1:
                return "held"
        if taken.fits:
            return "sent"
        last = taken.parts[-1].seq
        may_tell = taken.left > 0 and self._doubts.is_time(surface, last)
        told = await self._announce(surface, job.newest, last, MORE) if may_tell else "held"
        if told == "sent":
            return "kept"
        return "held" if told == "refused" else told

    async def _next(self, job: Job, part: Part, *, is_claimed: bool) -> Ended:
        """One part in its turn."""
        if not is_claimed:
            if await self._rates.pause(job.surface, job.message.sender):
                return "paced"
            crashpoint("before_send")
            if not await self._parts.claim(part, self._clock()):
                return "sent"  # somebody else has it
        state = await self._one(job, part)
        if state in ("sent", "unknown"):
            return "sent"
        return "paced" if state == "ready" else "held"

    def show_typing_soon(self, job: Job) -> None:
        """After a while and until the answer is there."""

        def begin() -> None:
            if not job.answered.done() and not self._background.is_over:
                thread = partial(self._thread, job.surface, job.message.sender)
                self._background.start(self._sign.until_answered(job, thread))

        if job.surface.typist:
            asyncio.get_running_loop().call_later(TYPING_AFTER, begin)

    def say_soon(self, surface: Surface, to: str, text: str) -> None:
        """A sentence of ours that is not kept: what it is about was not taken."""
        if self._abilities.can_push(surface) and not self._abilities.is_resting(surface):
            self._background.start(self._say(surface, to, text))

    async def _say(self, surface: Surface, to: str, text: str) -> None:
        if not await self._rates.wait(surface, to):
            return
        try:
            place = await self._sender.place(surface)
        except SendFailed as e:
            log.debug("not said to a person of %s: %s", surface.id, e.text.en)
            return
        try:
            await self._send(surface, to, text, f"said {self._clock()}")
        finally:
            place.give_back()

    async def _one(self, job: Job, part: Part) -> Pushed:
        """Send a claimed part. Between two tries nothing says that it is being sent. `ready`: it did not
        leave, because the person would get too much in too short a time."""
        surface, to = job.surface, job.message.sender
        event = job.message if part.seq == job.seq and job.message.kind == "event" else None
        for pause in (*RETRIES, None):
            crashpoint("after_claim")
            what = part_of(part.seq, part.number, part.bounces)
            error = await self._send_part(surface, job, part, what, event)
            crashpoint("after_send")
            if error and error.code == TOO_SOON:
                await self._record(job, part, "ready", error.code)
                return "ready"
            if error is None or pause is None or not self._is_tried_again(surface, error):
                break
            await self._record(job, part, "ready", error.code)
            await asyncio.sleep(max(pause, error.wait))
            if not await self._parts.claim(part, self._clock()):
                return "sent"  # the response to a callback carried it meanwhile
        state: Pushed = "sent" if error is None else state_after(surface, error)
        is_told = error is not None and state == "held" and await self._is_told_instead(job, part, error)
        state = "unknown" if is_told else state
        code = counted(error.code) if error else ""
        await self._record(job, part, state, code)
        crashpoint("after_record")
        if error is None:
            self._doubts.worked(surface)
        else:
            log.warning("push of message %s part %s: %s", part.seq, part.number, error.text.en)
            if not is_told:
                await self._abilities.refused(surface, error)
            if surface.hander and error.code in surface.hander.refused_at_desk:
                self._handings.put_nowait(Handing("refused", surface, to))
        self._metrics.deliveries.labels(surface.kind, "push", state, code).inc()
        return state

    async def _send_part(
        self, surface: Surface, job: Job, part: Part, what: str, event: Message | None
    ) -> SendFailed | None:
        """As what it is, or in words where the platform does not take it so. See _send."""
        to = job.message.sender
        for _ in range(2 if part.kind != "text" or part.data else 0):
            try:
                if (shown := await self._showing.shown(surface, part)) is None:
                    break
                key = key_of(surface.id, to, what, part.text)
                thread = await self._thread(surface, to)
                greeting = greeted(surface, shown, event, key)
                async with self._rates.leaving(surface, to):
                    if greeting:
                        await self._sender.greet(surface, greeting)
                    else:
                        after = usable(surface, job.newest, self._clock())
                        sent = await self._sender.send_shown(surface, to, shown, key, after, thread)
                        await self._named(part.seq, sent)
            except SendFailed as e:
                if surface.pusher and e.code in surface.pusher.codes.gone:
                    await self._showing.gone(surface, part)
                elif is_about_the_part(surface, e):
                    self._showing.goes_in_words(part, e.text)
                    break
                else:
                    return e
            else:
                return None
        if not part.text:
            return None  # its words are in another part
        return await self._send(surface, to, part.text, what, event, job.newest, part.seq)

    async def _is_told_instead(self, job: Job, part: Part, error: SendFailed) -> bool:
        """Whether the person is told where this is: what goes through where it did not shows that nothing but
        its words is refused, which they will be each time, and what comes after it would wait for ever."""
        if not may_be_about_the_part(job.surface, error):
            return False
        surface, to, doubts = job.surface, job.message.sender, self._doubts
        if not doubts.was_told(part.seq) and doubts.is_time(surface, part.seq):
            told: Ended | Literal["refused"] = "paced"
            while told == "paced" and await self._rates.wait(surface, to):
                told = await self._announce(surface, job.newest, part.seq, DOUBT)
            if told == "sent":
                doubts.told(part.seq)
        return doubts.was_told(part.seq)

    def _is_tried_again(self, surface: Surface, error: SendFailed) -> bool:
        pusher = surface.pusher
        if pusher is None or error.code in pusher.codes.blocking or self._abilities.is_resting(surface):
            return False
        if error.wait > LONGEST_WAIT:
            return False
        return error.retryable or (error.code == "uncertain" and pusher.knows_repeats)

    async def _record(self, job: Job, part: Part, state: Pushed, code: str) -> None:
        # only the record is tried again: the person may have it
        parts, lane = self._parts, job.lane
        await patiently(part.seq, lambda: parts.pushed(part, state, code, self._clock(), lane=lane))

    async def _announce(
        self, surface: Surface, after: Message, seq: int, label: Text
    ) -> Ended | Literal["refused"]:
        """What failed is announced later: an answer nobody knows of is worse than some links to it.

        `refused`: the platform does not take these words, and has nothing against what comes after them."""
        if await self._rates.pause(surface, after.sender):
            return "paced"
        text = await self._invitation.write(surface, seq, label)
        event = after if after.kind == "event" else None
        if error := await self._send(surface, after.sender, text, notice_of(seq), event, after):
            if error.code == TOO_SOON:
                return "paced"
            is_alone = is_about_the_part(surface, error)
            if is_alone or error.code == "uncertain":
                self._doubts.failed(surface, seq)
            await self._abilities.refused(surface, error)
            return "refused" if is_alone else "held"
        self._doubts.worked(surface)
        await patiently(seq, lambda: self._parts.noticed(seq, text, self._clock()))
        return "sent"

    async def _send(
        self,
        surface: Surface,
        to: str,
        text: str,
        what: str,
        event: Message | None = None,
        after: Message | None = None,
        seq: int | None = None,
    ) -> SendFailed | None:
        """`what`: of which turn and part; `event`: what it answers, if no message; `after`: their newest;
        `seq`: of the message whose answer it is, which may be judged."""
        key = key_of(surface.id, to, what, text)
        greeting = surface.greeter.greet(text, event, key) if surface.greeter and event else None
        try:
            thread = await self._thread(surface, to)
            async with self._rates.leaving(surface, to):
                if greeting:
                    await self._sender.greet(surface, greeting)
                else:
                    now = usable(surface, after, self._clock())
                    sent = await self._sender.send(
                        surface, to, text, key, now, thread, unasked=now is not after
                    )
                    await self._named(seq, sent)
        except SendFailed as e:
            return e
        return None

    async def _named(self, seq: int | None, sent: str) -> None:
        """By which a judgement names it, where that is to be known. Raises StoreFailed."""
        if sent and seq is not None:
            await self._messages.parts.sent_as(seq, sent, self._clock())

    async def _thread(self, surface: Surface, to: str) -> str:
        """What has to go along with whatever this person is sent now, where the surface wants that."""
        return await self._messages.thread(surface.id, to) if surface.continues else ""
