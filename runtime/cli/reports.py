"""What a week brought, printed, sent, and sent every week."""

import argparse
import asyncio
import re
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.parsing import command, count
from runtime.cli.printing import control_of, say
from runtime.cli.saying import say_now, surface_of
from runtime.errors import BadSettings
from runtime.knowledge.search.searching import Searching
from runtime.lang import Text
from runtime.publish.weekly import DAYS, choose_report, weekly
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.messages.beside import is_there
from runtime.store.messages.insights import Insights
from runtime.time_zones import zone
from runtime.weekly.report import Report, reported, whole_week
from runtime.weekly.words import told

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

PATIENCE = 120.0
"""Seconds in which each question to the store is answered."""
AT = re.compile(r"([0-9]{1,2}):([0-9]{2})")
OFF = "off"


@needs(Permission.CONVERSATIONS_READ)
def show_report(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One JSON object. Raises TooSlow, Unreadable."""
    control = control_of(settings)
    say(asdict(_made(settings, control, options.back)))


@needs(Permission.CONVERSATIONS_ANSWER)
def send_report(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The last whole week's, now. Exit code 1 where it was not taken. Raises NotFound, BadSettings."""
    control = control_of(settings)
    surface = surface_of(control, options.publication)
    text = told(_made(settings, control, 0), surface.agent.language, zone(control.options().zone))
    say_now(settings, control, surface, text, options.to)


@needs(Permission.SETTINGS_EDIT)
def schedule_report(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound, BadSettings."""
    control = control_of(settings)
    if options.publication is not None:
        at = AT.fullmatch(options.at)
        if at is None:
            raise BadSettings(Text("时间写 09:00 这样。", "A time is like 09:00."), field="at")
        cron = weekly(options.day, int(at[1]), int(at[2]))
        publication = "" if options.publication == OFF else options.publication
        choose_report(control, publication, options.to, cron, time.time(), by=who)
    plan = control.options().report
    chosen = {"report": plan.model_dump() if plan else None, "timezone": control.options().zone}
    say(chosen)


def _made(settings: Settings, control: Control, back: int) -> Report:
    insights = Insights(settings.data / "messages.db", PATIENCE)
    place, now = zone(control.options().zone), time.time()
    week, before = (whole_week(now, place, n) for n in (back, back + 1))

    async def work() -> Report:
        searching = Searching(settings.data / "knowledge")
        try:
            ids = insights.publications() if is_there(insights.path) else []
            return await reported(insights, ids, week, before, searching.grouped)
        finally:
            await searching.close()

    return asyncio.run(work())


def add_reports(kept: "Parsers") -> None:
    what = "the last whole week beside the one before, as JSON; by the installation's time zone"
    showing = command(kept, "show", show_report, what)
    showing.add_argument("--back", type=count, default=0, metavar="N", help="so many weeks before that")
    sending = command(kept, "send", send_report, "send it now, on a publication that can write unasked")
    sending.add_argument("publication", metavar="PUBLICATION")
    what = "have it sent every week; off ends it, nothing shows it"
    planning = command(kept, "schedule", schedule_report, what)
    planning.add_argument("publication", metavar="PUBLICATION|off", nargs="?")
    planning.add_argument("--day", choices=DAYS, default="mon")
    planning.add_argument("--at", default="09:00", metavar="HH:MM")
    for one in (sending, planning):
        one.add_argument("--to", default="", metavar="RECEIVER", help="where a channel has more than one")
