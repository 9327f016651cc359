"""A travel planner for a week: each of its three specialists is asked once, and their parts all arrive."""

import asyncio
import re

import pytest
from towns import OfficialAccount
from week_truth import FAILED, counted_right, each_answered_once, nothing_lost_nor_twice
from week_world import WeekWorld, published, week

from played_world import jumping
from script import says

PLACES = ("杭州", "长沙", "西安", "厦门", "成都", "大理")
ASKED = (("想去哪里", None), ("哪天出发", "2027-05-01"), ("玩几天", "3"), ("和谁去", "跳过"))
PARTS = r"看什么.*?景点：(\w+).*?怎么走.*?路线：(\w+)（(\w+)）.*?花多少.*?预算：(\w+)（(\w+)）"
PLAN = re.compile(PARTS, re.S)
FIRST = "帮我安排一次旅行"
WHERE = re.compile(r"目的地：(\w+)")
PEOPLE, ASK = 15, 6
"""…of whom so many ask while the model is slow, and while it is down."""
POINTS = ["", "before_block", "before_send", "after_send", "after_persist", "before_ack", "after_record"]
POINTS += ["after_place"]


def thinks(request):
    """Each says of which place it speaks, and of which the one before it did."""
    told, task = request.messages[0]["content"], request.messages[-1]["content"]
    [where] = WHERE.findall(task)
    if "熟悉各地的景点" in told:
        return says(f"景点：{where}")
    if "负责排路线" in told:
        return says(f"路线：{where}（{re.search('景点：(.+)', task)[1]}）")
    return says(f"预算：{where}（{re.search('路线：(.+?)（', task)[1]}）")


async def plans(it, who):
    place, say = PLACES[who % 6], FIRST
    for _ in range(40):
        heard = await it.says(who, say)
        if PLAN.search(heard):
            return
        say = next((answer or place for asked, answer in ASKED if asked in heard), FIRST)
        await it.at(it.loop.wall() + (1800 if FAILED in heard else 30))
    raise AssertionError(heard)


async def lives(it, who):
    in_trouble, some_time = it.moment(2 + who % 2, 14, who * 4), it.moment(who % 7, 9 + it.draw.random() * 12)
    await it.at(in_trouble if who < ASK else some_time)
    await plans(it, who)


@pytest.mark.timeout(120)
@jumping
async def test_a_trip_is_planned_by_three_who_are_each_paid_once(tmp_path, monkeypatch):
    agent = published("travel-planner")
    newer = {**agent, "texts": {**agent["texts"], "greeting": "去哪儿玩？"}}
    world = WeekWorld(thinks=thinks)
    async with week(tmp_path, monkeypatch, world, OfficialAccount, {1: agent, 2: newer}) as it:
        world.slow.append((it.moment(2, 14), it.moment(2, 15)))
        world.down.append((it.moment(3, 14), it.moment(3, 15)))
        await asyncio.gather(
            *(lives(it, who) for who in range(PEOPLE)), it.dies_daily(POINTS), it.is_run(released=4)
        )
        assert it.died >= 20
        assert world.refused
        each_answered_once(it)
        await nothing_lost_nor_twice(it)
        await counted_right(it)
        for who in range(PEOPLE):
            found = [plan.groups() for line in it.town.chat(who) if (plan := PLAN.search(line.text))]
            # Who did not see the first question says again what they want: that answers it.
            assert found in ([(PLACES[who % 6],) * 5], [(FIRST,) * 5])
        assert 3 * PEOPLE <= len(world.paid) <= 3 * PEOPLE + it.died
