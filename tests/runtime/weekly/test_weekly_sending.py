"""The report goes out once, at its time, to where the owner chose; what is wrong with it holds nobody up."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from runtime.errors import StoreFailed
from runtime.lang import Text
from runtime.store.control.report_plan import ReportPlan
from runtime.store.messages.insights import Insights
from runtime.store.messages.messages import Messages
from runtime.weekly.sending import WeeklyReport

ZONE = "Asia/Shanghai"
HOUR = 3600.0


def at(*moment):
    return datetime(*moment, tzinfo=ZoneInfo(ZONE)).timestamp()


DUE = at(2026, 11, 30, 9)


class Said:
    def __init__(self, gone=False, fails=False):
        self.gone, self.fails, self.said = gone, fails, []

    def language(self, publication):
        return None if self.gone else "en"

    async def say(self, publication, text, to, key):
        if self.fails:
            raise StoreFailed(Text("满了", "full"))
        self.said.append((publication, to, key, text.splitlines()[0]))


async def rung(path, times, said=None, since=0.0, plan=True, cron="0 9 * * 1", zone=ZONE):
    """What was said when the alarm rang at those moments, of a new program after each None."""
    said = said or Said()
    messages, tasks = Messages(path), []
    chosen = ReportPlan(publication="group", to="all", cron=cron, since=since) if plan else None

    def program():
        def begins(work):
            tasks.append(asyncio.ensure_future(work))

        own = (messages.database, Insights(path), said, begins)
        return WeeklyReport(lambda: (chosen, zone), *own)

    one, next_at = program(), None
    for moment in times:
        if moment is None:
            one = program()
            continue
        next_at = await one.run_due(moment)
        await asyncio.gather(*tasks)
    await asyncio.to_thread(messages.close)
    return said.said, next_at


@pytest.mark.parametrize(
    ("times", "since", "number"),
    [
        ([DUE - 1], 0.0, 0),
        ([DUE, DUE + 5, DUE + HOUR], 0.0, 1),
        ([DUE, None, DUE + 5, None, DUE + HOUR], 0.0, 1),
        ([DUE + 20 * HOUR], 0.0, 1),
        ([DUE + 30 * HOUR], 0.0, 0),
        ([DUE + HOUR], DUE + 60, 0),
        ([DUE, DUE + 7 * 24 * HOUR], 0.0, 2),
        ([DUE, DUE - 7 * 24 * HOUR], 0.0, 1),
        ([DUE + HOUR], DUE + 400 * HOUR, 1),
        ([DUE + 52 * 7 * 24 * HOUR, DUE + HOUR, DUE + 2 * HOUR], 0.0, 2),
        ([DUE + 52 * 7 * 24 * HOUR, None, DUE + HOUR, None, DUE + 2 * HOUR], 0.0, 2),
    ],
)
async def test_it_goes_out_once_at_its_time_over_restarts_and_clocks(tmp_path, times, since, number):
    said, _ = await rung(tmp_path / "messages.db", times, since=since)
    assert len(said) == number
    if said:
        assert ("group", "all", f"weekly_report {DUE:.0f}", "**Week 11-23–11-29**") in said


def by(zone, *moment):
    return datetime(*moment, tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(
    ("zone", "day", "title"),
    [
        ("Europe/Berlin", (2026, 3, 29), "03-16–03-22"),
        ("Europe/Berlin", (2026, 10, 25), "10-12–10-18"),
        ("America/New_York", (2026, 3, 8), "02-23–03-01"),
        ("America/New_York", (2026, 11, 1), "10-19–10-25"),
        ("Australia/Lord_Howe", (2026, 4, 5), "03-23–03-29"),
        ("Asia/Kathmandu", (2026, 4, 5), "03-23–03-29"),
        ("Pacific/Kiritimati", (2026, 4, 5), "03-23–03-29"),
    ],
)
async def test_where_the_clock_is_changed_that_night_it_goes_out_once_with_its_own_days(
    tmp_path, zone, day, title
):
    """At a time that there is not, or twice."""
    night = by(zone, *day, 0)
    times = [night + n * HOUR / 2 for n in range(24)]
    for cron in ("30 1 * * 0", "30 2 * * 0"):
        said, _ = await rung(tmp_path / f"{cron[3]}.db", times, cron=cron, zone=zone)
        assert [one[3] for one in said] == [f"**Week {title}**"], cron


async def test_the_alarm_is_told_when_the_next_one_is_due_and_nothing_where_none_is(tmp_path):
    assert (await rung(tmp_path / "messages.db", [DUE]))[1] == DUE + 7 * 24 * HOUR
    assert await rung(tmp_path / "messages.db", [DUE], plan=False) == ([], None)


async def test_one_that_a_full_disk_kept_goes_out_once_there_is_space(tmp_path):
    class Full(Said):
        tries = 0

        async def say(self, *given):
            self.tries += 1
            if self.tries < 3:
                raise StoreFailed(Text("满了", "full"))
            await super().say(*given)

    said = Full()
    await rung(tmp_path / "messages.db", [DUE + 60 * n for n in range(60)], said)
    assert len(said.said) == 1
    assert said.tries == 3


@pytest.mark.parametrize("wrong", [{"gone": True}, {"fails": True}])
async def test_what_is_wrong_is_told_in_the_log_and_holds_nothing_up(tmp_path, wrong, caplog):
    said, next_at = await rung(tmp_path / "messages.db", [DUE], Said(**wrong))
    assert (said, next_at) == ([], DUE + 7 * 24 * HOUR)
    assert "report of the week is not sent" in caplog.text
