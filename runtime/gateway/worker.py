"""Run what was accepted: at once, in order for each person, people side by side."""

import asyncio
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AsyncExitStack, nullcontext
from dataclasses import replace
from typing import Literal

from runtime.answer import AnswerPart
from runtime.crash import crashpoint
from runtime.errors import StoreFailed
from runtime.gateway.arms import Arms
from runtime.gateway.attachments import Attachments
from runtime.gateway.background import Background
from runtime.gateway.blame import Blame
from runtime.gateway.canned import BUG, plain_failure
from runtime.gateway.context import Context, Handing
from runtime.gateway.delivery.in_response import recording, takes_all
from runtime.gateway.delivery.ladder import Delivery
from runtime.gateway.delivery.saying import Saying
from runtime.gateway.delivery.showing import Showing
from runtime.gateway.job import Job
from runtime.gateway.patience import patient, patiently
from runtime.gateway.shown import marked, rendered
from runtime.gateway.sorry import beside, or_sorry, sorry
from runtime.gateway.starts.results import Results
from runtime.gateway.turns import Turns, end
from runtime.gateway.unasked import announce
from runtime.gateway.voicing import Voicing
from runtime.lang import Text
from runtime.log_id import about
from runtime.newest import Newest
from runtime.store.messages.messages import Outcome
from runtime.turn.events import Failed

log = logging.getLogger(__name__)

WITHDRAWN = 10_000
"""Messages that are remembered to get no turn."""
UNFINISHED = Text(
    "存不下结果，会在恢复后继续。", "The result could not be stored; it goes on after recovery."
)


