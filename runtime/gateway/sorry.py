"""Nobody's message ends in silence because something beside it is broken."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from runtime.errors import HongyanError, StoreFailed
from runtime.gateway.canned import BUG, failure
from runtime.gateway.job import Job
from runtime.store.messages.messages import Outcome

T = TypeVar("T")

log = logging.getLogger(__name__)


async def or_sorry(job: Job, work: Awaitable[Outcome]) -> Outcome:
    """What the work comes to; where it breaks, the sentence for that. Raises StoreFailed."""
    try:
        return await work
    except StoreFailed:
        raise
    except HongyanError as e:  # a file beside the messages that cannot be read
        log.error("message %s of %s cannot be answered: %s", job.seq, job.surface.id, e.text.en)
        return sorry(job, job.surface.version)
    except Exception:  # a bug of ours: the person is told, and the next message is not held up
        log.exception("message %s of %s failed", job.seq, job.surface.id)
        return sorry(job, job.surface.version)


def beside(seq: int, work: Callable[[], T]) -> T | None:
    """What is only counted: a bug there keeps nobody's answer. None where there is one."""
    try:
        return work()
    except Exception:  # whatever it is, the answer is there
        log.exception("what message %s came to is not counted", seq)
        return None


def sorry(job: Job, version: int) -> Outcome:
    """What somebody is told of a bug of ours. `version`: which was to answer."""
    return Outcome(failure(job.surface.agent, job.message), version, "bug", BUG)
