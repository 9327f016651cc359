"""Run what was accepted: at once, in order for each person, people side by side."""

import logging
import time
from collections import deque
from collections.abc import Callable

from runtime.crash import crashpoint
from runtime.events import Failed
from runtime.gateway.background import Background
from runtime.gateway.delivery import Delivery
from runtime.gateway.job import Job
from runtime.gateway.patience import patiently
from runtime.gateway.room import Room
from runtime.gateway.turns import Turns, end
from runtime.lang import Text
from runtime.metrics import Metrics
from runtime.store.messages import Messages

log = logging.getLogger(__name__)

UNFINISHED = Text(
    "存不下结果，会在恢复后继续。", "The result could not be stored; it goes on after recovery."
)


class Worker:
    """Answers are delivered in the person's lane, so that they come in order too."""

    def __init__(
        self,
        messages: Messages,
        turns: Turns,
        metrics: Metrics,
        delivery: Delivery,
        room: Room,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._messages = messages
        self._turns = turns
        self._metrics = metrics
        self._delivery = delivery
        self._room = room
        self._clock = clock
        self._live: dict[int, Job] = {}
        self._lanes: dict[tuple[str, str], deque[Job]] = {}
        self._background = Background()
        self.draining = False
        """No turn begins any more."""

    def put(self, job: Job) -> None:
        """Never blocks. A person's second message waits for the first; at a stop, for the next start."""
        self._live[job.seq] = job
        self._metrics.unanswered.set(len(self._live))
        if self.draining:
            return
        lane = self._lanes.get(job.lane)
        if lane is not None:
            lane.append(job)
            return
        self._lanes[job.lane] = deque([job])
        self._background.start(self._run_lane(job.lane))

    def is_full_for(self, lane: tuple[str, str]) -> bool:
        """Whether another message of this person would be too much."""
        bounds = self._room.bounds
        own = self._lanes.get(lane, ())
        return len(self._live) >= bounds.waiting or len(own) >= bounds.waiting_per_person

    def find(self, seq: int) -> Job | None:
        """The job while it lives."""
        return self._live.get(seq)

    def latest(self, lane: tuple[str, str]) -> Job | None:
        """The person's last message that is still being worked on."""
        jobs = self._lanes.get(lane)
        return jobs[-1] if jobs else None

    async def drain(self, seconds: float) -> None:
        """Let running turns end, for so long; then cut them off: they are resumed at the next start."""
        self.draining = True
        await self._background.end(seconds)

    async def _run_lane(self, key: tuple[str, str]) -> None:
        lane = self._lanes[key]
        try:
            while lane and not self.draining:
                try:
                    await self._run(lane[0])
                except Exception:  # a bug of ours: the person's next message is not held up
                    log.exception("message %s of %s is not delivered", lane[0].seq, key[0])
                lane.popleft()
        finally:
            del self._lanes[key]

    async def _run(self, job: Job) -> None:
        try:
            if job.gate:
                await job.gate.wait()
            if job.stored:
                async with self._room.turn(job.surface):
                    pass  # a backlog of answers must not hold up the messages that arrive
            else:
                await self._answer(job)
            job.answered.set_result(None)
            await patiently(job.seq, lambda: self._delivery.deliver(job))
        finally:
            self._live.pop(job.seq, None)
            self._metrics.unanswered.set(len(self._live))
            job.answered.cancel()
            if job.ended is None:
                job.tell(Failed("unfinished", UNFINISHED))

    async def _answer(self, job: Job) -> None:
        began = time.monotonic()
        async with self._room.turn(job.surface):
            if job.resumed:
                await patiently(job.seq, lambda: self._messages.resume(job.seq, self._clock()))
            with self._metrics.running.track_inprogress():
                outcome = await self._turns.outcome(job)
        parts = job.surface.channel.render(outcome.reply) if outcome.reply else []
        state = "answered" if parts else "silent"

        async def finish() -> None:
            # A callback that is held open will carry it.
            quota = self._delivery.quota(job) if parts and not job.holders else None
            push = (*job.lane, quota) if quota else None
            if push:
                crashpoint("before_send")
            job.taken = await self._messages.finish(job.seq, outcome, parts, self._clock(), state, push)

        await patiently(job.seq, finish)
        job.tell(end(outcome, time.monotonic() - began))
        self._metrics.turns.labels(outcome.failure).inc()
        self._metrics.turn_seconds.observe(time.monotonic() - began)
