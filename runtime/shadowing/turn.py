"""One message, answered by a version whom nobody hears: nothing is delivered, kept of the person, or done."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from runtime import engine
from runtime.gateway.gateway import Gateway
from runtime.gateway.job import Job
from runtime.gateway.opening import Opening
from runtime.gateway.surfaces import Surface
from runtime.message import Exchange
from runtime.shadowing.alike import Alike, alike, case_of
from runtime.shadowing.unsent import as_heard
from runtime.store.messages.messages import Outcome
from runtime.store.messages.shadowed import LONGEST, Pair
from runtime.testing.asking import Counted
from runtime.testing.recording import Turned
from runtime.testing.seen import Seen
from runtime.testing.stand_ins import StandIns
from runtime.turn.events import Event, Paid, TextDelta, TextReset
from runtime.turn.files import Files
from runtime.turn.keeping import KeptHere, Value
from runtime.turn.masking import unsent_to_judges
from runtime.turn.turn import Services

OVERTIME = 60.0
"""Seconds beyond the agent's own, for the models that compare."""
HUNG = "hung"
MOST_EVENTS = 2_000


@dataclass(frozen=True)
class Heard:
    """What there is of a turn that people got the answer of. `seconds`: that it took."""

    job: Job
    outcome: Outcome
    seconds: float


@dataclass(frozen=True)
class Beside:
    """What one turn came to, and what was paid for it."""

    pair: Pair
    paid: Sequence[Paid]


async def beside(gateway: Gateway, services: Services, heard: Heard, surface: Surface) -> Beside:
    """`surface`: as it answers by that version; `services`: whose models' failures count for nobody else.

    Raises StoreFailed.
    """
    job, outcome = heard.job, heard.outcome
    surface = replace(surface, agent=as_heard(surface.agent, job.surface.agent))
    says = job.message.text.strip() or f"[{job.message.kind}]"
    live = Turned(says, outcome.reply, job.message.at, _shown(outcome))
    case = case_of(job.surface.agent, live)
    judge = Counted(services.models)
    services = replace(
        services, answers=None, instead=StandIns(case.tools if case else (), surface.agent.language)
    )
    began, events = time.monotonic(), list[Event]()
    pair = Pair(job.seq, live_seconds=round(heard.seconds, 3), live_cost=_cost(job.paid))
    pair = replace(pair, live_failure=outcome.failure)
    try:
        async with asyncio.timeout(surface.agent.limits.seconds + OVERTIME):
            await _answer(gateway, services, job, surface, events)
            seen = Seen(says, events, time.monotonic() - began)
            found = Alike(None, 1.0, 1.0)
            if case and not (seen.failure or outcome.failure):
                with unsent_to_judges([job.surface.agent, surface.agent], job.message.sender, services):
                    found = await alike(case, live, outcome.handoff, seen, judge)
    except TimeoutError:
        paid = [*_paid(events), *judge.taken()]
        taken = time.monotonic() - began
        return Beside(replace(pair, failure=HUNG, seconds=round(taken, 3), cost=_cost(paid)), paid)
    paid = [*_paid(events), *judge.taken()]
    pair = replace(pair, seconds=round(seen.seconds, 3), cost=_cost(_paid(events)))
    pair = replace(pair, failure=seen.failure.code if seen.failure else "", reply=seen.text[:LONGEST])
    return Beside(replace(pair, **vars(found)), paid)


async def _answer(
    gateway: Gateway, services: Services, job: Job, surface: Surface, events: list[Event]
) -> None:
    """`events` get what happens; the last of them is Replied or Failed."""
    mine = Job(job.seq, surface, replace(job.message, handle={}), history=job.history)
    kept = await _known(gateway, mine)
    history = await _history(gateway, mine)
    files: Files | None = await Opening(gateway.messages, gateway.senses).files(mine, history)
    run = engine.run(surface.agent, mine.message, history, services, kept=kept, files=files)
    last: Event | None = None
    async with aclosing(run) as all:  # type: ignore[type-var] # it is an async generator
        async for last in all:
            if not isinstance(last, TextDelta | TextReset) and len(events) < MOST_EVENTS:
                events.append(last)
    if last is not None and events[-1] is not last:
        events.append(last)


async def _known(gateway: Gateway, job: Job) -> KeptHere:
    """A copy of what is kept of the person, which nobody reads afterwards."""
    stored = gateway.keeping.of(job, first=False)
    known, person = await stored.known(), await stored.person()
    values = {name: Value(name, "", value) for name, value in person.values.items()}
    notes = {one.name: one for one in known.notes}
    return KeptHere(notes=notes, summary=known.summary, who=replace(person, values={}), values=values)


async def _history(gateway: Gateway, job: Job) -> Sequence[Exchange]:
    """As the version remembers it."""
    if job.message.history is not None:
        return job.message.history
    turns = job.surface.agent.memory.strategy.loads
    return await gateway.messages.history(*job.lane, job.seq, turns) if turns else ()


def _shown(outcome: Outcome) -> list[dict[str, object]]:
    events = [dict(one) for one in outcome.trace]
    return [*events, {"type": "failed", "code": outcome.failure}] if outcome.failure else events


def _paid(events: Sequence[Event]) -> list[Paid]:
    return [one for one in events if isinstance(one, Paid)]


def _cost(paid: Sequence[Paid]) -> float | None:
    """In US dollars; None where a price is unknown."""
    known = [one.cost for one in paid if one.cost is not None]
    return sum(known) if len(known) == len(paid) else None
