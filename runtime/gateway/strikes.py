"""Keep what checks decided, and pause whoever was stopped too often."""

import logging
from collections.abc import Callable, Sequence

from runtime.errors import StoreFailed
from runtime.gateway.job import Job
from runtime.safety.settings import TOLD
from runtime.store.messages.judged import Judged as Rows
from runtime.store.messages.judged import NewJudgement, told_in
from runtime.turn.events import Judged

log = logging.getLogger(__name__)

HOUR = 3600.0


class Strikes:
    """What cannot be kept or known stops nobody."""

    def __init__(self, rows: Rows, clock: Callable[[], float]) -> None:
        self._rows, self._clock = rows, clock

    async def paused(self, job: Job) -> str | None:
        """What somebody is told who is not answered for now."""
        agent = job.surface.agent
        wanted = agent.safety.strikes
        if not wanted.most or job.message.unasked:
            return None
        try:
            since = self._clock() - wanted.hours * HOUR
            count = await self._rows.strikes(job.surface.id, job.message.sender, since)
        except StoreFailed as e:
            log.warning("strikes of message %s are not known: %s", job.seq, e.text.en)
            return None
        return wanted.says.strip() or TOLD.to(agent.language) if count >= wanted.most else None

    async def keep(self, job: Job, judged: Sequence[Judged]) -> None:
        if not judged:
            return
        made = [
            NewJudgement(one.place, one.check, one.action, one.what, one.excerpt, told_in(one.why))
            for one in judged
        ]
        try:
            await self._rows.add(job.seq, job.lane, job.surface.agent.id, made, self._clock())
        except StoreFailed as e:
            log.warning("decisions about message %s are not kept: %s", job.seq, e.text.en)
