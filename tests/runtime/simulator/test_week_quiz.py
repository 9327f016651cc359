"""A quiz for a week: whoever plays has the points that they were told, and none twice."""

import asyncio
import re

import pytest
from towns import OfficialAccount
from week_truth import counted_right, each_answered_once, nothing_lost_nor_twice
from week_world import WeekWorld, published, week

from played_world import jumping

ASKED = re.compile(r"第 (\d) 题：")
RIGHT = "答对了！"
DONE = re.compile(r"5 题答对 (\d) 题，最好成绩 (\d) 题")
STOPPED = "先到这里，答对了"
BEST = re.compile(r"你的最好成绩是答对 (\d?) ?题")
ANSWERS = (
    ("长江", "是长江吧", "黄河"),
    ("365", "365 天", "3650"),
    ("H2O", "h2o", "水"),
    ("孙悟空", "孙悟空！", "八戒"),
    ("太平洋", "太平洋", "大西洋"),
)
"""Of each question two right ones and a wrong one."""
PEOPLE = 16
FORGOTTEN, GIVES_UP = 3, 4
POINTS = ["", "before_value", "after_value", "before_send", "after_persist", "before_ack", "after_record"]
POINTS += ["after_send", "before_block", "after_place"]
KEPT = "select value from person_values where name='best'"


async def plays(it, who, until=6):
    """A whole game, or the questions before that one; what nothing came of they send again."""
    begun = len(it.town.chat(who))
    for _ in range(30):
        said = "\n".join(line.text for line in it.town.chat(who)[begun:])
        numbers = ASKED.findall(said)
        if DONE.search(said) or numbers[-1:] == [str(until)]:
            return
        await it.says(who, it.draw.choice(ANSWERS[int(numbers[-1]) - 1]) if numbers else "开始答题")
        await it.at(it.loop.wall() + 60 + it.draw.random() * 200)
    raise AssertionError(said)


async def lives(it, who):
    await it.at(it.moment(who % 7, 9 + it.draw.random() * 12))
    if who == GIVES_UP:
        await plays(it, who, until=3)
        await it.talks(who, [("取消", "先到这里")])
    await plays(it, who)
    if who == FORGOTTEN:
        await it.talks(who, [("忘记我", "再"), ("忘记我", "删除|忘记")])
        return
    await it.at(it.loop.wall() + 3600 * it.draw.random() * 20)
    if who % 3:
        await plays(it, who)
    await it.talks(who, [("我的成绩", "答对 [0-5] 题")])


def games(it, who):
    """Of each game that they ended: points as they were told one by one, those at its end, and the best."""
    ended, points = [], 0
    for line in it.town.chat(who):
        points += line.side == "account" and line.text.startswith(RIGHT)
        if done := DONE.search(line.text):
            ended.append((points, int(done[1]), int(done[2])))
        if done or STOPPED in line.text:
            points = 0
    return ended


@pytest.mark.timeout(120)
@jumping
async def test_a_quiz_for_a_week_counts_each_right_answer_once(tmp_path, monkeypatch):
    agent = published("quiz")
    newer = {**agent, "texts": {**agent["texts"], "greeting": "来玩吧！"}}
    async with week(tmp_path, monkeypatch, WeekWorld(), OfficialAccount, {1: agent, 2: newer}) as it:
        people = (lives(it, who) for who in range(PEOPLE))
        await asyncio.gather(*people, it.dies_daily(POINTS), it.is_run())
        assert it.died >= 20
        each_answered_once(it)
        best = {}
        for who in range(PEOPLE):
            for told, points, is_best in games(it, who):
                best[who] = max(points, best.get(who, 0))
                assert (points, is_best) == (told, best[who])
            said = [found[1] for line in it.town.chat(who) if (found := BEST.search(line.text))]
            assert said == [str(best[who])] * (who != FORGOTTEN)
        del best[FORGOTTEN]
        assert sorted(await it.rows(KEPT)) == sorted((str(points),) for points in best.values())
        await nothing_lost_nor_twice(it, forgotten={FORGOTTEN})
        await counted_right(it)
