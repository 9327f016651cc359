"""Bring an answer to the person, by the best way this account allows."""

import asyncio
import contextlib
import logging
from asyncio import FIRST_COMPLETED
from dataclasses import asdict, replace

from runtime.channels import Announces, HandsOver, Responds, WebResponse
from runtime.crash import crashpoint
from runtime.errors import SendFailed
from runtime.gateway.canned import DOUBT, MORE, SEE, is_ready, waiting, wants_kept_answer
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.alone import Alone, responded
from runtime.gateway.delivery.bubbles import Bubbles
from runtime.gateway.delivery.fetched import is_fetched, is_not_brought
from runtime.gateway.delivery.fitting import fitting
from runtime.gateway.delivery.in_response import answered
from runtime.gateway.delivery.invitation import Invitation
from runtime.gateway.delivery.push import Push
from runtime.gateway.delivery.rates import Rates
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.showing import Showing
from runtime.gateway.job import Holder, Job, Listens
from runtime.gateway.surfaces import Surface
from runtime.message import NAMES, Message, Quota
from runtime.store.messages.carried import Carried, Part

log = logging.getLogger(__name__)

GRACE = 0.03
"""Seconds that an account which may push waits for an instant answer, so that it costs no push."""

HANG = 0.8
"""Seconds beyond the window after which the platform surely hung up and will send the message again."""

RESPONSE = 2.0
"""Seconds that a held callback gets to take an answer before it is pushed."""

HUNG_UP = WebResponse(status=503)
"""For nobody."""


async def always() -> bool:
    return True


