"""A message from callback to answer."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

from runtime.channels import CanReceive, Verified, WebRequest, WebResponse
from runtime.crash import crashpoint
from runtime.errors import Conflict, NotFound, Refused
from runtime.gateway.allowance import Allowance, check_length
from runtime.gateway.background import Background
from runtime.gateway.blame import Blame
from runtime.gateway.canned import REUSED, STOPPING, busy, canned, slower, wants_kept_answer
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.invitation import Invitation
from runtime.gateway.delivery.ladder import Delivery, Listens, always
from runtime.gateway.delivery.push import Push
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.tokens import Tokens
from runtime.gateway.held import Held
from runtime.gateway.job import Job
from runtime.gateway.metrics import Metrics
from runtime.gateway.onlooker import Doctor, Onlooker
from runtime.gateway.released import Released
from runtime.gateway.resume import Resume
from runtime.gateway.room import Bounds, Room
from runtime.gateway.surfaces import Publications, Surface, Surfaces
from runtime.gateway.turns import Turns
from runtime.gateway.worker import Worker
from runtime.lang import Text
from runtime.message import Exchange, Message
from runtime.network.platform_api import Outbound
from runtime.store.messages.asked import Asked
from runtime.store.messages.messages import Accepted, Messages
from runtime.store.messages.sqlite import StoreFailed
from runtime.turn.events import Event, Failed, Replied, TextDelta, TextReset
from runtime.turn.turn import Services

log = logging.getLogger(__name__)

DRAIN = 10
"""Seconds that running turns get to end at a stop; messages are still taken, and answered after the start."""

USUAL = Bounds()


class Gateway:
    """Callbacks and API requests come in here; answers leave through the channels."""

    def __init__(
        self,
        folder: Path,
        publications: Publications,
        services: Services,
        doctor: Doctor,
        hosts: Mapping[str, str],
        public_url: Callable[[], str] = str,
        *,
        bounds: Bounds = USUAL,
        outbound: Outbound | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.metrics = Metrics()
        self.messages = Messages(folder / "messages.db")
        self._asked = Asked(self.messages.database)
        self.surfaces = Surfaces(publications)
        self._doctor = Onlooker(doctor)
        self._clock = clock
        self._outbound = outbound or Outbound()
        self._background = Background()
        sender = Sender(self._outbound, Tokens(self.metrics), hosts)
        self.abilities = Abilities(self.messages, sender, self._doctor, self._background, clock)
        invitation = Invitation(self.messages.pages, public_url)
        parts = self.messages.parts
        self._push = Push(parts, self.abilities, sender, invitation, self.metrics, self._background, clock)
        self._delivery = Delivery(parts, self.abilities, sender, self._push, invitation, self.metrics, clock)
        self._room = Room(bounds)
        self._blame = Blame(folder / "at-work")
        turns = Turns(self.messages, services, self._blame.step)
        self._allowance = Allowance()
        self._worker = Worker(
            self.messages,
            turns,
            self.metrics,
            self._delivery,
            self._room,
            self._blame,
            self._allowance,
            clock,
        )
        self._held = Held(self.messages, self.surfaces, self.abilities, self._worker, clock)
        self.abilities.on_well = self._held.let_out
        self._is_started = False

    async def start(self) -> None:
        """Take up what an earlier process left unfinished."""
        self._is_started = True
        asyncio.get_running_loop().set_default_executor(self._blame.threads())
        resume = Resume(self.messages, self.surfaces, self._worker, self._clock)
        self._background.start(await resume.start(self._blame.open()))
        self._background.start(self._held.watch())
        self._background.start(Released(self.messages, self.surfaces, self._worker, self._held.check).watch())

    async def wind_down(self) -> None:
        """Before a stop: take messages but begin no turn, and let those that run end. The rest is resumed."""
        await self._worker.drain(DRAIN)

    async def stop(self) -> None:
        if not self._worker.draining:
            await self.wind_down()
        await self._background.end()
        await self._outbound.close()
        await asyncio.to_thread(self.messages.close)

    def check(self) -> None:
        """Raises StoreFailed when the store that was opened is not there any more. Takes 5 µs."""
        self.messages.database.check()

    def dead(self) -> Mapping[str, Text]:
        """Publications that cannot be read any more, and why."""
        return self.surfaces.dead()

    async def callback(self, publication: str, request: WebRequest, listens: Listens = always) -> WebResponse:
        """Answer one callback. Raises Refused when it is not authentic, NotFound if nothing is there."""
        began = time.monotonic()
        surface = self.surfaces.find(publication)
        if surface is None or surface.receiver is None:
            self.metrics.callbacks.labels("unknown").inc()
            raise NotFound(Text("没有这个发布。", "There is no such publication."))
        received = self._receive(surface, surface.receiver, request)
        if isinstance(received, WebResponse):
            return received
        verdict = self._allowance.judge(surface, received, _now())
        if verdict != "taken" and canned(surface.agent, received) != "":
            self.metrics.callbacks.labels("limited").inc()
            channel = surface.receiver
            if verdict == "quiet":
                return channel.acknowledge()
            return channel.respond(received, slower(surface.agent), self._clock())
        try:
            response = await self._take(surface, surface.receiver, received, listens)
        except StoreFailed as e:
            # nothing was stored, so nothing may be acknowledged: the person is told to send it again
            log.error("a message to %s could not be stored: %s", surface.id, e.text.en)
            self.metrics.callbacks.labels("not_stored").inc()
            response = surface.receiver.respond(received, busy(surface.agent), self._clock())
        except Exception:  # a bug of ours, or a system that gives nothing more: the person is told as well
            log.exception("a message to %s could not be taken", surface.id)
            self.metrics.callbacks.labels("bug").inc()
            response = surface.receiver.respond(received, busy(surface.agent), self._clock())
        self.metrics.ack_seconds.observe(time.monotonic() - began)
        crashpoint("before_ack")
        return response

    async def stream(
        self, publication: str, message: Message, *, pieces: bool = True, needs_listener: bool = False
    ) -> AsyncIterator[Event]:
        """Accept a message and follow its turn; the last event is Replied or Failed.

        `pieces`: the text is wanted as the model writes it, which costs a lot more CPU. `needs_listener`: the
        turn ends when nobody listens any more; else it goes on. A repeat of an id gets the same answer.
        Raises NotFound, StoreFailed; Conflict for a repeat that says something else; Refused (too_large).
        """
        surface = self.surfaces.find(publication)
        if surface is None:
            raise NotFound(Text("这个智能体还没有发布。", "This agent is not published."))
        if self._worker.draining:
            yield Failed("stopping", STOPPING)
            return
        check_length(message)
        accepted, history = await self._accept(surface, message)
        if not accepted.is_new and not await self._asked.is_same(accepted.seq, message):
            raise Conflict(REUSED, field="Idempotency-Key", code="idempotency_key_reused")
        job = self._worker.find(accepted.seq)
        if accepted.is_new:
            job = Job(
                accepted.seq, surface, message, history=history, pieces=pieces, needs_listener=needs_listener
            )
            if self._worker.is_full_for(job.lane):
                await self.messages.shed(job.seq, busy(surface.agent), self._clock())
                job = None
        if job is None or job.ended:
            yield (job and job.ended) or await self._stored_end(accepted.seq)
            return
        with job.listener() as events:
            if accepted.is_new:
                self._worker.put(job)
            event: Event | None = None
            while not isinstance(event, Replied | Failed):
                event = await events.get()
                # who comes later missed the beginning of the text, and gets it whole
                if accepted.is_new or not isinstance(event, TextDelta | TextReset):
                    yield event

    async def used(self, publication: str, senders: str, since: float) -> tuple[int, int]:
        """Messages and tokens of everybody whose name begins so, since then."""
        return await self._asked.used(publication, senders, since)

    async def again(self, seq: int) -> None:
        """Send a kept answer again, or run a failed message again, because the operator wants it.

        Raises NotFound, Conflict.
        """
        if not self._is_started:
            raise Conflict(
                Text(
                    "消息由另一个进程处理，请在那里重发。",
                    "Another process works on messages; send it again there.",
                )
            )
        if self._worker.find(seq):
            raise Conflict(Text("这条消息正在处理。", "This message is being worked on."))
        publication = await self.messages.publication_of(seq)
        surface = self.surfaces.find(publication) if publication else None
        left = await self.messages.again(seq, self._clock()) if surface else None
        if left is None or surface is None:
            raise NotFound(
                Text("没有这条消息，或它的发布已经下线。", "No such message, or its publication is gone.")
            )
        self._worker.put(Job(seq, surface, left.message, stored=left.state == "answered"))

    def _receive(self, surface: Surface, channel: CanReceive, request: WebRequest) -> Message | WebResponse:
        try:
            received = channel.receive(request, self._clock())
        except Refused as e:
            self.metrics.callbacks.labels(e.code).inc()
            self._doctor.saw(surface.id, "refused", e.code, self._clock())
            raise
        if isinstance(received, Verified):
            self.metrics.callbacks.labels("verified").inc()
            self._doctor.saw(surface.id, "verified", request.query.get("nonce", ""), self._clock())
        elif isinstance(received, WebResponse):
            self.metrics.callbacks.labels("ignored").inc()
        else:
            self._doctor.saw(surface.id, "message", "", self._clock())
        return received

    async def _take(
        self, surface: Surface, channel: CanReceive, message: Message, listens: Listens
    ) -> WebResponse:
        accepted, history = await self._accept(surface, message)
        crashpoint("after_persist")
        self.metrics.callbacks.labels("accepted" if accepted.is_new else "repeat").inc()
        lane = (surface.id, message.sender)
        if accepted.response:
            return channel.respond(message, accepted.response, self._clock())
        if canned(surface.agent, message) == "":
            await self.messages.mark(accepted.seq, "silent")
            return channel.acknowledge()
        if accepted.is_new and not await self._is_fetch(lane, message, accepted.seq):
            if self._worker.is_full_for(lane):
                return await self._shed(surface, channel, message, accepted)
            job = Job(accepted.seq, surface, message, history=history)
            self._worker.put(job)
            if self.abilities.can_push(surface):
                self._push.show_typing_soon(job)
        found = self._worker.find(accepted.seq)
        if wants_kept_answer(message):
            found = found or self._worker.latest(lane)
            if found and found.stored:
                found = None  # what is only being sent, or offered, is given to whoever asks
        return await self._delivery.respond(surface, message, accepted.seq, found, listens)

    async def _accept(self, surface: Surface, message: Message) -> tuple[Accepted, Sequence[Exchange] | None]:
        """Store it; and what was said before, unless something is still being said."""
        lane = (surface.id, message.sender)
        quiet = message.history is None and self._worker.latest(lane) is None
        turns = surface.agent.memory.turns if quiet else 0
        with self._room.arrival():
            accepted = await self.messages.accept(surface.id, message, self._clock(), turns)
        # an earlier message may have been accepted meanwhile
        quiet = quiet and self._worker.latest(lane) is None
        return accepted, accepted.history if quiet else None

    async def _shed(
        self, surface: Surface, channel: CanReceive, message: Message, accepted: Accepted
    ) -> WebResponse:
        self.metrics.callbacks.labels("shed").inc()
        await self.messages.shed(accepted.seq, busy(surface.agent), self._clock())
        return channel.respond(message, busy(surface.agent), self._clock())

    async def _is_fetch(self, lane: tuple[str, str], message: Message, seq: int) -> bool:
        """Whether this only asks for an answer that waits or is being made; then no turn is run."""
        if not wants_kept_answer(message):
            return False
        if self._worker.latest(lane) or await self.messages.parts.waiting(*lane, asked=True):
            await self.messages.mark(seq, "fetch")
            return True
        return False

    async def _stored_end(self, seq: int) -> Event:
        reply, failed = await self.messages.outcome(seq) or ("", "abandoned")
        return Failed(failed, Text(reply, reply)) if failed else Replied(reply, 0)


def _now() -> float:
    """For durations: the wall clock may jump."""
    return asyncio.get_running_loop().time()
