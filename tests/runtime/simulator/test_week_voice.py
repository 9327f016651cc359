"""A voice assistant for a week: who speaks hears an answer to what they said, who writes reads one."""

import asyncio
from collections import Counter

import pytest
from towns import OfficialAccount
from week_truth import FAILED, answers, counted_right, each_answered_once, is_doubt
from week_world import WeekWorld, published, week

from played_world import jumping
from script import calls, says

SPOKEN, SUM = "[语音]", "386元7个人分"
PEOPLE, ASK = 16, 6
"""…of whom so many ask while the model is slow, and while it is down."""
POINTS = ["", "before_send", "after_send", "after_persist", "before_ack", "after_record", "after_place"]
POINTS += ["before_block", "after_tool"]


def thinks(request):
    last = request.messages[-1]
    if last["role"] == "tool":
        return says(f"每人{last['content'][:5]}元。")
    said = last["content"]
    return calls(("calculator", {"expression": "386/7"})) if "分" in said else says(f"您说{said[-6:]}。")


async def lives(it, who):
    for time in range(3):
        await it.at(it.moment((who + 2 * time) % 7, 9 + it.draw.random() * 12))
        if who < ASK and time == 0:
            await it.at(it.moment(2 + who % 2, 14, who * 5))
        words = SUM if (who + time) % 4 == 0 else f"第{who:02}号第{time}句"
        await it.says(who, words, it.town.speaks(who, words) if spoke(who, time) else None)
        await asyncio.sleep(20)


def spoke(who, time):
    return (who + time) % 3 > 0


@pytest.mark.timeout(120)
@jumping
async def test_a_voice_assistant_for_a_week_speaks_to_whoever_spoke(tmp_path, monkeypatch):
    agent = published("voice-assistant")
    newer = {**agent, "texts": {**agent["texts"], "greeting": "按住说话！"}}
    world = WeekWorld(thinks=thinks)
    async with week(tmp_path, monkeypatch, world, OfficialAccount, {1: agent, 2: newer}) as it:
        world.slow.append((it.moment(2, 14), it.moment(2, 15)))
        world.down.append((it.moment(3, 14), it.moment(3, 15)))
        await asyncio.gather(*(lives(it, who) for who in range(PEOPLE)), it.dies_daily(POINTS), it.is_run())
        await asyncio.sleep(60)
        assert it.died >= 20
        assert world.refused
        each_answered_once(it, lambda text: text == SPOKEN)
        await counted_right(it)
        times = Counter()
        for one, lines in answers(it):
            told, voices = (
                [line for line in lines if line.text != SPOKEN],
                sum(line.text == SPOKEN for line in lines),
            )
            answer = "每人55.14元。" if one.text == SUM else f"您说{one.text[-6:]}。"
            is_answer = told[0].text == answer
            assert is_answer or FAILED in told[0].text or is_doubt(told[0]) or told[0].side == "platform"
            if is_answer:
                assert voices == spoke(one.who, times[one.who])
            assert voices <= spoke(one.who, times[one.who])
            times[one.who] += 1
        heard, spoken = world.sounds.count("heard"), len(world.sounds) - world.sounds.count("heard")
        by_voice = sum(spoke(who, time) for who in range(PEOPLE) for time in range(3))
        assert max(heard, spoken) <= by_voice + it.died
