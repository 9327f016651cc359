"""What of an answer is shown on its surface."""

from runtime.answer import MEDIA, AnswerPart
from runtime.gateway.job import Job
from runtime.gateway.labelling import labelled
from runtime.off_loop import off_loop
from runtime.store.messages.messages import Outcome
from runtime.turn.events import ModelUsed

SHORT = 8000
"""Characters that are made what their surface shows on the loop: some 10 ms. 200,000 that are nothing but
signs take 0.4 s."""


def marked(job: Job, outcome: Outcome) -> str:
    """What is shown of an answer: with a mark, where a model wrote in it."""
    wrote = not outcome.failure and any(isinstance(one, ModelUsed) for one in job.paid)
    agent, channel = job.surface.agent, type(job.surface.channel)
    return labelled(outcome.reply, agent.safety.label, channel, agent.language) if wrote else outcome.reply


async def rendered(job: Job, reply: str) -> list[AnswerPart]:
    """Raises ValueError when nothing would be left of an answer."""
    return await off_loop(_rendered, job, reply) if len(reply) > SHORT else _rendered(job, reply)


def _rendered(job: Job, reply: str) -> list[AnswerPart]:
    parts = job.surface.channel.own_parts(reply)
    if reply.strip() and not parts:
        raise ValueError("an answer of which nothing can be shown")
    if job.message.follows:
        return [AnswerPart(part.text) if part.kind in MEDIA else part for part in parts]
    return parts
