"""Schedules: what is due becomes a run, once, however often the program stops and the clock is set."""

from collections.abc import Iterator
from dataclasses import dataclass

from runtime.agents.schedule import last_time, next_time
from runtime.agents.starts import Scheduled
from runtime.gateway.context import Context
from runtime.gateway.surfaces import Surface
from runtime.store.messages.runs import Schedule
from runtime.store.messages.states import RunState
from runtime.time_zones import zone

LATE = 90.0
"""Seconds after which what was due was missed."""
SET_BACK = 1.0
"""Seconds by which the clock has to go back to be set."""


@dataclass
class _Known:
    """`at`: when it is due next."""

    since: float
    at: float | None


class Schedules:
    """`look` is called at each moment that something may be due, in one process."""

    def __init__(self, context: Context) -> None:
        self._surfaces = context.surfaces
        self._runs = context.messages.runs
        self._metrics = context.metrics
        self._known: dict[Schedule, _Known] | None = None
        self._seen = float("-inf")

    async def look(self, now: float) -> float | None:
        """Begin what is due; when to look next. Raises StoreFailed."""
        if self._known is None or now < self._seen - SET_BACK:
            found = await self._runs.since()
            self._known = {one: self._from(one, min(since, now)) for one, since in found.items()}
        self._seen = now
        there = dict(self._all())
        for schedule, (surface, start) in there.items():
            known = self._known.get(schedule)
            if known is None:
                # Published just now, or changed: nothing of before was missed.
                await self._runs.came(schedule, now, None, now)
                known = self._known[schedule] = self._from(schedule, now)
            if known.at is not None and known.at <= now:
                await self._due(schedule, surface, start, known, now)
        await self._forget({*self._known} - {*there})
        return min((one.at for one in self._known.values() if one.at is not None), default=None)

    async def _due(
        self, schedule: Schedule, surface: Surface, start: Scheduled, known: _Known, now: float
    ) -> None:
        assert known.at is not None
        due = last_time(start.cron, zone(surface.agent.timezone), known.since, now) or known.at
        state: RunState = "due"
        code = ""
        if surface.publication.rests_since is not None:
            state, code = "skipped", "paused"
        elif start.missed == "skip" and now - due > LATE:
            state, code = "skipped", "missed"
        await self._runs.came(schedule, now, (due, state, code), now)
        if self._known is not None:
            self._known[schedule] = self._from(schedule, now)
        outcome = "begun" if state == "due" else "skipped"
        self._metrics.runs.labels(start.on, outcome).inc()

    async def _forget(self, gone: set[Schedule]) -> None:
        """Those that nobody has any more; what cannot be read just now comes again."""
        dead = self._surfaces.dead() if gone else {}
        there = {(schedule.publication, schedule.start) for schedule, _ in self._all()} if gone else set()
        for one in gone:
            if one.publication not in dead and self._known is not None:
                del self._known[one]
                if (one.publication, one.start) not in there:
                    await self._runs.forget(one.publication, one.start)

    def _all(self) -> Iterator[tuple[Schedule, tuple[Surface, Scheduled]]]:
        for surface in self._surfaces.all():
            for start in surface.agent.starts:
                if isinstance(start, Scheduled):
                    rule = f"{start.cron} {surface.agent.timezone}"
                    yield Schedule(surface.id, start.id, rule), (surface, start)

    def _from(self, schedule: Schedule, since: float) -> _Known:
        cron, _, place = schedule.rule.rpartition(" ")
        return _Known(since, next_time(cron, zone(place), since))
