"""Runs become turns: one for nobody, or one for each person, a few at a time."""

import asyncio
import logging
from collections.abc import Sequence

from runtime.agents.starts import Start
from runtime.channels import Announces
from runtime.errors import HongyanError
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.job import Job
from runtime.gateway.starts.alarm import Alarm
from runtime.gateway.starts.schedules import Schedules
from runtime.gateway.surfaces import Surface
from runtime.gateway.worker import Worker
from runtime.message import Message
from runtime.store.messages.newest import Newest
from runtime.store.messages.runs import Judge, Run

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
    """`begin` is called in every process, and does the work in the one that has the lease."""

    def __init__(self, context: Context, abilities: Abilities, worker: Worker) -> None:
        self._context = context
        self._runs = context.messages.runs
        self._surfaces = context.surfaces
        self._abilities = abilities
        self._worker = worker
        self._clock = context.clock
        self.alarm = Alarm(context.clock)
        """To be rung by whoever begins something."""
        self._schedules = Schedules(context)
        self._running: dict[int, asyncio.Task[None]] = {}

    async def begin(self) -> None:
        """For as long as the process runs."""
        await self._context.leases.while_mine(LEASE, self._begin)

    async def _begin(self) -> None:
        try:
            while True:
                due = await self._schedules.look()
                for run in await self._runs.open():
                    if run.id not in self._running and not self._worker.draining:
                        self._running[run.id] = asyncio.create_task(self._go(run))
                await self.alarm.wait(due)
        finally:
            tasks = list(self._running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

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


def _people(run: Run, start: Start) -> Sequence[str] | None:
    """None: everybody."""
    if start.audience == "everybody":
        return None
    if start.audience == "listed":
        return start.people
    named = run.begun.get("people")
    return [str(one) for one in named] if isinstance(named, list) else []
