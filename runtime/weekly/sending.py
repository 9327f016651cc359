"""The report of the week goes out by itself, at a time of the owner's."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from runtime.agents.schedule import last_time, next_time
from runtime.errors import HongyanError, NotFound
from runtime.lang import Text
from runtime.store.control.report_plan import ReportPlan
from runtime.store.database import Database
from runtime.store.messages.insights import Insights
from runtime.store.messages.switching import KEPT
from runtime.time_zones import zone
from runtime.weekly.groups import Grouping
from runtime.weekly.report import reported, whole_week
from runtime.weekly.words import told

log = logging.getLogger(__name__)

LATE = 86_400.0
"""Seconds after its time in which it still goes out, when the program was stopped then."""
AGAIN = 600.0
"""Seconds until one that could not be sent is tried again."""
AHEAD = 8 * 86_400.0
"""Seconds by which what was sent may lie in the future before the clock was wrong then."""
SENT = "weekly_report"
"""Name of the fact that says of which time it was sent last."""
GONE = Text(
    "周报要发到的「{id}」已经不在了。", "{id!r}, where the report is to be sent, is not there any more."
)
Begins = Callable[[Coroutine[Any, Any, None]], object]


class Says(Protocol):
    """Says it there once, however often it is asked with the same key; and in which language."""

    def language(self, publication: str) -> str | None:
        """None: there is no such publication any more."""
        ...

    async def say(self, publication: str, text: str, to: str, key: str) -> None:
        """Raises HongyanError."""
        ...


class WeeklyReport:
    """What the alarm rings for, see runtime/gateway/alarm.py. It is made beside it: others wait for none."""

    def __init__(
        self,
        plan: Callable[[], tuple[ReportPlan | None, str]],
        database: Database,
        insights: Insights,
        says: Says,
        begins: Begins,
        grouping: Grouping | None = None,
    ) -> None:
        """`plan`: what the owner chose, and the installation's time zone."""
        self._plan, self._database, self._insights = plan, database, insights
        self._says, self._begins, self._grouping = says, begins, grouping
        self._done, self._failed_at = 0.0, float("-inf")
        """The time of the one that this process began last, and when one could not be sent."""

    async def run_due(self, now: float) -> float | None:
        plan, name = self._plan()
        if plan is None:
            return None
        place = zone(name)
        due = last_time(plan.cron, place, now - LATE, now)
        since = plan.since if plan.since <= now else 0.0  # a clock that was ahead
        rests = 0 <= now - self._failed_at < AGAIN
        if due is not None and due > since and not (rests or _is_after(self._done, due, now)):
            self._done = due
            self._begins(self._send(plan, due, place, now))
        return next_time(plan.cron, place, now)

    async def _send(self, plan: ReportPlan, due: float, place: ZoneInfo | None, now: float) -> None:
        try:
            if not await self._was_sent(due, now):
                await self._sent(plan, due, place)
        except HongyanError as e:  # the page and the command say the same
            log.error("the report of the week is not sent: %s", e.text.en)
            self._try_again(now)
        except Exception:  # a bug of ours
            log.exception("the report of the week is not sent")
            self._try_again(now)

    def _try_again(self, now: float) -> None:
        """As when a disk was full: within a day of its time it still goes out."""
        self._done, self._failed_at = 0.0, now

    async def _sent(self, plan: ReportPlan, due: float, place: ZoneInfo | None) -> None:
        language = self._says.language(plan.publication)
        if language is None:
            raise NotFound(GONE.fill(id=plan.publication))
        weeks = [whole_week(due, place, back) for back in (0, 1)]
        publications = self._insights.publications()
        report = await reported(self._insights, publications, weeks[0], weeks[1], self._grouping)
        await self._says.say(plan.publication, told(report, language, place), plan.to, f"{SENT} {due:.0f}")
        await self._database.write(lambda db: db.execute(KEPT, (SENT, str(due), due)).rowcount)

    async def _was_sent(self, due: float, now: float) -> bool:
        sql = "select at from facts where name=?"
        row = await self._database.read(lambda db: db.execute(sql, (SENT,)).fetchone())
        return row is not None and _is_after(float(row["at"]), due, now)


def _is_after(done: float, due: float, now: float) -> bool:
    """Whether what was done then is that one or a later one."""
    return due <= done <= now + AHEAD
