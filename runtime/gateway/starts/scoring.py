"""People are asked how satisfied they were, where the owner wants it: once silent, or back from a human."""

from runtime.crash import crashpoint
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.job import Job
from runtime.gateway.score_words import refuses, spoken_in
from runtime.gateway.surfaces import Surface
from runtime.gateway.worker import Worker
from runtime.message import Quota
from runtime.newest import Newest as Remembered
from runtime.store.messages.newest import Newest
from runtime.store.messages.score_asking import Judge, ScoreAsking, Slice

LATE = 3600.0
"""Seconds after its time in which somebody is still asked, when the program was stopped then."""
SOON = 10.0
"""Seconds after a human gave somebody back: their last words arrive first."""
SPARED = 3
"""Pushes that have to be left: the question counts as two where it is tapped, and is never the last."""
MINUTE = 60.0
PUBLICATIONS = 1000
"""Of which it is remembered up to when they were looked at."""


class Scoring:
    """`look` is called at each moment that something may be due, in one process."""

    def __init__(self, context: Context, abilities: Abilities, worker: Worker) -> None:
        self._surfaces, self._metrics = context.surfaces, context.metrics
        self._abilities, self._worker = abilities, worker
        self._asking = ScoreAsking(context.messages.database, refuses)
        self._is_first = True
        self._looked = Remembered[str, tuple[float, int]](PUBLICATIONS)
        """By publication: up to when it was looked, and what was wanted then, in minutes."""

    async def look(self, now: float) -> None:
        """Ask whoever is due. Raises StoreFailed."""
        is_first, self._is_first = self._is_first, False
        for surface in self._surfaces.all():
            if minutes := surface.publication.score_after:
                await self._look(surface, minutes, self._since(surface, minutes, now, is_first=is_first), now)
            else:
                self._looked.pop(surface.id, None)

    def _since(self, surface: Surface, minutes: int, now: float, *, is_first: bool) -> float:
        """What came due while the program was stopped is looked at, not what was over when the owner began to
        ask. A clock that was set back does not hold it up."""
        known = self._looked.get(surface.id)
        if known is None or known[1] != minutes:
            known = self._looked[surface.id] = (now - LATE if is_first else now, minutes)
        return max(now - LATE, min(known[0], now))

    async def _look(self, surface: Surface, minutes: int, since: float, now: float) -> None:
        if not self._can_ask(surface) or self._worker.is_full():
            return
        silence = minutes * MINUTE
        times = Slice((since - silence, now - silence), (since - SOON, now - SOON))
        due = await self._asking.begun(surface.id, times, self._judge(surface, now), now)
        self._looked[surface.id] = now, minutes
        if due:
            crashpoint("after_begun")
        for one in due:
            self._metrics.runs.labels("score", "begun").inc()
            self._worker.put(Job(one.seq, surface, one.message))

    def _can_ask(self, surface: Surface) -> bool:
        return surface.publication.rests_since is None and surface.is_for_people

    def _judge(self, surface: Surface, now: float) -> Judge:
        """Whoever reads on a page of ours sees it there; else within what the platform lets us push after
        what they wrote, and never the last of it."""
        pusher, language = surface.pusher, surface.agent.language
        can = self._abilities.can_push(surface) is True and not self._abilities.is_resting(surface)

        def judged(wrote: Newest, pushed: int) -> str:
            if not wrote.message.follows:
                quota = pusher.quota(wrote.message) if pusher and can else Quota(0, 0.0)
                if now - wrote.at >= quota.seconds or quota.pushes - pushed < SPARED:
                    return ""
            return spoken_in(wrote.message.text, language)

        return judged
