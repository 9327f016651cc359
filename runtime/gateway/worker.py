"""Run what was accepted: at once, in order for each person, people side by side."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime import engine
from runtime.errors import HongyanError
from runtime.events import BlockFinished, Event, Failed, ModelUsed, Replied, TextDelta, TextReset
from runtime.gateway.canned import canned, failure
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.message import Message
from runtime.metrics import Metrics
from runtime.store.messages import Messages, Outcome
from runtime.turn import Services

log = logging.getLogger(__name__)

BUG = Text("程序出错了，详情在日志里。", "A bug in Hongyan; the log has the details.")
UNFINISHED = Text(
    "存不下结果，会在恢复后继续。", "The result could not be stored; it goes on after recovery."
)


@dataclass(eq=False)
class Job:
    """A message on its way to an answer. `answered` is done once the outcome is stored."""

    seq: int
    surface: Surface
    message: Message
    resumed: bool = False
    """An earlier process began it."""
    stored: bool = False
    """Its answer is stored already; only the delivery is missing."""
    watchers: list[asyncio.Queue[Event]] = field(default_factory=list)
    answered: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    holders: int = 0
    """Callbacks that are held open for this answer."""
    responded: asyncio.Event = field(default_factory=asyncio.Event)
    attempts: int = 0
    ended: Event | None = None
    """Replied or Failed, once the outcome is stored."""

    def tell(self, event: Event) -> None:
        """Show an event to everybody who watches."""
        if isinstance(event, Replied | Failed):
            self.ended = event
        for watcher in self.watchers:
            watcher.put_nowait(event)

    @property
    def lane(self) -> tuple[str, str]:
        return self.surface.id, self.message.sender


class StoredJournal:
    """Steps of a turn in the store. A turn that is not resumed has nothing to recall, so it does not look."""

    def __init__(self, messages: Messages, job: Job) -> None:
        self._messages = messages
        self._job = job

    async def recall(self, step: str) -> Any | None:
        return await self._messages.recall(self._job.seq, step) if self._job.resumed else None

    async def record(self, step: str, result: Any) -> None:
        await self._messages.record(self._job.seq, step, result)


class Worker:
    """`on_answer` delivers; it runs in the person's lane, so that answers come in order too."""

    def __init__(
        self,
        messages: Messages,
        services: Services,
        metrics: Metrics,
        on_answer: Callable[[Job], Awaitable[None]],
    ) -> None:
        self._messages = messages
        self._services = services
        self._metrics = metrics
        self._on_answer = on_answer
        self._live: dict[int, Job] = {}
        self._lanes: dict[tuple[str, str], deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, job: Job) -> None:
        """Never blocks. A person's second message waits for the first."""
        self._live[job.seq] = job
        lane = self._lanes.get(job.lane)
        if lane is not None:
            self._metrics.queued.inc()
            lane.append(job)
            return
        self._lanes[job.lane] = deque([job])
        task = asyncio.create_task(self._run_lane(job.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def find(self, seq: int) -> Job | None:
        """The job while it lives; None once its answer is with the delivery or gone."""
        return self._live.get(seq)

    def latest(self, publication: str, sender: str) -> Job | None:
        """The person's last message that is still being worked on."""
        lane = self._lanes.get((publication, sender))
        return lane[-1] if lane else None

    async def drain(self, seconds: float) -> None:
        """Let running turns end, for so long; then cut them off: they are resumed at the next start."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run_lane(self, key: tuple[str, str]) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                await self._run(lane[0])
                lane.popleft()
                if lane:
                    self._metrics.queued.dec()
        finally:
            del self._lanes[key]

    async def _run(self, job: Job) -> None:
        try:
            if not job.stored:
                await self._answer(job)
            job.answered.set_result(None)
            await self._on_answer(job)
        except HongyanError:
            # the store keeps how far it came; it is taken up again at the next start
            log.exception("message %s of %s is not finished", job.seq, job.surface.id)
        finally:
            self._live.pop(job.seq, None)
            job.answered.cancel()
            if job.ended is None:
                job.tell(Failed("unfinished", UNFINISHED))

    async def _answer(self, job: Job) -> None:
        began = time.monotonic()
        with self._metrics.running.track_inprogress():
            outcome = await self._outcome(job)
        parts = job.surface.channel.render(outcome.reply) if outcome.reply else []
        state = "answered" if parts else "silent"
        await self._messages.finish(job.seq, outcome, parts, time.time(), state)
        job.tell(_end(outcome, time.monotonic() - began))
        self._metrics.turns.labels(outcome.failure).inc()
        self._metrics.turn_seconds.observe(time.monotonic() - began)

    async def _outcome(self, job: Job) -> Outcome:
        agent, version = job.surface.agent, job.surface.publication.version
        text = canned(agent, job.message)
        if text is not None:
            return Outcome(text, version)
        try:
            return await self._run_turn(job, version)
        except Exception:  # a bug of ours: the person is told, and the next message is not held up
            log.exception("message %s of %s failed", job.seq, job.surface.id)
            return Outcome(failure(agent.texts.failure, agent.language), version, "bug", BUG)

    async def _run_turn(self, job: Job, version: int) -> Outcome:
        agent, message = job.surface.agent, job.message
        history = message.history
        if history is None:
            history = tuple(
                await self._messages.history(job.surface.id, message.sender, job.seq, agent.memory.turns)
            )
        journal = StoredJournal(self._messages, job)
        trace: list[Mapping[str, Any]] = []
        used: list[ModelUsed] = []
        last: Event | None = None
        events = engine.run(
            agent, message, history, self._services, journal=journal, stream=bool(job.watchers)
        )
        async for event in events:
            last = event
            if not isinstance(event, Replied | Failed):  # the end is told once it is stored
                job.tell(event)
            if isinstance(event, ModelUsed):
                used.append(event)
            if not isinstance(event, TextDelta | TextReset):
                trace.append(_short(event))
        return _summed(agent.texts.failure, agent.language, last, version, used, trace)


def _end(outcome: Outcome, seconds: float) -> Event:
    if outcome.failure:
        return Failed(outcome.failure, outcome.reason, outcome.block)
    return Replied(outcome.reply, round(seconds * 1000), outcome.handoff)


def _summed(
    sorry: str,
    language: str,
    last: Event | None,
    version: int,
    used: list[ModelUsed],
    trace: list[Mapping[str, Any]],
) -> Outcome:
    costs = [event.cost for event in used]
    return Outcome(
        reply=last.text if isinstance(last, Replied) else failure(sorry, language),
        version=version,
        failure=last.code if isinstance(last, Failed) else "",
        reason=last.reason if isinstance(last, Failed) else Text("", ""),
        block=last.block if isinstance(last, Failed) else "",
        handoff=isinstance(last, Replied) and last.handoff,
        prompt_tokens=sum(event.prompt_tokens for event in used),
        completion_tokens=sum(event.completion_tokens for event in used),
        cost=None if not costs or None in costs else sum(cost for cost in costs if cost is not None),
        trace=trace,
    )


def _short(event: Event) -> Mapping[str, Any]:
    """For the stored trace: outputs can be long, and a block's output is in the reply anyway."""
    data = event.to_json()
    if isinstance(event, BlockFinished):
        data["output"] = {name: str(value)[:500] for name, value in event.output.items()}
    return data
