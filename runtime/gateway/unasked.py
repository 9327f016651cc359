"""Whoever stays connected hears that there is something for them which they did not ask for."""

from runtime.gateway.job import Job
from runtime.store.vanishing import Name, Vanishing


def came_to(publication: str, sender: str) -> Name:
    return "unasked", publication, sender


async def announce(vanishing: Vanishing, job: Job) -> None:
    """Once its answer is stored."""
    if job.message.unasked:
        await vanishing.say(came_to(*job.lane), b"")
