"""Whoever asks by a program follows the turn of what they said, from its beginning or from a repeat on."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing, suppress

from runtime.errors import Conflict, HongyanError, NotFound, TooMany
from runtime.gateway.allowance import check_length
from runtime.gateway.as_public import as_public
from runtime.gateway.canned import REUSED, busy, slower
from runtime.gateway.context import Context
from runtime.gateway.intake import Intake
from runtime.gateway.job import Job
from runtime.gateway.judging import thanks
from runtime.gateway.listening import Listening
from runtime.gateway.live import name_of
from runtime.gateway.paused import shut_to
from runtime.gateway.scored import Scored
from runtime.gateway.surfaces import Surface
from runtime.gateway.waited import waited
from runtime.gateway.worker import Worker
from runtime.lang import NOTHING, Text, as_it_is
from runtime.message import Message
from runtime.store.messages.accepting import Accepted
from runtime.store.messages.asked import Asked
from runtime.store.vanishing import Vanishing
from runtime.turn.events import Event, Failed, Replied, Stored, TextDelta
from runtime.turn.telling import Tell

MINUTE = 60.0
PLACING, SOON = 20, 0.05
"""How often, and seconds after which, it is looked whether a message that was stored has got its place."""


class Following:
    def __init__(self, context: Context, intake: Intake, worker: Worker, vanishing: Vanishing) -> None:
        self._messages = context.messages
        self._surfaces = context.surfaces
        self._clock, self._allowance, self._doctor = context.clock, context.allowance, context.doctor
        self._intake = intake
        self._worker = worker
        self._background = context.background
        self._asked = Asked(context.messages.database)
        self._vanishing, self._scored = vanishing, Scored(context)

    async def stream(
        self,
        publication: str,
        message: Message,
        *,
        pieces: bool = True,
        needs_listener: bool = False,
        tell: Tell | None = None,
    ) -> AsyncGenerator[Event, None]:
        """Accept a message and follow its turn: the first event is Stored, unless it is over already, and the
        last Replied or Failed.

        `pieces`: the text is wanted as the model writes it, which costs a lot more CPU. `needs_listener`: the
        turn ends when nobody listens any more; else it goes on. `tell` is told of text at once, where this
        instance works on it; who gives it waits for nothing between two events. A repeat of an id gets the
        same answer, or begins anew when there was no room for it.
        Raises NotFound, StoreFailed; Conflict for a repeat that says something else; Refused (too_large).
        """
        surface = self._surface(publication)
        if shut := shut_to(surface, self._worker.draining):
            yield shut
            return
        message = await self._worker.debugging.heard(surface, message)
        if said := thanks(surface, message := await self._judged(surface, message)):
            await self._noted(surface, message)
            yield Stored()
            yield Replied(said, 0)
            return
        asks = {"pieces": pieces, "needs_listener": needs_listener}
        async with aclosing(self._followed(surface, message, tell, **asks)) as events:
            async for event in events:
                yield event

    async def _followed(
        self, surface: Surface, message: Message, tell: Tell | None, *, pieces: bool, needs_listener: bool
    ) -> AsyncGenerator[Event, None]:
        accepted = await self._accepted(surface, message, needs_listener=needs_listener)
        elsewhere = self._listening(surface, message, accepted, pieces=pieces, needs_listener=needs_listener)
        if elsewhere:
            yield Stored()
            async with aclosing(elsewhere.events()) as told:
                async for event in told:
                    yield event
        begins, ended = await self._before(accepted, message)
        job = self._worker.find(accepted.seq)
        begins = begins and job is None
        if begins:
            job = await self._begun(surface, message, accepted, pieces=pieces, needs_listener=needs_listener)
        if job is None or job.ended:
            last = (job and job.ended) or ended or await self._stored_end(accepted.seq)
            for event in _ends(elsewhere, last):
                yield event
            return
        with job.listener(tell and _public(job, tell)) as events:
            if begins:
                self._worker.put(job)
            for event in (Stored(), *_missed(job)):
                yield event
            newest: Event = Stored()
            while not isinstance(newest, Replied | Failed):
                newest = as_public(job, await events.get())
                yield newest

    async def _judged(self, surface: Surface, message: Message) -> Message:
        """Where its person was asked something, what they say to that. Raises StoreFailed."""
        if surface.door is None or not message.follows or "results" in message.wishes:
            return message
        return await self._scored.understood(surface, message)

    async def _noted(self, surface: Surface, message: Message) -> None:
        """Raises Refused, StoreFailed, TooMany."""
        accepted = await self._accepted(surface, message, needs_listener=False)
        if accepted.is_to_begin:
            await self._intake.begin(surface, message, accepted)

    def _surface(self, publication: str) -> Surface:
        """Raises NotFound."""
        if surface := self._surfaces.find(publication):
            return surface
        raise NotFound(Text("这个智能体还没有发布。", "This agent is not published."))

    async def _accepted(self, surface: Surface, message: Message, *, needs_listener: bool) -> Accepted:
        """Raises Refused, StoreFailed, Conflict."""
        check_length(message)
        if message.follows and await self._allowance.judge(surface, message) != "taken":
            raise TooMany(as_it_is(slower(surface.agent)), MINUTE)
        taking = asyncio.ensure_future(self._intake.accept(surface, message))
        try:
            accepted = await asyncio.shield(taking)
        except asyncio.CancelledError:
            self._background.start(self._begun_alone(taking, surface, message, needs_listener=needs_listener))
            raise
        if not accepted.is_new and not await self._asked.is_same(accepted.seq, message):
            raise Conflict(REUSED, field="Idempotency-Key", code="idempotency_key_reused")
        if accepted.is_new and message.follows:
            self._doctor.saw(surface.id, "message", "", self._clock())
        return accepted

    async def _begun_alone(
        self,
        taking: "asyncio.Future[Accepted]",
        surface: Surface,
        message: Message,
        *,
        needs_listener: bool,
    ) -> None:
        """Who brought it went away while it was stored: it is answered all the same, for when they come
        back, or ends as one that nobody waits for."""
        with suppress(HongyanError):
            accepted = await taking
            if accepted.is_to_begin and self._worker.find(accepted.seq) is None:
                asks = {"pieces": False, "needs_listener": needs_listener}
                if job := await self._begun(surface, message, accepted, **asks):
                    if needs_listener:
                        job.unwanted.set()
                    self._worker.put(job)

    async def _begun(
        self, surface: Surface, message: Message, accepted: Accepted, *, pieces: bool, needs_listener: bool
    ) -> Job | None:
        """None where there is no room for it. Raises StoreFailed."""
        job = Job(
            accepted.seq,
            surface,
            message,
            history=accepted.history if accepted.is_new else None,
            may_wait=accepted.waits,
            pieces=pieces,
            needs_listener=needs_listener,
        )
        if not self._worker.is_full_for(job.lane):
            return job
        await self._messages.shed(job.seq, busy(surface.agent), self._clock())
        return None

    def _listening(
        self,
        surface: Surface,
        message: Message,
        accepted: Accepted,
        *,
        pieces: bool,
        needs_listener: bool,
    ) -> Listening | None:
        """Where another instance works on it."""
        if accepted.is_ours or accepted.state != "accepted" or self._worker.find(accepted.seq):
            return None
        name, instances = name_of(surface.id, message, accepted.seq), self._messages.instances
        asks = {"pieces": pieces, "needs_listener": needs_listener}
        return Listening(self._vanishing, instances, accepted.seq, name, **asks)

    async def _before(self, accepted: Accepted, message: Message) -> tuple[bool, Event | None]:
        """Whether its turn begins, and how it ended, if it is a repeat on which nobody works any more.

        What a program's tools gave names itself by what it says: said again, it is to go better this time.
        """
        if message.follows and accepted.state == "handed":  # an operator's words come by themselves
            said = await self._messages.outcome(accepted.seq)
            return False, Replied(said.reply if said else "", 0)
        if accepted.is_to_begin or self._worker.find(accepted.seq):
            return accepted.is_to_begin, None
        if accepted.state == "accepted" and accepted.is_ours and not await self._is_placed(accepted.seq):
            return True, None
        ended = await self._stored_end(accepted.seq)
        is_tried_again = isinstance(ended, Failed) and (ended.code == "shed" or "results" in message.wishes)
        if is_tried_again:  # of several repeats one begins it
            return await self._messages.again(accepted.seq, self._clock()) is not None, None
        return False, ended

    async def _is_placed(self, seq: int) -> bool:
        """Whether whoever stored it works on it, or did: else they went away in between, and it is begun by
        who asks again."""
        for _ in range(PLACING):
            if self._worker.find(seq) or await self._messages.outcome(seq):
                return True
            await asyncio.sleep(SOON)
        return False

    async def _stored_end(self, seq: int) -> Event:
        found = await self._messages.outcome(seq)
        if found is None:
            return Failed("abandoned", NOTHING)
        if found.failure:
            return Failed(found.failure, as_it_is(found.reply))
        left = await self._messages.one_answers.waits(seq)
        return waited(found.reply, 0, left) if left else Replied(found.reply, 0, finish=found.finish)


def _ends(elsewhere: Listening | None, last: Event) -> Iterable[Event]:
    return elsewhere.end(last) if elsewhere else (last,)


def _missed(job: Job) -> list[TextDelta]:
    """What was written before anybody listened."""
    return [as_public(job, TextDelta(block, "".join(pieces))) for block, pieces in job.written.items()]


def _public(job: Job, tell: Tell) -> Tell:
    """See as_public. Which version answers is known once the turn begins."""
    return lambda event: tell(as_public(job, event))
