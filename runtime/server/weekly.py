"""The report of the week, joined to the gateway that rings for it and says it."""

from pathlib import Path

from runtime.errors import NotFound
from runtime.gateway.gateway import Gateway
from runtime.knowledge.search.searching import Searching
from runtime.publish.weekly import planned
from runtime.store.control.control import Control
from runtime.store.control.report_plan import ReportPlan
from runtime.store.messages.insights import Insights
from runtime.weekly.sending import GONE, WeeklyReport

PATIENCE = 60.0
"""Seconds in which each question to the store is answered."""


class Saying:
    """See runtime/weekly/sending.Says."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def language(self, publication: str) -> str | None:
        found = self._gateway.surfaces.find(publication)
        return found.agent.language if found else None

    async def say(self, publication: str, text: str, to: str, key: str) -> None:
        surface = self._gateway.surfaces.find(publication)
        if surface is None:
            raise NotFound(GONE.fill(id=publication))
        await self._gateway.saying.say(surface, text, to, key)


def join_report(gateway: Gateway, control: Control, searching: Searching, data: Path) -> None:
    def plan() -> tuple[ReportPlan | None, str]:
        return planned(control), control.options().zone

    insights = Insights(data / "messages.db", PATIENCE)
    own = (gateway.messages.database, insights, Saying(gateway), gateway.begin)
    gateway.alarm.add(WeeklyReport(plan, *own, searching.grouped))
