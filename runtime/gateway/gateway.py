"""A message from callback to answer."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Protocol

from runtime.channels import CanReceive, Verified, WebRequest, WebResponse
from runtime.errors import NotFound, Refused
from runtime.events import Event, Failed, Replied
from runtime.gateway.abilities import Abilities
from runtime.gateway.canned import canned, wants_kept_answer
from runtime.gateway.delivery import Delivery
from runtime.gateway.outbound import Outbound
from runtime.gateway.sender import Sender
from runtime.gateway.surfaces import Publications, Surface, Surfaces
from runtime.gateway.tokens import Tokens
from runtime.gateway.worker import Job, Worker
from runtime.lang import Text
from runtime.message import Message
from runtime.metrics import Metrics
from runtime.store.messages import Accepted, Messages
from runtime.turn import Services

log = logging.getLogger(__name__)

DRAIN = 25
"""Seconds that running turns get to end at a stop."""


class Doctor(Protocol):
    """Told what happens at a publication's callback."""

    def saw(self, publication: str, what: str, code: str, at: float) -> None:
        """`what`: verified, message or refused; `code`: why it was refused."""
        ...


class Gateway:
    """Callbacks and API requests come in here; answers leave through the channels."""

    def __init__(
        self,
        folder: Path,
        publications: Publications,
        services: Services,
        doctor: Doctor,
        hosts: Mapping[str, str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.metrics = Metrics()
        self.messages = Messages(folder / "messages.db")
        self.surfaces = Surfaces(publications)
        self._doctor = doctor
        self._clock = clock
        self._outbound = Outbound()
        sender = Sender(self._outbound, Tokens(self.metrics), hosts)
        self.abilities = Abilities(self.messages, sender, clock)
        self._delivery = Delivery(self.messages.parts, self.abilities, sender, self.metrics, clock)
        self._worker = Worker(self.messages, services, self.metrics, self._delivery.deliver)

    async def start(self) -> None:
        """Take up what an earlier process left unfinished."""
        await self.messages.parts.release()
        for left in await self.messages.unfinished():
            surface = self.surfaces.find(left.publication)
            if surface is None or not isinstance(surface.channel, CanReceive):
                await self.messages.mark(left.seq, "abandoned")
                continue
            self._worker.put(
                Job(left.seq, surface, left.message, resumed=True, stored=left.state == "answered")
            )
        for surface in self.surfaces.all():
            self.abilities.can_push(surface)

    async def stop(self) -> None:
        await self._worker.drain(DRAIN)
        await self._outbound.close()
        await asyncio.to_thread(self.messages.close)

    async def callback(self, publication: str, request: WebRequest) -> WebResponse:
        """Answer one callback. Raises Refused when it is not authentic, NotFound if nothing is there."""
        began = time.monotonic()
        surface = self.surfaces.find(publication)
        if surface is None or not isinstance(surface.channel, CanReceive):
            self.metrics.callbacks.labels("unknown").inc()
            raise NotFound(Text("没有这个发布。", "There is no such publication."))
        received = self._receive(surface, surface.channel, request)
        if isinstance(received, WebResponse):
            return received
        accepted = await self.messages.accept(surface.id, received, self._clock())
        self.metrics.callbacks.labels("accepted" if accepted.is_new else "repeat").inc()
        response = await self._answer(surface, surface.channel, received, accepted)
        self.metrics.ack_seconds.observe(time.monotonic() - began)
        return response

    async def stream(self, publication: str, message: Message) -> AsyncIterator[Event]:
        """Accept a message and follow its turn; the last event is Replied or Failed.

        The turn goes on when the caller stops listening. A repeat of an id gets the stored answer again.
        Raises NotFound.
        """
        surface = self.surfaces.find(publication)
        if surface is None:
            raise NotFound(Text("这个智能体还没有发布。", "This agent is not published."))
        accepted = await self.messages.accept(surface.id, message, self._clock())
        job = self._worker.find(accepted.seq)
        if accepted.is_new:
            job = Job(accepted.seq, surface, message)
        if job is None or job.ended:
            yield (job and job.ended) or await self._stored_end(accepted.seq)
            return
        events: asyncio.Queue[Event] = asyncio.Queue()
        job.watchers.append(events)
        if accepted.is_new:
            self._worker.put(job)
        while True:
            event = await events.get()
            yield event
            if isinstance(event, Replied | Failed):
                return

    async def _stored_end(self, seq: int) -> Event:
        reply, failed = await self.messages.outcome(seq) or ("", "abandoned")
        return Failed(failed, Text(reply, reply)) if failed else Replied(reply, 0)

    def _receive(self, surface: Surface, channel: CanReceive, request: WebRequest) -> Message | WebResponse:
        try:
            received = channel.receive(request, self._clock())
        except Refused as e:
            self.metrics.callbacks.labels(e.code).inc()
            self._doctor.saw(surface.id, "refused", e.code, self._clock())
            raise
        if isinstance(received, Verified):
            self.metrics.callbacks.labels("verified").inc()
            self._doctor.saw(surface.id, "verified", "", self._clock())
        elif isinstance(received, WebResponse):
            self.metrics.callbacks.labels("ignored").inc()
        else:
            self._doctor.saw(surface.id, "message", "", self._clock())
        return received

    async def _answer(
        self, surface: Surface, channel: CanReceive, message: Message, accepted: Accepted
    ) -> WebResponse:
        if canned(surface.agent, message) == "":
            await self.messages.mark(accepted.seq, "silent")
            return channel.acknowledge()
        if accepted.is_new and not await self._is_fetch(surface, message, accepted.seq):
            self._worker.put(Job(accepted.seq, surface, message))
        job = self._worker.find(accepted.seq)
        if job is None and wants_kept_answer(message):
            job = self._worker.latest(surface.id, message.sender)
        return await self._delivery.respond(surface, message, accepted.seq, job)

    async def _is_fetch(self, surface: Surface, message: Message, seq: int) -> bool:
        """Whether this only asks for an answer that waits or is being made; then no turn is run."""
        if not wants_kept_answer(message):
            return False
        waits = self._worker.latest(surface.id, message.sender) is not None
        if waits or await self.messages.parts.waiting(surface.id, message.sender):
            await self.messages.mark(seq, "fetch")
            return True
        return False
