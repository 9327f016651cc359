"""Reports that a group gets by themselves: as often as planned, whatever happens to the program.

Where one does not come, its owner hears of it."""

import asyncio
from collections import Counter
from datetime import datetime

import pytest
from towns import WeComGroup
from week_world import WeekWorld, published, week

from played_world import jumping
from script import says

SAID, DAILY = "下周降温，记得备热饮。", "今天："
HONEST = ("没有做成", "可能没有发出去")
DAYS = 14
"""In the middle of them Europe puts its clocks on."""
POINTS = ["before_model", "after_model", "before_block", "before_send", "after_send", "after_begun"]
WEEKLY = (4, 11)


def twice(agent):
    """…with one a day, besides the one a week."""
    weekly = agent["starts"][0]
    model, reply = weekly["flow"]
    text = f"{DAILY}{{{{ today.text }}}}"
    flow = [{**model, "id": "today"}, {**reply, "id": "post_today", "text": text}]
    return {**agent, "starts": [weekly, {**weekly, "id": "daily", "cron": "30 17 * * *", "flow": flow}]}


async def troubles(it):
    """Shortly before each is due."""
    for day in range(DAYS):
        await it.at(it.moment(day, 17, 29, 30))
        if day in (1, 2):
            await it.dies(down=120 if day == 1 else 7200)
        elif day == 3:
            it.world.down.append((it.loop.wall(), it.loop.wall() + 3600))
        elif day > 6:
            await it.dies(POINTS[day % len(POINTS)])
    await it.at(it.moment(DAYS, 9))


@pytest.mark.timeout(120)
@jumping
async def test_each_report_is_read_once_or_its_owner_hears_that_it_is_not(tmp_path, monkeypatch):
    agent = twice(published("weekly-report", "Europe/Berlin"))
    world = WeekWorld(thinks=lambda request: says(SAID))
    async with week(tmp_path, monkeypatch, world, WeComGroup, {1: agent}, "Europe/Berlin") as it:
        it.alerts_to = "p"
        await asyncio.gather(troubles(it), it.dies_daily(POINTS))
        assert it.died >= 25
        read = Counter()
        for line in it.town.chat():
            at = datetime.fromtimestamp(line.at, it.zone)
            late = (at - at.replace(hour=17, minute=30, second=0, microsecond=0)).total_seconds()
            kind = "daily" if line.text.startswith(DAILY) else "weekly" if line.text == SAID else "honest"
            assert -2 < late < (7300 if at.day == 24 else 240)
            assert kind != "honest" or any(word in line.text for word in HONEST)
            read[(at.date() - datetime.fromtimestamp(it.moment(0, 0), it.zone).date()).days, kind] += 1
        assert max(read.values()) == 1
        lacking = {(day, "daily") for day in range(DAYS)} | {(day, "weekly") for day in WEEKLY}
        lacking -= set(read)
        assert {(3, "daily")} <= lacking
        told = {day for day, kind in read if kind == "honest"}
        unsure = {day for day in range(7, DAYS) if POINTS[day % len(POINTS)] == "after_send"}
        assert {day for day, _ in lacking} == told - unsure
