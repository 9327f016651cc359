"""Turns that failed, in the log: the first of a kind at once, the others counted. Of those that nobody wrote
for the owner is told, too."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from runtime.gateway.job import Job
from runtime.lang import Text
from runtime.newest import Newest
from runtime.store.messages.messages import Outcome

log = logging.getLogger(__name__)

APART = 60.0
"""Seconds between two lines about one publication and one reason."""
MOST = 1000
"""Publications and reasons that are told apart."""


UNDONE = Text(
    "「{agent}」的「{start}」这次没有做成：{reason}在「运行数据 › 定时和触发」里可以再运行一次。",
    "“{start}” of “{agent}” came to nothing this time: {reason} Insights › Runs can run it again.",
)


@dataclass
class _Told:
    at: float
    untold: int = 0


class FailureLog:
    def __init__(self, tell: Callable[[Text], None], clock: Callable[[], float] = time.monotonic) -> None:
        """`tell`: what the owner is to hear at once."""
        self._tell, self._clock = tell, clock
        self._told = Newest[tuple[str, str], _Told](MOST)

    def tell(self, job: Job, outcome: Outcome) -> None:
        """What went wrong, for whoever runs the program; never what was written."""
        if job.message.for_nobody:
            self._tell_owner(job, outcome)
        key, now = (job.surface.id, outcome.failure), self._clock()
        told = self._told.get(key)
        if told and 0 <= now - told.at < APART:
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

    def _tell_owner(self, job: Job, outcome: Outcome) -> None:
        """Its result was to go to a group, which does not know that it lacks it."""
        agent, id = job.surface.agent, str(job.message.data.get("start", ""))
        start = next((one.title for one in agent.starts if one.id == id), "") or id
        self._tell(UNDONE.fill(agent=agent.name, start=start, reason=outcome.reason))
