"""What was stored gets its place behind what its person wrote before, whatever the disk does meanwhile."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal, get_args

from runtime.errors import StoreFailed
from runtime.gateway.canned import busy, canned, wants_kept_answer
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.push import Push
from runtime.gateway.job import Job
from runtime.gateway.patience import patiently
from runtime.gateway.paused import Paused
from runtime.gateway.surfaces import Surface
from runtime.gateway.worker import Worker
from runtime.lang import Text
from runtime.log_id import about
from runtime.message import Message
from runtime.store.messages.accepting import Accepted
from runtime.store.messages.ratings import Verdict
from runtime.store.messages.scores import SCORED, valid

Lane = tuple[str, str]
"""Publication and sender."""
Place = Literal["silent", "fetch", "kept", "full", "lane"]
"""silent: it has no answer. fetch: it only asks for one that is there or being made. kept: its publication
rests. full: there was no room, and it was put aside."""
AWAY = Text(
    "这个程序太久没有动静，消息已由别的程序接手；它正在重新加入。",
    "This program showed no sign of life for too long, and others took over its messages; it is coming back.",
)


VERDICTS = get_args(Verdict)


class Placing:
    """Whose look at the store has to wait is waited for: else the person's next message would overtake it."""

    def __init__(
        self, context: Context, worker: Worker, paused: Paused, abilities: Abilities, push: Push
    ) -> None:
        self._messages, self._metrics, self._clock = context.messages, context.metrics, context.clock
        self._worker, self._paused = worker, paused
        self._abilities, self._push = abilities, push
        self._queues: dict[Lane, asyncio.Lock] = {}
        self._queued = Counter[Lane]()

    async def place(
        self, surface: Surface, message: Message, accepted: Accepted, gate: asyncio.Event | None = None
    ) -> Place:
        """`gate`: its turn begins when that is set. Raises StoreFailed (given_up): it is another's by now."""
        own = self._messages.database.instance

        async def place() -> Place:
            if self._messages.database.instance != own:  # given up while it waited
                raise StoreFailed(AWAY, code="given_up")
            return await self._place(surface, message, accepted, gate)

        async with self._in_turn((surface.id, message.sender)):
            with about(accepted.seq):
                return await patiently(accepted.seq, place)

    @asynccontextmanager
    async def _in_turn(self, lane: Lane) -> AsyncIterator[None]:
        """One behind the other, in the order in which they came."""
        self._queued[lane] += 1
        try:
            async with self._queues.setdefault(lane, asyncio.Lock()):
                yield
        finally:
            self._queued[lane] -= 1
            if not self._queued[lane]:
                del self._queued[lane], self._queues[lane]

    async def _place(
        self, surface: Surface, message: Message, accepted: Accepted, gate: asyncio.Event | None
    ) -> Place:
        lane = (surface.id, message.sender)
        verdict = message.data.get("verdict") if message.kind == "event" else None
        if message.data.get("event") == "rated" and verdict in VERDICTS:
            self._metrics.ratings.labels(surface.kind, verdict).inc()
        points = message.data.get("score")
        if message.data.get("event") == SCORED and message.data.get("of") and valid(points):
            self._metrics.scores.labels(surface.kind, points).inc()
        answering = await self._worker.arms.surface(surface, message) if message.kind == "event" else surface
        if canned(answering.agent, message) == "":
            await self._messages.mark(accepted.seq, "silent")
            return "silent"
        if await self._is_fetch(lane, message, accepted.seq):
            return "fetch"
        if await self._paused.is_kept(surface, accepted.seq):
            return "kept"
        if self._worker.is_full_for(lane):
            await self._messages.shed(accepted.seq, busy(surface.agent), self._clock())
            self._metrics.callbacks.labels(surface.kind, "shed").inc()
            return "full"
        # what came before it may have got its place meanwhile
        known = accepted if self._worker.latest(lane) is None else accepted.alone()
        self._put(Job(known.seq, surface, message, history=known.history, may_wait=known.waits, gate=gate))
        return "lane"

    async def _is_fetch(self, lane: Lane, message: Message, seq: int) -> bool:
        """Whether this only asks for an answer that waits or is being made; then no turn is run."""
        if not wants_kept_answer(message):
            return False
        if self._worker.latest(lane) or await self._messages.parts.waiting(*lane, asked=True):
            await self._messages.mark(seq, "fetch")
            return True
        return False

    def _put(self, job: Job) -> None:
        if self._worker.find(job.seq):  # as what came before a later one
            return
        self._worker.put(job)
        if self._abilities.can_push(job.surface):
            self._push.show_typing_soon(job)
