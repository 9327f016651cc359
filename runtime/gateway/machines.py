"""Two machines that answer each other are stopped: ours falls silent, and its owner is told."""

import asyncio
import logging

from runtime.channels import Notice
from runtime.errors import StoreFailed
from runtime.gateway.context import Context
from runtime.gateway.job import Job
from runtime.newest import Newest
from runtime.safety.machines import ALERT, KIND, SAYS, SIGNS, Pace, Sign
from runtime.store.messages.judged import NewJudgement

log = logging.getLogger(__name__)

PEOPLE = 20_000


class Machines:
    """What is known of somebody's pace is of this process alone, and forgotten with it; that somebody was
    stopped is kept with what checks decided, where it counts as a strike and is taken back."""

    def __init__(self, context: Context) -> None:
        self._judged = context.messages.judged
        self._doctor, self._metrics, self._clock = context.doctor, context.metrics, context.clock
        self._paces = Newest[tuple[str, str], Pace](PEOPLE)

    async def silent(self, job: Job) -> str | None:
        """What a machine is told: once in words, then nothing. None for a person."""
        if job.resumed or job.message.unasked or not type(job.surface.channel).machines_write:
            return None
        pace = self._paces.of(job.lane, Pace)
        if pace.silent_until > _now():
            if await self._is_silent(job):
                return ""
            pace.silent_until, pace.spells = float("-inf"), 0  # somebody said that it was wrong
        sign = pace.came(job.message, job.at)
        return await self._stopped(job, pace, sign) if sign else None

    def answered(self, job: Job) -> None:
        """Something was said to them just now."""
        if pace := self._paces.get(job.lane):
            pace.answered_at = _now()

    async def _is_silent(self, job: Job) -> bool:
        try:
            return await self._judged.is_stopped(*job.lane, KIND)
        except StoreFailed as e:
            log.warning("whether message %s is a machine's is not known: %s", job.seq, e.text.en)
            return True

    async def _stopped(self, job: Job, pace: Pace, sign: Sign) -> str:
        minutes, agent = round(pace.silence(_now()) / 60), job.surface.agent
        excerpt = job.message.text[:200]
        made = NewJudgement("in", KIND, "block", SIGNS[sign].to(agent.language), excerpt)
        try:
            await self._judged.add(job.seq, job.lane, agent.id, [made], self._clock())
        except StoreFailed as e:
            log.warning("that message %s is a machine's is not kept: %s", job.seq, e.text.en)
        self._metrics.machines.labels(sign).inc()
        told = Notice(ALERT.fill(sign=SIGNS[sign], minutes=minutes))
        self._doctor.told(job.surface.id, told, self._clock())
        return SAYS.fill(minutes=minutes).to(agent.language)


def _now() -> float:
    return asyncio.get_running_loop().time()
