"""Somebody who has not agreed yet is asked before anything is done with what they sent."""

from runtime.gateway.canned import canned, plain_greeting
from runtime.gateway.job import Job
from runtime.gateway.keeping import Keeping
from runtime.gateway.patience import patiently
from runtime.store.messages.ending import Outcome
from runtime.turn import consenting


async def unagreed(job: Job, keeping: Keeping) -> Outcome | None:
    """What they are told; nothing of what they sent is kept. None: they agreed, or need not be asked, as
    where programs ask for their own people."""
    agent, message = job.surface.agent, job.message
    if not agent.consent.asks or not job.surface.is_for_people:
        job.agreed = True
        return None
    kept = keeping.of(job, first=False)
    text = await patiently(job.seq, lambda: consenting.unagreed(agent, message, kept))
    if text is None:
        job.agreed = True
        return None
    ready = canned(agent, message) if message.kind == "event" and not agent.begun_by(message) else None
    if ready is not None and message.data.get("event") != "menu":
        text = "\n\n".join((plain_greeting(agent), text)) if ready else ""
    return Outcome(text, job.surface.version, aside=True)
