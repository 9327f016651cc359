"""Turns that failed, in the log: the first of a kind at once, the others counted."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from runtime.gateway.job import Job
from runtime.newest import Newest
from runtime.store.messages.messages import Outcome

log = logging.getLogger(__name__)

APART = 60.0
"""Seconds between two lines about one publication and one reason."""
MOST = 1000
"""Publications and reasons that are told apart."""


@dataclass
class _Told:
    at: float
    untold: int = 0


class FailureLog:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told = Newest[tuple[str, str], _Told](MOST)

    def tell(self, job: Job, outcome: Outcome) -> None:
        """What went wrong, for whoever runs the program; never what was written."""
        key, now = (job.surface.id, outcome.failure), self._clock()
        told = self._told.get(key)
        if told and now - told.at < APART:
            told.untold += 1
            return
        more = f" ({told.untold} more since the last line)" if told and told.untold else ""
        log.warning(
            "message %s of %s could not be answered: %s, block %s: %s%s",
            job.seq,
            job.surface.id,
            outcome.failure,
            outcome.block or "-",
            " ".join(outcome.reason.en.split())[:500],
            more,
        )
        self._told[key] = _Told(now)
