"""Reminders that are due become turns."""

from runtime.crash import crashpoint
from runtime.gateway.context import Context
from runtime.gateway.job import Job
from runtime.gateway.surfaces import Surface
from runtime.gateway.worker import Worker

LATEST = 100
"""Publications that are asked for in one step."""


class Reminding:
    """`look` is called at each moment that something may be due, in one process."""

    def __init__(self, context: Context, worker: Worker) -> None:
        self._surfaces = context.surfaces
        self._reminders = context.messages.reminders
        self._metrics = context.metrics
        self._worker = worker

    async def look(self, now: float) -> float | None:
        """Begin what is due; when the next one is. Raises StoreFailed."""
        if await self._reminders.any_due(now):
            live = {one.id: one for one in self._surfaces.all() if one.publication.rests_since is None}
            ids = list(live)
            for at in range(0, len(ids), LATEST):
                await self._begin(live, ids[at : at + LATEST], now)
        return await self._reminders.next(now)

    async def _begin(self, live: dict[str, Surface], ids: list[str], now: float) -> None:
        while not self._worker.draining and (found := await self._reminders.due(ids, now)):
            crashpoint("after_begun")
            for one in found:
                self._metrics.runs.labels("reminder", "begun").inc()
                self._worker.put(Job(one.seq, live[one.publication], one.message))
