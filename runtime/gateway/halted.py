"""A turn of which its person wanted no more."""

from runtime.agents.answering import answering_blocks
from runtime.gateway.job import Job
from runtime.store.messages.messages import Outcome
from runtime.turn.events import STOPPED, ModelUsed


def halted(job: Job, version: int) -> Outcome:
    """What was written of the answer is all of it. What it cost so far is paid."""
    written = "".join(
        piece for block in answering_blocks(job.surface.agent) for piece in job.written.get(block, ())
    )
    used = [one for one in job.paid if isinstance(one, ModelUsed)]
    return Outcome(
        written,
        version,
        prompt_tokens=sum(one.prompt_tokens for one in used),
        completion_tokens=sum(one.completion_tokens for one in used),
        finish=STOPPED,
    )
