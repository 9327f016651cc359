"""Run a suite: each case is a conversation of its own, several at once."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from runtime.agents.agent import Agent
from runtime.errors import HongyanError, NotFound
from runtime.lang import Text
from runtime.message import Message
from runtime.models.prices import YUAN
from runtime.testing.asking import Counted, Instead
from runtime.testing.attaching import Attached
from runtime.testing.check import OK, OneCheck
from runtime.testing.seen import Seen
from runtime.testing.stand_ins import StandIns
from runtime.testing.suite import Case, Line, Suite
from runtime.time_zones import zone
from runtime.trying.playing import SENDER
from runtime.trying.talk import Talk
from runtime.turn.events import Event, Paid
from runtime.turn.masking import unsent_to_judges
from runtime.turn.turn import Services
from runtime.unhurried import Ease, unhurried

AT_ONCE = 4
HOUR = 3600
NO_FILES = Text("这里打不开测试里的文件", "files of a test cannot be opened here")
NOT_ANSWERED = Text("没有回答：{why}", "no answer: {why}")


@dataclass(frozen=True)
class Missed:
    """`line`: its number, from 1; `check`: None where the turn itself failed."""

    line: int
    check: OneCheck | None
    says: Text

    def to_json(self, lang: str) -> dict[str, Any]:
        check = self.check.model_dump(mode="json", exclude_defaults=True) if self.check else None
        return {"line": self.line, "check": check, "says": self.says.to(lang)}


@dataclass(frozen=True)
class Ran:
    """What a case came to. `dollars`: None where a price is unknown."""

    case: Case
    seen: Sequence[Seen]
    missed: Sequence[Missed]
    reasons: Sequence[tuple[int, Text]] = ()
    """What a check that is passed says, with the number of its line: such as why a model thinks so."""
    paid: Sequence[Paid] = ()
    """What models did for it, those that judged, too."""
    by_words: bool = False
    """What tells meanings was not to be had: it may end otherwise when it is."""

    @property
    def ok(self) -> bool:
        return not self.missed

    @property
    def seconds(self) -> float:
        return sum(one.seconds for one in self.seen)

    @property
    def dollars(self) -> float | None:
        known = [one.cost for one in self.paid if one.cost is not None]
        return sum(known) if len(known) == len(self.paid) else None

    def to_json(self, lang: str) -> dict[str, Any]:
        return {
            "case": self.case.id,
            "title": self.case.title,
            "ok": self.ok,
            "seconds": round(self.seconds, 3),
            "yuan": None if self.dollars is None else round(self.dollars * YUAN, 6),
            "answers": [one.text for one in self.seen],
            "missed": [one.to_json(lang) for one in self.missed],
            **({"by_words": True} if self.by_words else {}),
        }


async def run(
    suite: Suite,
    agent: Agent,
    services: Services,
    *,
    at_once: int = AT_ONCE,
    model: str = "",
    attached: Attached | None = None,
) -> AsyncGenerator[Ran]:
    """Each case as soon as it has ended. Closing it cancels the others.

    `model`: that is asked instead of those that the agent names; whoever judges stays. `attached`: has the
    files of its lines.
    """
    room = asyncio.Semaphore(at_once)

    async def one(case: Case) -> Ran:
        async with room:
            return await run_case(case, agent, services, model, attached)

    tasks = [asyncio.create_task(one(case)) for case in suite.cases]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def run_case(
    case: Case, agent: Agent, services: Services, model: str = "", attached: Attached | None = None
) -> Ran:
    """A line that fails, or cannot be played, ends the case. Nobody waits: meanings are told each time."""
    with unhurried() as ease:
        ran = await _run_case(case, agent, services, model, attached, ease)
    return replace(ran, by_words=ease.went_without)


async def _run_case(
    case: Case, agent: Agent, services: Services, model: str, attached: Attached | None, ease: Ease
) -> Ran:
    judge = Counted(services.models)
    models = Instead(services.models, model) if model else services.models
    services = replace(services, models=models, instead=StandIns(case.tools, agent.language))
    time_of = Clock(_begins(case, agent))
    talk = Talk(agent, services, case.variables, time_of, attached.senses.opened if attached else None)
    ran = Ran(case, [], [])
    for number, line in enumerate(case.lines, 1):
        time_of.now += line.after * HOUR
        try:
            message = Message(f"test-{case.id}-{number}", SENDER, line.says, at=time_of.now)
            seen = await _seen(talk, agent, line, message, attached, ease)
        except HongyanError as e:
            return replace(ran, missed=[*ran.missed, Missed(number, None, e.text)])
        with unsent_to_judges([agent], SENDER, services):
            ran = await _after(ran, number, seen, judge)
        if seen.failure and not any(check.of_failures for check in line.checks):
            why = NOT_ANSWERED.fill(why=seen.failure.reason)
            return replace(ran, missed=[*ran.missed, Missed(number, None, why)])
    return ran


async def _after(ran: Ran, number: int, seen: Seen, judge: Counted) -> Ran:
    """…with what that line came to. Of a turn that failed only what is asked of such is judged."""
    checks = [one for one in ran.case.lines[number - 1].checks if not seen.failure or one.of_failures]
    told = [(check, await check.judge(seen, judge)) for check in checks]
    missed = [Missed(number, check, verdict.says) for check, verdict in told if not verdict.ok]
    reasons = [(number, verdict.says) for _, verdict in told if verdict.ok and verdict.says is not OK]
    return replace(
        ran,
        seen=[*ran.seen, seen],
        missed=[*ran.missed, *missed],
        reasons=[*ran.reasons, *reasons],
        paid=[*ran.paid, *seen.paid(), *judge.taken()],
    )


@dataclass
class Clock:
    """Stands still within a turn: what is asked at ten is answered at ten, however slow the model."""

    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        return self.now


def _begins(case: Case, agent: Agent) -> float:
    if case.at is None:
        return time.time()
    return (case.at if case.at.tzinfo else case.at.replace(tzinfo=zone(agent.timezone))).timestamp()


async def _seen(
    talk: Talk, agent: Agent, line: Line, message: Message, attached: Attached | None, ease: Ease
) -> Seen:
    """Raises Invalid, NotFound, BadMedia, NotSaved."""
    if line.files and attached is None:
        raise NotFound(NO_FILES)
    began, beginning, sensed = time.monotonic(), ease.beginning, list[Event]()
    if attached is not None:
        message, seen = await attached.sent(agent, message, line.files)
        sensed += seen
    events = await talk.answered(talk.hears(message))
    seconds = time.monotonic() - began - (ease.beginning - beginning)
    return Seen(line.says, [*sensed, *events], max(0.0, seconds))
