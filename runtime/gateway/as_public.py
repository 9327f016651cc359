"""What another version writes for one person is told by the names that whoever listens knows.

Programs and pages pick what belongs to the answer by its blocks, as the version for everybody has them. Who
is answered by another one is to see its answer grow likewise, and nothing that is none.
"""

from dataclasses import replace
from typing import TypeVar

from runtime.agents.agent import Agent
from runtime.agents.answering import answering_blocks
from runtime.gateway.job import Job
from runtime.turn.events import Event, TextDelta, TextReset

T = TypeVar("T", bound=Event)


def as_public(job: Job, event: T) -> T:
    """Itself, where the version for everybody answers."""
    if not isinstance(event, TextDelta | TextReset) or job.public is None:
        return event
    if job.renamed is None:
        job.renamed = renamed(job.surface.agent, job.public)
    return replace(event, block=job.renamed.get(event.block, event.block))


def renamed(agent: Agent, public: Agent) -> dict[str, str]:
    """Its blocks that are called otherwise there: those of its answer as those of the other's answer, and any
    that are none as none is."""
    ours, theirs = (list(dict.fromkeys(answering_blocks(one))) for one in (agent, public))
    found = {block: f"{block}~" for block in theirs if block not in ours}
    if theirs:
        found |= {block: theirs[min(place, len(theirs) - 1)] for place, block in enumerate(ours)}
    return found
