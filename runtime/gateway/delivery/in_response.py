"""An answer that is there while its callback is held open is stored together with the response.

So the person has it a step earlier, and nothing has to be looked for that waits for them.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from runtime.answer import AnswerPart
from runtime.gateway.job import Holder, Job


async def takes_all(job: Job, parts: Sequence[AnswerPart]) -> bool:
    """Whether the response to the one callback that is held open is this answer and nothing else, should
    nothing else wait for the person."""
    if len(job.holders) != 1 or not parts or any(part.kind != "text" for part in parts):
        return False
    [holder] = job.holders
    is_for_it = holder.seq == job.seq and job.surface.is_for_people
    if not is_for_it or job.handed or job.goes_elsewhere or job.bubble:
        return False
    limits = job.surface.channel.limits
    if limits.size("\n\n".join(part.text for part in parts)) > limits.room:
        return False
    return await holder.listens() and holder in job.holders


@contextmanager
def recording(job: Job) -> Iterator[Literal[True]]:
    """Whoever holds a callback open waits meanwhile, also beyond its time: nothing else can be its answer."""
    job.recording = done = asyncio.get_running_loop().create_future()
    try:
        yield True
    finally:
        job.recording = None
        done.set_result(None)


async def answered(job: Job, holder: Holder, seconds: float) -> bool:
    """Hold a callback open for so long at most; whether the answer came."""
    await asyncio.wait([job.answered], timeout=max(0.0, seconds))
    while job.recording:
        await asyncio.wait([job.recording])
    if job.answered.done() or job.response is not None:
        return True
    job.holders.remove(holder)
    return False
