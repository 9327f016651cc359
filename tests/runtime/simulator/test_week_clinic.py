"""A practice that takes appointments, for a week: no time is given twice, and everybody is reminded once."""

import asyncio
import re
from collections import Counter
from datetime import datetime

import pytest
from towns import OfficialAccount
from week_truth import FAILED, counted_right, each_answered_once, is_doubt, nothing_lost_nor_twice
from week_world import WeekWorld, published, week

from played_world import jumping
from script import says

BOOKED = re.compile(r"约好了：(\d{4}-\d\d-\d\d \d\d:\d\d) 剪发。(当天早上提醒您)?")
REMINDED = re.compile(r"⏰ 提醒：今天 (\d\d:\d\d)")
OFFERED = re.compile(r"msgmenucontent=(\d\d:\d\d)")
TIMES = ("10:00", "11:30", "13:00", "15:00", "16:30", "18:00")
GIVEN_UP, CANCELLED = "好的，先不办了", "已取消"
CLAIMED = "select key, count(*) from shared_claims group by key"
PEOPLE, RUSH = 26, 10
"""…of whom so many want the same few times at once, on Monday morning."""
ASK = range(20, 26)
"""Those who ask while the model is slow, and while it is down."""
POINTS = ["", "before_send", "after_send", "after_place", "before_value", "after_persist", "before_ack"]
POINTS += ["after_record", "after_value", "before_block", "after_tool", "after_taken", "after_claim"]


def said_to(heard, date, draw):
    """What somebody says who reads that; "" when there is nothing left for them."""
    if "没有可选" in heard:
        return ""
    if "刚被" in heard:  # in one sentence, as they are told
        return f"约剪发，{date} {draw.choice(TIMES)}，13800000000"
    if "请核对" in heard:
        return "对"
    if "哪天" in heard:
        return date
    if offered := OFFERED.findall(heard):
        return draw.choice(offered)
    return "13800000000" if "电话" in heard else "我想约剪发"


async def books(it, who, day):
    """Somebody takes one of the times of that day: which one; "" when there was none."""
    say, date = "我想约剪发", it.day(day)
    for _ in range(40):
        heard = await it.says(who, say)
        if booked := BOOKED.search(heard):
            return booked[1]
        if not heard or FAILED in heard or it.town.sorry in heard:
            await it.at(it.loop.wall() + 900)
        say = said_to(heard, date, it.draw)
        if not say:
            await it.talks(who, [("取消", GIVEN_UP)])
            return ""
    raise AssertionError(it.town.chat(who)[-6:])


async def lives(it, who):
    """A person's week: they book, look, and some do not come."""
    day = 0 if who < RUSH else who % 6
    await it.at(it.moment(day, 9 if who < RUSH else 9 + it.draw.random() * 12))
    slot = await books(it, who, day + (1 if who < RUSH else it.draw.choice([0, 1, 1, 1, 2, 4])))
    await it.at(it.loop.wall() + 3600 * it.draw.random() * 6)
    if slot and who % 3 == 0:
        await it.talks(who, [("我的预约", slot), ("取消预约", f"{CANCELLED}|还没有预约")])
    if slot and who % 9 == 0:
        await books(it, who, min(day + 3, 8))
    if who in ASK:
        await it.at(it.moment(2 + who % 2, 14, who))
        await it.talks(who, [("几点营业？", "10:00")], again=2400)


async def leaves(it, who):
    """Somebody books for the next day and unsubscribes."""
    await it.at(it.moment(2, 11))
    assert await books(it, who, 3)
    await it.does(it.town.phone(who).unfollow())


async def runs(it):
    """What its owner does in this week: a new version, for a tenth first, and another machine."""
    await it.at(it.moment(1, 12))
    it.canary(2, share=10)
    await it.at(it.moment(3, 12))
    it.release(2)
    await it.at(it.moment(4, 7, 50))
    await it.dies(down=1800)
    await it.at(it.moment(5, 3))
    it.town.void_tokens()
    await it.moves()


def appointments(it, who):
    """By what they read: from when to when they had which time, and whether a reminder was promised."""
    had = []
    for line in it.town.chat(who):
        booked = BOOKED.search(line.text)
        if (booked and had) or CANCELLED in line.text:
            had[-1][1] = min(had[-1][1], line.at)
        if booked:
            had.append([line.at, float("inf"), booked[1], bool(booked[2])])
    return had


def each_reminded_once(it):
    for who in range(PEOPLE):
        chat = it.town.chat(who)
        due, may = Counter(), Counter()
        for since, until, slot, is_promised in appointments(it, who):
            morning = datetime.fromisoformat(f"{slot[:10]}T08:00").replace(tzinfo=it.zone).timestamp()
            if since < morning < until:
                (due if is_promised else may)[slot[:10], slot[11:]] += 1
                unsure = [one for one in chat if is_doubt(one) and 0 <= one.at - morning < 1800]
                may[slot[:10], slot[11:]] += len(unsure) and is_promised
        came = Counter(
            (datetime.fromtimestamp(line.at, it.zone).date().isoformat(), reminded[1])
            for line in chat
            if (reminded := REMINDED.search(line.text))
        )
        assert due - may <= came <= due + may
    assert not any(REMINDED.search(line.text) for line in it.town.chat(PEOPLE))


@pytest.mark.timeout(120)
@jumping
async def test_a_practice_for_a_week_gives_no_time_twice_and_reminds_everybody_once(tmp_path, monkeypatch):
    agent = published("booking-assistant", "Europe/Berlin")
    newer = {**agent, "texts": {**agent["texts"], "greeting": "欢迎！"}}
    world = WeekWorld(thinks=lambda request: says("10:00 到 20:00。"))
    async with week(
        tmp_path, monkeypatch, world, OfficialAccount, {1: agent, 2: newer}, "Europe/Berlin"
    ) as it:
        world.slow.append((it.moment(2, 14), it.moment(2, 15)))
        world.down.append((it.moment(3, 14), it.moment(3, 15)))
        people = (lives(it, who) for who in range(PEOPLE))
        await asyncio.gather(*people, leaves(it, PEOPLE), it.dies_daily(POINTS), runs(it))
        await it.at(it.moment(9, 12))
        assert it.died >= 20
        assert world.refused
        each_answered_once(it, lambda text: REMINDED.search(text) or text.startswith(GIVEN_UP))
        each_reminded_once(it)
        await nothing_lost_nor_twice(it)
        await counted_right(it)
        held = Counter(
            slot
            for who in range(PEOPLE + 1)
            for _, until, slot, _ in appointments(it, who)
            if until == float("inf")
        )
        assert max(held.values()) == 1
        assert dict(await it.rows(CLAIMED)) == held
