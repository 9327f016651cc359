"""A language coach for a week: it knows what somebody said of themselves, until they wish otherwise."""

import asyncio
import re

import pytest
from towns import OfficialAccount
from week_truth import FORGET, answers, counted_right, each_answered_once, is_doubt, nothing_lost_nor_twice
from week_world import WeekWorld, published, week

from played_world import jumping
from script import calls, says

GOAL = re.compile(r"My goal is (\w+)")
KNOWN, UNKNOWN = "Your goal: {goal}.", "I do not know your goal."
ASKS = "What is my goal?"
SHOWS = "你记得我什么"
PEOPLE = 18
FORGOTTEN = (3, 10)
POINTS = ["", "before_send", "after_send", "after_persist", "before_ack", "after_record", "before_block"]
POINTS += ["after_tool", "after_place"]
NOTES = "select value from notes"


def thinks(request):
    *_, last = request.messages
    if last["role"] == "tool":
        return says("Noted!")
    if "exchanges" in last["content"]:
        return says("They talked about a park.")
    if found := GOAL.search(last["content"]):
        return calls(("remember", {"name": "goal", "value": found[0], "kind": "plan"}))
    if ASKS not in last["content"]:
        return says("Nice! Tell me more.")
    known = GOAL.findall("\n".join(str(one["content"]) for one in request.messages))
    return says(KNOWN.format(goal=known[-1]) if known else UNKNOWN)


async def lives(it, who):
    day = who % 3
    await it.at(it.moment(day, 9 + it.draw.random() * 12))
    await it.talks(who, [(f"My goal is travel{who}", "Noted|Tell me")])
    for later in (1, 2):
        await it.at(it.moment(day + later, 14 if who < 6 else 9 + it.draw.random() * 12, who))
        await it.talks(who, [("Yesterday I go to the park.", "Tell me"), ("It was fun.", "Tell me")])
    if who in FORGOTTEN:
        await it.talks(who, [(FORGET, "再"), (FORGET, "删除|忘记")])
    await it.at(it.moment(day + 4, 9 + it.draw.random() * 12))
    await it.talks(who, [(ASKS, r"goal[.:]"), (SHOWS, ".")])


@pytest.mark.timeout(120)
@jumping
async def test_a_coach_for_a_week_knows_what_was_said_days_ago_until_it_is_forgotten(tmp_path, monkeypatch):
    agent = published("english-teacher")
    agent["memory"]["turns"] = 2  # what was said days ago is known by what it keeps of the person alone
    newer = {**agent, "texts": {**agent["texts"], "greeting": "Hello!"}}
    world = WeekWorld(thinks=thinks)
    async with week(tmp_path, monkeypatch, world, OfficialAccount, {1: agent, 2: newer}) as it:
        world.slow.append((it.moment(2, 14), it.moment(2, 15)))
        world.down.append((it.moment(3, 14), it.moment(3, 15)))
        await asyncio.gather(
            *(lives(it, who) for who in range(PEOPLE)), it.dies_daily(POINTS), it.is_run(moved=4)
        )
        assert it.died >= 20
        assert world.refused
        each_answered_once(it)
        await nothing_lost_nor_twice(it, FORGOTTEN)
        await counted_right(it)
        assert sorted(await it.rows(NOTES)) == sorted(
            (f"My goal is travel{who}",) for who in range(PEOPLE) if who not in FORGOTTEN
        )
        for one, lines in answers(it):
            read = [line.text for line in lines if line.side == "account" and not is_doubt(line)]
            goal = "" if one.who in FORGOTTEN else f"travel{one.who}"
            if one.text == ASKS:
                assert read in ([], [KNOWN.format(goal=goal) if goal else UNKNOWN])
            elif one.text == SHOWS and read:
                assert (f"{goal}\n" in read[0]) if goal else ("还没有记住" in read[0])
