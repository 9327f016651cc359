"""What comes goes to the turn that waits for it: a decision, a call, a time, or that nothing came in time.

What came is on the disk before anything else happens; a message of nobody's goes on with the turn then, in
the lane of its person. Any process may say what came: the one that works on messages takes it up.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from runtime.crash import crashpoint
from runtime.errors import Conflict, NotFound
from runtime.gateway.alarm import Alarm
from runtime.gateway.context import Context
from runtime.gateway.job import Job
from runtime.lang import Text
from runtime.store.messages.waits import Waits
from runtime.turn.waiting import LONGEST_NOTE, TOKEN, Came, hashed

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Whose time is over, taken up in one look."""
SWEEP = 60.0
"""Seconds between two looks at publications that are gone."""
NO_SUCH = Text("没有这个等待，或它已经结束。", "There is no such thing that waits, or it is over.")
DECIDED = Text("这件事已经有了决定。", "This is decided already.")


class Waitings:
    """Implements Due. `put`: gives a job to the worker; `is_full`: whether there is no room for another."""

    def __init__(
        self, context: Context, alarm: Alarm, put: Callable[[Job], None], is_full: Callable[[], bool]
    ) -> None:
        self._rows = context.messages.waits
        self._steps = context.messages.steps
        self._surfaces = context.surfaces
        self._metrics = context.metrics
        self._clock = context.clock
        self.alarm = alarm
        self._put = put
        self._is_full = is_full
        self._swept = float("-inf")
        alarm.add(self)

    async def decide(self, id: int, *, yes: bool, by: str, note: str = "", tapped: bool = False) -> None:
        """Somebody who may says yes or no. `tapped`: on a card, which shows it.

        Raises NotFound; Conflict when it was decided before.
        """
        data = {"yes": yes, "by": by, "note": note[:LONGEST_NOTE], **({"tapped": True} if tapped else {})}
        await self._come(await self._known(id, "decision"), Came("decision", data, self._clock()))

    async def cancel(self, id: int) -> None:
        """Whoever looks after it ends it: what else the flow has for that is done. Raises like decide."""
        await self._come(await self._known(id, ""), Came("cancelled", at=self._clock()))

    async def call(self, token: str, data: Mapping[str, Any]) -> None:
        """What was posted to the address that a tool gave away. Raises like decide: it counts once."""
        found = await self._by_token(token, "call")
        if found is None:
            raise NotFound(NO_SUCH)
        await self._come(found, Came("call", data, self._clock()))

    async def expects(self, token: str) -> bool:
        """Whether a call with it is to come, of a turn that has not come to where it waits for that."""
        return TOKEN.fullmatch(token) is not None and await self._steps.is_given(token)

    async def asked(self, token: str) -> Waits | None:
        """What waits for a decision and asked somebody by a card with this token."""
        return await self._by_token(token, "decision")

    async def _by_token(self, token: str, kind: str) -> Waits | None:
        found = await self._rows.by_token(hashed(token)) if token else None
        return found if found and found.kind == kind else None

    async def _known(self, id: int, kind: str) -> Waits:
        found = await self._rows.find(id)
        if found is None or (kind and found.kind != kind):
            raise NotFound(NO_SUCH)
        return found

    async def _come(self, wait: Waits, came: Came) -> None:
        if self._surfaces.find(wait.publication) is None:
            raise NotFound(NO_SUCH)
        if not await self._rows.decide(wait.id, came.to_json()):
            raise Conflict(DECIDED)
        crashpoint("after_decision")
        self.alarm.wake()

    async def run_due(self, now: float) -> float | None:
        """See alarm.Due."""
        if now - self._swept > SWEEP or now < self._swept:
            await self._sweep()
            self._swept = now
        live = {one.id: one for one in self._surfaces.all() if one.publication.rests_since is None}
        look = await self._rows.look(live, now, AT_ONCE)
        for wait in look.overdue:
            if wait.kind == "results":  # nobody is told that a program did not come back
                await self._rows.drop(wait.id)
                continue
            came = Came("time" if wait.kind == "time" else "late", at=now)
            await self._rows.decide(wait.id, came.to_json())
            self.alarm.wake()
        for wait in look.decided:
            if not self._is_full() and (begun := await self._rows.begin(wait.id, now)):
                crashpoint("after_begun")
                self._put(Job(begun[0], live[wait.publication], begun[1]))
        self._metrics.waiting.set(look.others + len(look.overdue))
        return look.due

    async def _sweep(self) -> None:
        """What waits for a publication that is gone ends."""
        dead = self._surfaces.dead()
        for id in await self._rows.publications():
            if id not in dead and self._surfaces.find(id) is None:
                log.info("%s waiting turns of %s end with it", await self._rows.end_all(id), id)
