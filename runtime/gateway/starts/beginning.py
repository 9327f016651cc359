"""Runs become turns: one for nobody, or one for each person, a few at a time."""

import asyncio
import logging
import uuid
from collections.abc import Sequence

from runtime.agents.starts import Start
from runtime.channels import Announces
from runtime.crash import crashpoint
from runtime.errors import HongyanError, NotFound
from runtime.gateway.alarm import Alarm
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.job import Job
from runtime.gateway.starts.calls import Calls
from runtime.gateway.starts.reminding import Reminding
from runtime.gateway.starts.schedules import Schedules
from runtime.gateway.starts.scoring import Scoring
from runtime.gateway.surfaces import Surface
from runtime.gateway.worker import Worker
from runtime.lang import Text
from runtime.message import Message
from runtime.store.messages.newest import Newest
from runtime.store.messages.runs import Everybody, Judge, Run, Tagged, Whom
from runtime.tools import Secrets

log = logging.getLogger(__name__)

LEASE = "starts"
GROUP = 20
"""People whose turns are made together."""
MINUTE = 60.0
AGAIN = 30.0
"""Seconds until an account in trouble is looked at once more."""
DAY = 86_400.0
"""Seconds after which a run that the account holds up is given up."""


class Beginning:
    """Implements alarm.Due: in each process, and what is due is done in the one that has the lease."""

    def __init__(
        self, context: Context, abilities: Abilities, worker: Worker, alarm: Alarm, secrets: Secrets
    ) -> None:
        """`secrets` open what signs the calls of programs."""
        self._context = context
        self._runs = context.messages.runs
        self._surfaces = context.surfaces
        self._abilities = abilities
        self._worker = worker
        self._clock = context.clock
        self._is_ours = False
        self._alarm = alarm
        alarm.add(self)
        self._schedules, self._reminding = Schedules(context), Reminding(context, worker)
        self._scoring = Scoring(context, abilities, worker)
        self.calls = Calls(context, secrets, alarm)
        self._running: dict[int, asyncio.Task[None]] = {}

    async def hold(self) -> None:
        """For as long as the process runs."""
        await self._context.leases.while_mine(LEASE, self._begin)

    async def _begin(self) -> None:
        self._is_ours = True
        self._alarm.wake()
        try:
            await asyncio.Event().wait()
        finally:
            self._is_ours = False
            tasks = list(self._running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def run_due(self, now: float) -> float | None:
        """Begin what is due, and what another process put there; when the next is due. Raises StoreFailed."""
        if not self._is_ours:
            return None
        due = [await self._schedules.look(now), await self._reminding.look(now)]
        if not self._worker.draining:
            await self._scoring.look(now)
        for run in await self._runs.open():
            if run.id not in self._running and not self._worker.draining:
                self._running[run.id] = asyncio.create_task(self._go(run))
        return min((at for at in due if at is not None), default=None)

    async def run_now(self, publication: str, id: str) -> int:
        """Besides when it is due, because the operator wants it: the number of the run.

        Raises NotFound, StoreFailed.
        """
        surface = self._surfaces.find(publication)
        if surface is None or all(start.id != id for start in surface.agent.starts):
            raise NotFound(Text("这个发布里没有它了。", "This publication has it no more."))
        now = self._clock()
        begun = await self._runs.begin(publication, id, f"now {uuid.uuid4()}", now, begun={})
        self._alarm.wake()
        return begun[0] if begun else 0

    async def _go(self, run: Run) -> None:
        try:
            await self._one(run)
        except HongyanError as e:
            log.error("run %s of %s waits: %s", run.id, run.publication, e.text.en)
            await asyncio.sleep(AGAIN)
        finally:
            del self._running[run.id]

    async def _one(self, run: Run) -> None:
        surface = self._surfaces.find(run.publication)
        if surface is None:
            if run.publication not in self._surfaces.dead():
                await self._runs.end(run.id, "failed", "unpublished")
            return
        start = next((one for one in surface.agent.starts if one.id == run.start), None)
        if start is None:
            await self._runs.end(run.id, "failed", "no_start")
        elif surface.publication.rests_since is not None:
            return  # a program called just before: it goes on with the rest
        elif start.audience == "nobody":
            if made := await self._runs.for_nobody(run, self._clock()):
                self._put(surface, [made])
        else:
            await self._for_people(run, surface, start)

    async def _for_people(self, run: Run, surface: Surface, start: Start) -> None:
        most = min(GROUP, start.pace)
        place, is_first = run.place, True
        while (is_first or place) and not self._worker.draining:
            if not start.to and self._abilities.is_resting(surface):
                if self._clock() - run.at > DAY:
                    await self._runs.end(run.id, "failed", "account")
                return  # it goes on here when the account is well
            run = run.at_place(place)
            judge = self._judge(surface, start)
            made, place = await self._runs.for_people(run, _people(run, start), most, judge, self._clock())
            is_first = False
            crashpoint("after_begun")
            jobs = self._put(surface, made)
            if jobs:
                await asyncio.wait([job.answered for job in jobs])
            if place:
                await asyncio.sleep(len(jobs) * MINUTE / start.pace)

    def _put(self, surface: Surface, made: Sequence[tuple[int, Message]]) -> list[Job]:
        jobs = [Job(seq, surface, message) for seq, message in made]
        for job in jobs:
            self._worker.put(job)
        return jobs

    def _judge(self, surface: Surface, start: Start) -> Judge:
        """Whether somebody can be brought something there now: nobody pays a model for what cannot arrive."""
        pusher, now = surface.pusher, self._clock()
        can = self._abilities.can_push(surface) is not False

        def judged(wrote: Newest | None, pushed: int) -> str:
            if start.to or isinstance(pusher, Announces):
                return ""
            if pusher is None or not can:
                return "cannot"
            if wrote is None:
                return "never_wrote"
            quota = pusher.quota(wrote.message)
            if now - wrote.at >= quota.seconds:
                return "window"
            return "" if pushed < quota.pushes else "quota"

        return judged


def _people(run: Run, start: Start) -> Whom:
    if start.audience == "everybody":
        return Everybody()
    if start.audience == "tag":
        return Tagged(" ".join(start.tag.split()))
    if start.audience == "listed":
        return start.people
    named = run.begun.get("people")
    return [str(one) for one in named] if isinstance(named, list) else []
