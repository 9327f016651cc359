"""Answers that nobody brings to their person."""

from collections.abc import Awaitable, Callable

from runtime.gateway.job import Job
from runtime.message import Message

Newest = Callable[[str, str], Awaitable[Message | None]]


async def is_fetched(job: Job, newest: Newest) -> bool:
    """Whether its person comes for it; what they wrote last is known then."""
    if job.message.unasked and job.after is None:
        job.after = await newest(*job.lane)
    return job.is_fetched


async def is_not_brought(job: Job, newest: Newest) -> bool:
    """It is for no person, for somebody else, or they come for it."""
    if job.goes_elsewhere or not job.surface.is_for_people:
        return True
    return job.surface.door is not None and await is_fetched(job, newest)
