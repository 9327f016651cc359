"""Whoever has used up the day is told so once, in the agent's words, and not at every message."""

from collections.abc import Callable

from runtime.gateway.canned import failure
from runtime.gateway.job import Job
from runtime.models.budgets import OURS, day_of
from runtime.store.messages.messages import Outcome
from runtime.store.vanishing import Share, Vanishing

DAY = 86_400


class UsedUp:
    """Where what vanishes is lost, they are told once more."""

    def __init__(self, vanishing: Vanishing, clock: Callable[[], float]) -> None:
        """`clock`: seconds since 1970."""
        self._vanishing, self._clock = vanishing, clock

    async def refused(self, job: Job) -> Outcome | None:
        """How the turn ends that is not to be run in this task; None when it may be run."""
        purse = OURS.get()
        if not purse.full:
            return None
        version = job.surface.version
        return Outcome(await self.sorry(job, "budget"), version, "budget", purse.empty)

    async def sorry(self, job: Job, code: str) -> str:
        """What the person is told whose answer failed for that reason; "" when they were told today."""
        said = failure(job.surface.agent, job.message, code)
        if code != "budget" or not said:
            return said
        place, sender = job.surface.id, job.message.sender
        day = day_of(self._clock(), job.surface.agent.timezone)
        told = Share(("used up", place, sender, day), 1, DAY)
        once = ("telling used up", place, sender, job.message.id)
        return "" if await self._vanishing.take(told, once=once) else said