class Delivery:
    """The reply ladder: in the response → in the response to a repeat → pushed → kept for later."""

    def __init__(
        self,
        context: Context,
        abilities: Abilities,
        sender: Sender,
        rates: Rates,
        push: Push,
        invitation: Invitation,
        showing: Showing,
    ) -> None:
        self._alone = Alone(context, showing)
        self._showing = showing
        self._parts = context.messages.parts
        self._newest = context.messages.newest
        self._abilities = abilities
        self._sender = sender
        self._rates = rates
        self._push = push
        self.bubbles = Bubbles(context, sender, rates, showing)
        self._invitation = invitation
        self._metrics = context.metrics
        self._clock = context.clock

    async def respond(
        self,
        surface: Surface,
        channel: Responds,
        message: Message,
        seq: int,
        job: Job | None,
        listens: Listens = always,
        spent: float = 0.0,
    ) -> WebResponse:
        """Answer one callback: hold it open for the answer as long as makes sense for this account. `spent`:
        seconds of its window that are over."""
        if surface.streamer and surface.streamer.grows(message):
            return await self.bubbles.respond(surface.by(channel), message, seq, job)
        can_push = self._abilities.can_push(surface)
        if job is None:
            if can_push and not wants_kept_answer(message):
                return channel.acknowledge()  # a late repeat: its answer is being pushed
            return await self._carry(surface, channel, message, seq)
        attempt = job.arrived(asyncio.get_running_loop().time())
        if can_push and job.acknowledged:
            return channel.acknowledge()  # nobody would read an answer in this response
        patience = max(0.0, self.patience(surface, message) - spent)
        holder = Holder(seq, listens)
        if patience and await self._held(job, holder, patience):
            return await self._held_response(job, channel, message, holder)
        if self._abilities.can_push(surface) is not False:  # it may have been found out meanwhile
            job.acknowledged = True
            return channel.acknowledge()
        return await self.put_off(surface, channel, message, seq, attempt, listens)

    async def put_off(
        self, surface: Surface, channel: Responds, message: Message, seq: int, attempt: int, listens: Listens
    ) -> WebResponse:
        """The answer is not there in time, and cannot be pushed."""
        if attempt < channel.attempts:
            # Nobody listens after this: the platform has hung up and will send the message again.
            await asyncio.sleep(HANG)
            return HUNG_UP
        if not await listens():
            return HUNG_UP
        invitation = await self._invitation.write(surface, seq, SEE)
        otherwise = f"{waiting(surface.agent)}\n{invitation}"
        return await self._carry(surface, channel, message, seq, otherwise)

    async def _held_response(
        self, job: Job, channel: Responds, message: Message, holder: Holder
    ) -> WebResponse:
        """The answer is there while the callback is held."""
        surface = job.surface
        if job.response is not None and holder.seq == job.seq:
            crashpoint("after_record")
            self._metrics.deliveries.labels(surface.kind, "passive", "sent", "").inc()
            return responded(channel, message, job.response, self._clock())
        if not await holder.listens():
            job.holders.remove(holder)
            return HUNG_UP  # what it carried would be taken for seen
        if self._abilities.can_push(surface) and await self._alone.is_better_pushed(surface, message):
            job.holders.remove(holder)
            job.acknowledged = True
            response = channel.acknowledge()
        else:
            response = self._handed(job, channel) or await self._carry(surface, channel, message, holder.seq)
        job.responded.set()
        return response

    def close(self) -> None:
        """What waits for its time is kept for the next start."""
        self._rates.close()

    def _handed(self, job: Job, channel: Responds) -> WebResponse | None:
        """The response that hands the person over, where one can; what the agent says to it is pushed."""
        may = job.handed and job.surface.hander is not None
        return channel.handed(job.message, self._clock()) if may and isinstance(channel, HandsOver) else None

    def may_push(self, surface: Surface) -> bool:
        """Unless it is known that the account may not."""
        return self._abilities.can_push(surface) is not False

    async def quota(self, job: Job) -> Quota | None:
        """What may be pushed, if this account may push at all. What we began ourselves opens no window."""
        pusher = job.surface.pusher
        if pusher is None or job.goes_elsewhere or self._abilities.can_push(job.surface) is False:
            return None
        if await is_fetched(job, self._newest):
            return None
        return replace(pusher.quota(job.newest), unasked=isinstance(pusher, Announces))

    async def reserve(self, job: Job) -> tuple[str, str, Quota] | None:
        """What the record of the answer claims in the same step, if it can leave at once."""
        quota = None if self.bubbles.carries(job) else await self.quota(job)
        if quota is None or self._abilities.is_resting(job.surface):
            return None
        if await self._rates.pause(job.surface, job.message.sender):
            return None
        job.place = job.place or await self._sender.place_at_once(job.surface)
        return (*job.lane, quota) if job.place else None

    async def deliver(self, job: Job) -> None:
        """The answer is stored: push it, or keep it, unless a held callback carries it."""
        if job.response is not None:
            return
        if job.holders:
            try:
                await asyncio.wait_for(job.responded.wait(), RESPONSE)
            except TimeoutError:
                log.warning("no held callback took the answer of message %s", job.seq)
        if await is_not_brought(job, self._newest):
            await self._parts.carry(job.seq, *job.lane, lambda parts, _: Carried("", parts), self._clock())
            return
        if await self.bubbles.deliver(job):
            return
        while not await self._push_or_keep(job):
            pass

    async def _push_or_keep(self, job: Job) -> bool:
        """False when something is left to do: it was not the time for all of it, or the account was well
        again before what was held was on the disk, so that nobody comes for it."""
        taken, job.taken = job.taken, None  # if the disk refuses something, it is not sent twice
        rested = self._abilities.is_resting(job.surface)
        try:
            quota = None if taken or rested else await self.quota(job)
            if quota:
                await self._make_ready(job.surface, job.lane)
            if quota and not await self._is_time(job):
                quota = None  # the program ends; it goes out after the next start
            if quota and await self._place(job) and not (rested := self._abilities.is_resting(job.surface)):
                crashpoint("before_send")
                taken = await self._parts.take(*job.lane, quota, self._clock())
            state = await self._push.deliver(job, taken) if taken else "held"
        finally:
            job.give_place_back()
        if state in ("sent", "paced"):
            return state == "sent"
        parts = taken.parts if taken else await self._parts.waiting(*job.lane)
        await self._parts.keep({part.seq for part in parts}, self._clock(), told=state == "kept")
        return not rested or self._abilities.is_resting(job.surface)

    async def _is_time(self, job: Job) -> bool:
        """Wait until something may be sent to this person; others are not held up meanwhile."""
        if await self._rates.pause(job.surface, job.message.sender):
            job.give_place_back()
            job.waits.set()
        return await self._rates.wait(job.surface, job.message.sender)

    async def _make_ready(self, surface: Surface, lane: tuple[str, str]) -> None:
        """What is to be shown is at the platform before anything says that it is being sent."""
        if surface.shower is None:
            return
        for part in await self._parts.waiting(*lane):
            with contextlib.suppress(SendFailed):  # told when it is sent
                await self._showing.shown(surface, part)

    async def _place(self, job: Job) -> bool:
        """Wait for the right to send; what is not sent yet is not claimed."""
        if not job.place:
            try:
                job.place = await self._sender.place(job.surface)
            except SendFailed as e:
                log.warning("message %s waits to be pushed: %s", job.seq, e.text.en)
                await self._abilities.refused(job.surface, e)
        return job.place is not None

    def patience(self, surface: Surface, message: Message) -> float:
        """Seconds to hold a callback open."""
        pusher, can_push = surface.pusher, self._abilities.can_push(surface)
        responder = _responder(surface)
        if not can_push or responder.responds_first or (pusher and not pusher.quota(message).pushes):
            return responder.response_seconds
        return GRACE if surface.may_be_instant or is_ready(surface.agent, message) else 0.0

    async def _held(self, job: Job, holder: Holder, seconds: float) -> bool:
        """Wait for the answer; whether it came. Not longer than until it turns out that it can be pushed."""
        job.holders.append(holder)
        now = asyncio.get_running_loop().time
        end = now() + seconds
        probing = self._abilities.probing(job.surface)
        if probing and not probing.done():
            await asyncio.wait({job.answered, probing}, timeout=seconds, return_when=FIRST_COMPLETED)
            if self._abilities.can_push(job.surface):
                end = now() + GRACE
        return await answered(job, holder, end - now())

    async def _carry(
        self, surface: Surface, channel: Responds, message: Message, seq: int, otherwise: str = ""
    ) -> WebResponse:
        """Put into the response what fits of what waits for this person, oldest first."""
        size = surface.channel.limits.size
        more = ""
        if self._abilities.can_push(surface) is False:
            more = await self._invitation_to_more(surface, message)

        alone = await self._alone.shown(surface, message)

        def compose(parts: list[Part], secret: str) -> Carried:
            if alone and parts == [alone[0]] and not secret:
                return Carried(parts[0].text or NAMES["voice"], parts, shown=asdict(alone[1]))
            # nobody knows whether an earlier answer arrived
            doubt = f"{self._invitation.line(surface, secret, DOUBT)}\n\n" if secret else ""
            room = surface.channel.limits.room - size(doubt)
            carried = fitting(parts, room, more, size)
            text = "\n\n".join(part.text for part in carried) or otherwise
            announced = f"{text}\n{more}"
            is_cut = bool(more) and len(carried) < len(parts) and size(announced) <= room
            return Carried((doubt + (announced if is_cut else text)).strip(), carried, is_cut)

        response = await self._parts.carry(
            seq, surface.id, message.sender, compose, self._clock(), asked=wants_kept_answer(message)
        )
        if not response.text:
            return channel.acknowledge()
        self._metrics.deliveries.labels(surface.kind, "passive", "sent", "").inc()
        return responded(channel, message, response, self._clock())

    async def _invitation_to_more(self, surface: Surface, message: Message) -> str:
        """Only when there is more than fits: most answers fit."""
        parts = await self._parts.waiting(surface.id, message.sender)
        limits = surface.channel.limits
        if sum(limits.size(part.text) + 2 for part in parts) <= limits.room:
            return ""
        return await self._invitation.write(surface, parts[-1].seq, MORE)


def _responder(surface: Surface) -> Responds:
    assert surface.responder
    return surface.responder