class Worker:
    """Answers are delivered in the person's lane, so that they come in order too."""

    def __init__(
        self,
        context: Context,
        turns: Turns,
        delivery: Delivery,
        showing: Showing,
        attachments: Attachments,
        voicing: Voicing,
        blame: Blame,
        saying: Saying,
    ) -> None:
        self._results = Results(context, saying)
        self._attachments = attachments
        self._showing = showing
        self._voicing = voicing
        self._messages = context.messages
        self._turns, self.inspecting = turns, turns.inspecting
        self.arms, self.debugging = Arms(context), turns.debugging
        self._metrics = context.metrics
        self._delivery, self._room = delivery, context.room
        self._blame = blame
        self._spending = context.spending
        self._clock, self._vanishing = context.clock, context.vanishing
        self._live: dict[int, Job] = {}
        self._lanes: dict[tuple[str, str], deque[Job]] = {}
        self._handings = context.handings
        self._withdrawn = Newest[int, None](WITHDRAWN)
        self._background = Background()
        self.ended = list[Callable[[Job, Outcome, float], None]]()
        """Told of each turn that is over, with the seconds that it took. None waits."""
        self.draining = False
        """No turn begins any more."""
        self._metrics.show("hongyan_queue_age_seconds", lambda: [([], self.oldest())])

    def put(self, job: Job) -> None:
        """Never blocks. A person's second message waits for the first; at a stop, for the next start."""
        if not job.stored or job.seq not in self._live:
            self._live[job.seq] = job
        self._metrics.unanswered.set(len(self._live))
        if self.draining:
            return
        lane = self._lanes.get(job.lane)
        if lane is not None:
            job.waited = True
            lane.append(job)
            return
        self._lanes[job.lane] = deque([job])
        self._background.start(self._run_lane(job.lane))

    def is_full_for(self, lane: tuple[str, str]) -> bool:
        """Whether another message of this person would be too much."""
        bounds = self._room.bounds
        own = self._lanes.get(lane, ())
        return len(self._live) >= bounds.waiting or len(own) >= bounds.waiting_per_person

    def is_full(self) -> bool:
        """Whether no turn that nobody's message begins is to be taken up just now."""
        return self.draining or len(self._live) >= self._room.bounds.waiting

    def withdraw(self, seqs: Iterable[int]) -> None:
        """These get no turn any more: a human has the person, or they were taken back."""
        for seq in seqs:
            self._withdrawn[seq] = None

    def find(self, seq: int) -> Job | None:
        """The job while it lives."""
        return self._live.get(seq)

    def seqs(self) -> Collection[int]:
        """Of all that live."""
        return set(self._live)

    def oldest(self) -> float:
        """Seconds since the oldest message was taken that is not answered; 0 where none is."""
        taken = (job.at for job in self._live.values() if not (job.stored or job.answered.done()))
        return max(0.0, _now() - min(taken, default=math.inf))

    def latest(self, lane: tuple[str, str]) -> Job | None:
        """The person's last message that is still being worked on."""
        jobs = self._lanes.get(lane)
        return jobs[-1] if jobs else None

    async def drain(self, seconds: float) -> None:
        """Let running turns end, for so long; then cut them off: they are resumed at the next start."""
        self.draining = True
        self._delivery.close()
        await self._background.end(seconds)

    async def let_go(self) -> None:
        """All that is here is another's by now: nothing more is done with it."""
        former, self._background = self._background, Background()
        await former.end()
        for job in list(self._live.values()):  # whose turn had not come
            self._end(job)

    async def _run_lane(self, key: tuple[str, str]) -> None:
        lane = self._lanes[key]
        try:
            while lane and not self.draining:
                try:
                    with about(lane[0].seq):
                        await self._run(lane[0])
                except StoreFailed as e:  # that of somebody who was given up, mostly: so are all that follow
                    log.warning("message %s of %s is let go: %s", lane[0].seq, key[0], e.text.en)
                    for job in lane:  # who is still thought to have it would be waited for
                        self._end(job)
                    return
                except Exception:  # a bug of ours: the person's next message is not held up
                    log.exception("message %s of %s is not delivered", lane[0].seq, key[0])
                lane.popleft()
        finally:
            del self._lanes[key]

    async def _run(self, job: Job) -> None:
        try:
            if job.gate:
                await job.gate.wait()
            if job.seq in self._withdrawn or (job.waited and await self._is_taken_back(job)):
                return
            if job.stored:
                async with self._room.turn(job.surface):
                    pass  # a backlog of answers must not hold up the messages that arrive
            else:
                await self._blame.watch(job.seq, self._answer(job))
            job.answered.set_result(None)
            if job.start:
                await patiently(job.seq, lambda: self._results.bring(job))
            await patiently(job.seq, lambda: self._delivery.deliver(job))
            if job.handed:
                self._handings.put_nowait(Handing("over", job.surface, job.message.sender))
        finally:
            self._end(job)

    def _end(self, job: Job) -> None:
        """Nothing more is done with it here, whatever became of it."""
        if self._live.get(job.seq) is job:
            del self._live[job.seq]
        self._metrics.unanswered.set(len(self._live))
        job.answered.cancel()
        job.give_place_back()
        job.waits.set()
        if job.ended is None:
            job.tell(Failed("unfinished", UNFINISHED))

    async def _is_taken_back(self, job: Job) -> bool:
        """Whether somebody did so while it waited, in whatever process. A turn asks models and acts."""
        try:
            return await self._messages.is_taken_back(job.seq)
        except StoreFailed:
            return False  # what becomes of it is not stored either, and it is tried again

    async def _answer(self, job: Job) -> None:
        began = time.monotonic()
        with patient(job.seq):
            async with AsyncExitStack() as within:
                outcome = await self._stored(job, await or_sorry(job, self._outcome(job, within)))
        shown = replace(outcome, reply=f"{outcome.reply}{job.below}")
        job.tell(end(shown, time.monotonic() - began))
        await announce(self._vanishing, job)
        if outcome.failure and job.start:
            self._results.failed(job, job.start, outcome.reason)
        beside(job.seq, lambda: self._counted(job, outcome, time.monotonic() - began))

    def _counted(self, job: Job, outcome: Outcome, seconds: float) -> None:
        kind = job.surface.kind
        self._metrics.turns.labels(kind, outcome.failure).inc()
        self._metrics.turn_seconds.labels(kind).observe(seconds)
        self._metrics.answer_seconds.labels(kind).observe(_now() - job.at)
        if outcome.handoff:
            self._metrics.handed.labels(kind).inc()
        self.arms.ended(job, outcome.failure)
        for told in self.ended:
            told(job, outcome, seconds)

    async def _outcome(self, job: Job, within: AsyncExitStack) -> Outcome:
        """What its turn came to; `within`: until it is stored."""
        await self.arms.choose(job)
        await within.enter_async_context(self._spending.open(job))
        async with self._room.turn(job.surface):
            if job.resumed:
                await patiently(job.seq, lambda: self._messages.resumed(job.seq, self._clock()))
            self._delivery.bubbles.begin(job)
            with self._metrics.running.track_inprogress():
                if (outcome := await self._turns.unagreed(job)) is None:
                    await self._attachments.take(job, self.inspecting.stops)
                    outcome = await self._turns.outcome(job)
        return outcome

    async def _stored(self, job: Job, outcome: Outcome) -> Outcome:
        """What the turn came to, in the store: as it is, or else as a failure that the person is told."""
        for tried in (outcome, sorry(job, outcome.version)):
            try:
                said = await self.debugging.below(job, tried, marked(job, tried))
                parts = await rendered(job, said)
                if not job.message.follows:  # who reads on a page of ours needs nothing at the platform
                    parts = await self._showing.prepared(job.surface, job.seq, parts)
                may_push = self._delivery.may_push(job.surface)
                told, parts = await self._voicing.added(job, tried, parts, may_push=may_push)
                parts = await self.inspecting.parts(job, parts)
                parts = await self._delivery.bubbles.edited.noted(job, parts)
                return await self._store(job, told, parts)
            except StoreFailed as e:
                if e.code == "given_up":
                    raise
                log.error("the answer to message %s is not prepared: %s", job.seq, e.text.en)
            except Exception:  # whatever an answer holds that cannot be shown or stored, it is not silence
                log.exception("the answer to message %s of %s cannot be kept", job.seq, job.surface.id)
        last = Outcome(plain_failure(job.surface.agent, job.message), outcome.version, "bug", BUG)
        return await self._store(job, last, [AnswerPart(last.reply)] if last.reply else [])

    async def _store(self, job: Job, outcome: Outcome, parts: Sequence[AnswerPart]) -> Outcome:
        """Raises whatever the content causes; what the disk refuses is tried again until it is taken."""
        surface = job.surface
        spent = beside(job.seq, lambda: self._spending.rows(job)) or []
        outcome = replace(outcome, spent=spent)
        state: Literal["answered", "silent"] = "answered" if parts else "silent"
        job.handed = bool(outcome.handoff and surface.hander) and self._delivery.may_push(surface)

        async def finish() -> None:
            # A callback that is held open will carry it.
            push = await self._delivery.reserve(job) if parts and not job.holders else None
            if push:
                crashpoint("before_send")
            over = (*job.lane, surface.desk_seconds) if job.handed else None
            with recording(job) if await takes_all(job, parts) else nullcontext(False) as respond:
                finished = await self._messages.finish(
                    job.seq,
                    outcome,
                    parts,
                    self._clock(),
                    state,
                    push,
                    lane=job.lane,
                    hand_over=over,
                    grew=job.bubble is not None,
                    respond=respond,
                )
                job.response = finished.response
            job.taken = finished.taken
            self.withdraw(finished.withdrawn)

        await patiently(job.seq, finish)
        beside(job.seq, lambda: self._spending.count(job, spent))
        return outcome


def _now() -> float:
    return asyncio.get_running_loop().time()
