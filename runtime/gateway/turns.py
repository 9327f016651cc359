"""Run the turn of a message and sum it up."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from runtime import engine
from runtime.crash import crashpoint
from runtime.gateway.agreeing import unagreed
from runtime.gateway.asked import Asked
from runtime.gateway.canned import BUG, UNWANTED, canned, failure
from runtime.gateway.context import Context
from runtime.gateway.continuing import Continuing
from runtime.gateway.debugging import Debugging
from runtime.gateway.failure_log import FailureLog
from runtime.gateway.halted import halted
from runtime.gateway.inspecting import Inspecting
from runtime.gateway.job import Job
from runtime.gateway.keeping import Keeping
from runtime.gateway.machines import Machines
from runtime.gateway.opening import Opening
from runtime.gateway.patience import patiently
from runtime.gateway.sorry import sorry
from runtime.gateway.strikes import Strikes
from runtime.gateway.traced import short
from runtime.gateway.used_up import UsedUp
from runtime.gateway.waited import waited
from runtime.lang import NOTHING
from runtime.message import Exchange
from runtime.side_by_side import done_before
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.waits import NewWait, Told
from runtime.turn.events import (
    Compared,
    Drawn,
    Event,
    Failed,
    Judged,
    ModelUsed,
    Paid,
    Replied,
    TextDelta,
    TextReset,
    Unanswered,
    Waited,
)
from runtime.turn.masking import standing_of, unseen
from runtime.turn.turn import Services, Speak
from runtime.turn.waiting import Past

log = logging.getLogger(__name__)

FOR_EVER = 1e12
MOST_EVENTS = 500
"""Of a turn, that its stored trace holds."""


class StoredJournal:
    """Steps of a turn in the store.

    A finished step is on its way to the disk before the next one begins. A model round does not wait for
    that, since the store keeps the order; a tool or another block does. What the last step came to is stored
    with the outcome. A turn that is not resumed has nothing to recall, so it does not look.
    """

    def __init__(self, messages: Messages, job: Job) -> None:
        self._messages = messages
        self._job = job
        self._finished: dict[str, Any] = {}

    async def recall(self, step: str) -> Any | None:
        if self._finished:
            self._store().add_done_callback(self._log_failure)
        return await self._messages.steps.recall(self._job.seq, step) if self._job.resumed else None

    def record(self, step: str, result: Any) -> None:
        self._finished[step] = result

    async def settle(self) -> None:
        if self._finished:
            storing = self._store()
            storing.add_done_callback(self._log_failure)
            await asyncio.wait([storing])

    async def begin(self, step: str) -> bool:
        """What cannot be noted must not be begun: it waits for the disk, as the end of the turn would."""
        if await self.recall(step) is not None:
            return False
        finished, self._finished = {**self._finished, step: True}, {}
        await patiently(self._job.seq, lambda: self._messages.steps.record(self._job.seq, finished))
        return True

    def _store(self) -> "asyncio.Future[None]":
        finished, self._finished = self._finished, {}
        return self._messages.steps.record(self._job.seq, finished)

    def _log_failure(self, storing: "asyncio.Future[None]") -> None:
        if not storing.cancelled() and (error := storing.exception()):
            # the turn itself can still end well; only a crash would now cost these steps again
            log.error("steps of message %s are not journaled: %s", self._job.seq, error)


class Speaks(Protocol):
    """Sends what flows say in their middle."""

    def of(self, job: Job) -> Speak | None:
        """None where it stands before the answer."""
        ...


class Turns:
    """Turns a message into an outcome; whatever goes wrong, the person gets a sentence."""

    def __init__(
        self,
        context: Context,
        services: Services,
        watch: engine.Watch,
        keeping: Keeping,
        opening: Opening,
        speaking: Speaks,
        inspecting: Inspecting,
    ) -> None:
        self._speaking, self.inspecting = speaking, inspecting
        self._messages = context.messages
        self._continuing = Continuing(context.messages.waits, context.surfaces, context.clock)
        self._clock, self._services, self._watch = context.clock, services, watch
        self._keeping = keeping
        self._opening, self.debugging = opening, Debugging(context)
        self._failures, self._asked = FailureLog(context.tell), Asked(context.metrics)
        self._strikes = Strikes(context.messages.judged, context.clock)
        self._machines = Machines(context)
        self._used_up = UsedUp(context.vanishing, context.clock)

    async def unagreed(self, job: Job) -> Outcome | None:
        """See agreeing."""
        return await unagreed(job, self._keeping)

    async def outcome(self, job: Job) -> Outcome:
        found = await self._outcome(job)
        self._machines.answered(job)
        return found

    async def _outcome(self, job: Job) -> Outcome:
        agent, version = job.surface.agent, job.surface.version
        job.paid[:] = job.sensed
        text = None if job.stopped else canned(agent, job.message)
        if text is None:
            text = await self.debugging.switched(job)
        if text is None:
            text = await self._machines.silent(job)
        if text is None:
            text = await self._strikes.paused(job)
        if text is None and (refused := await self._used_up.refused(job)):
            return refused
        try:
            going_on = await patiently(
                job.seq, lambda: self._continuing.with_message(job, is_for_turn=text is None)
            )
            if text is not None and going_on is None:
                said = Replied(text, 0, aside=True)
                return _summed("", said, version, job.sensed, [short(one) for one in job.sensed])
            past, version = going_on or (None, version)
            job.goes_on = past is not None
            if past is not None:
                crashpoint("after_taken")
            outcome = await self._wanted(job, version, past)
            if outcome.failure and outcome.failure != "unwanted":
                self._failures.tell(job, outcome)
            if past is None:
                return outcome
            return await patiently(job.seq, lambda: self._continuing.still_asked(job, outcome))
        except Exception:  # a bug of ours: the person is told, and the next message is not held up
            log.exception("message %s of %s failed", job.seq, job.surface.id)
            return sorry(job, version)

    async def _wanted(self, job: Job, version: int, past: Past | None) -> Outcome:
        """The turn, or its end as soon as nobody wants it any more."""
        by_key = type(job.surface.channel).by_key
        if not (job.needs_listener or job.waits_elsewhere or job.message.follows or by_key):
            return await self._run(job, version, past)
        ran = await done_before(self._run(job, version, past), job.unwanted.wait())
        if ran:
            return ran.result()
        if job.halted:
            return halted(job, version)
        return Outcome(failure(job.surface.agent, job.message), version, "unwanted", UNWANTED)

    async def _run(self, job: Job, version: int, past: Past | None) -> Outcome:
        agent, message, journal = job.surface.agent, job.message, StoredJournal(self._messages, job)
        history = await self._history(job)
        hides = standing_of(agent, message, self._services)
        trace = [await unseen(hides, short(one)) for one in job.sensed]
        last: Event = Failed("bug", BUG)
        kept = self._keeping.of(job)
        await patiently(job.seq, kept.called)
        events = engine.run(
            agent,
            message,
            history,
            replace(self._services, inspects=self.inspecting.of(job)),
            journal=journal,
            kept=kept,
            files=await self._opening.files(job, history),
            stream=job.pieces,
            watch=self._watch,
            past=past,
            speak=self._speaking.of(job),
            clock=self._clock,
            hides=hides,
            tell=job.tell,
        )
        judged: list[Judged] = []
        async for last in events:
            if isinstance(last, Judged):
                judged.append(last)
            if not isinstance(last, Replied | Failed):  # the end is told once it is stored
                job.tell(last)
            if isinstance(last, Unanswered):
                self._asked.unanswered(last.models)
            if isinstance(last, ModelUsed | Compared | Drawn):
                job.paid.append(last)
            if not isinstance(last, TextDelta | TextReset) and len(trace) < MOST_EVENTS:
                trace.append(await unseen(hides, short(last)))
        await self._strikes.keep(job, judged)
        shows = "![" in last.text or agent.speech.when != "never" if isinstance(last, Replied) else False
        if shows and job.surface.shower:
            # what is shown is brought to the platform first, which takes seconds: no model is paid twice
            await journal.settle()
        code = last.code if isinstance(last, Failed) else ""
        return _summed(await self._used_up.sorry(job, code), last, version, job.paid, trace)

    async def _history(self, job: Job) -> Sequence[Exchange]:
        if job.message.history is not None:
            return job.message.history
        if job.history is not None:
            return job.history
        turns = job.surface.agent.memory.strategy.loads
        if not turns:
            return ()
        return await self._messages.history(job.surface.id, job.message.sender, job.seq, turns)


def end(outcome: Outcome, seconds: float) -> Event:
    """The event that tells watchers how it ended."""
    if outcome.failure:
        return Failed(outcome.failure, outcome.reason, outcome.block)
    ms = round(seconds * 1000)
    if (wait := outcome.wait) is not None:
        return waited(outcome.reply, ms, wait)
    return Replied(outcome.reply, ms, outcome.handoff, outcome.doubt, finish=outcome.finish)


def _summed(
    sorry: str,
    last: Event,
    version: int,
    used: Sequence[Paid],
    trace: Sequence[Mapping[str, Any]],
) -> Outcome:
    costs = [event.cost for event in used]
    replied = last if isinstance(last, Replied) else None
    failed = last if isinstance(last, Failed) else None
    return Outcome(
        reply=replied.text if replied else sorry,
        version=version,
        failure=failed.code if failed else "",
        reason=failed.reason if failed else NOTHING,
        block=failed.block if failed else "",
        handoff=bool(replied and replied.handoff),
        doubt=bool(replied and replied.doubt),
        prompt_tokens=sum(event.prompt_tokens for event in used),
        completion_tokens=sum(event.completion_tokens for event in used),
        finish=replied.finish if replied else "stop",
        wait=_left(last) if isinstance(last, Waited) else None,
        aside=bool(replied and replied.aside),
        spoken=replied.spoken if replied else "",
        cost=None if not costs or None in costs else sum(cost for cost in costs if cost is not None),
        trace=trace,
    )


def _left(waited: Waited) -> NewWait:
    data = dict(waited.data)
    tells = [Told(*one) for one in data.pop("tells", ())]
    return NewWait(
        waited.wait,
        waited.block,
        waited.step,
        waited.until or FOR_EVER,
        waited.carried,
        waited.what,
        data,
        waited.token,
        tells,
    )
