"""Leave in a company's app for a week: a manager decides on cards, away at night, twice, late, or never."""

import asyncio
import re

import pytest
from towns import WeComApp
from week_truth import counted_right, each_answered_once, nothing_lost_nor_twice
from week_world import WeekWorld, published, week

from played_world import jumping

APPROVED, DENIED, SUBMITTED = "批了：", "没有办成：", "已提交给主管"
ASKED = (
    ("什么假", "事假"),
    ("哪天开始", "2027-04-12"),
    ("请几天", "2"),
    ("什么原因", "跳过"),
    ("请核对", "对"),
)
PEOPLE = 24
FORGOTTEN, IGNORED = 3, 5
BOSS, CANCELLED = "boss", "已取消"
POINTS = ["", "before_send", "after_send", "after_persist", "before_ack", "after_record", "before_value"]
POINTS += ["after_value", "before_block", "after_place"]
MEMBER = re.compile(r"member(\d+) ")
KEPT = "select value from person_values where name='leaves'"


async def applies(it, who):
    say = "我想请假"
    for _ in range(30):
        heard = await it.says(who, say)
        if SUBMITTED in heard:
            return
        say = next((answer for asked, answer in ASKED if asked in heard), "我想请假")
        await it.at(it.loop.wall() + 20 + it.draw.random() * 100)
    raise AssertionError(heard)


async def lives(it, who):
    await it.at(it.moment(who % 7, 9 + it.draw.random() * 13))
    await applies(it, who)
    if who == FORGOTTEN:
        await it.talks(who, [("忘记我", "再"), ("忘记我", "删除|忘记")])


def open_cards(it):
    """Of the manager's, with what is asked on them."""
    shown = it.town.played.platform.cards.shown.values()
    return [card for card in shown if card.chat == BOSS and not card.settled and "同意" in card.buttons]


async def decides(it):
    """Between nine and six on working days, each third time twice; whose were said yes to, and whose no."""
    decided, yes = 0, {}
    for day in (0, 1, 2, 3, 4, 7):
        for half in range(18, 37, 3):
            await it.at(it.moment(day, half / 2))
            for card in open_cards(it):
                words = card.told["sub_title_text"]
                who = int(MEMBER.search(words)[1])
                if who == IGNORED:
                    continue
                decided += 1
                answer = "不同意" if decided % 4 == 0 else "同意"
                yes.setdefault(who, answer == "同意")
                tap = it.town.played.platform.tap(BOSS, answer, words)
                for _ in range(1 + (decided % 3 == 0)):
                    await it.does(it.town.played.event(BOSS, "template_card_event", **tap))
                    await it.at(it.loop.wall() + 30)
    return yes


def by_chat(it, who):
    """How often they read that it was submitted, approved, and not approved."""
    read = [line.text for line in it.town.chat(who) if line.side == "account"]
    return tuple(sum(word in text for text in read) for word in (SUBMITTED, APPROVED, DENIED))


def told_of(who, yes):
    """Approvals and refusals that somebody is to read; whom nobody answers hears of that."""
    return (0, 0) if who == FORGOTTEN else (yes[who], not yes[who]) if who in yes else (0, 1)


@pytest.mark.timeout(120)
@jumping
async def test_leave_for_a_week_is_decided_once_and_both_are_told(tmp_path, monkeypatch):
    agent = published("leave-approval")
    [asks] = [block for block in agent["flow"][0]["otherwise"] if block["type"] == "approve"]
    asks.update(through="p", members=[BOSS])
    newer = {**agent, "texts": {**agent["texts"], "greeting": "请假吧！"}}
    async with week(tmp_path, monkeypatch, WeekWorld(), WeComApp, {1: agent, 2: newer}) as it:
        people = (lives(it, who) for who in range(PEOPLE))
        yes, *_ = (await asyncio.gather(decides(it), *people, it.dies_daily(POINTS), it.is_run()))[0:1]
        await it.at(it.moment(8, 15))
        assert it.died >= 20
        cards = [card for card in it.town.played.platform.cards.shown.values() if card.chat == BOSS]
        for who in range(PEOPLE):
            asked = [card for card in cards if f"member{who} " in card.told["sub_title_text"]]
            submitted, approved, denied = by_chat(it, who)
            assert len(asked) == submitted == 1
            assert (approved, denied) == told_of(who, yes)
        [card] = [card for card in cards if f"member{FORGOTTEN} " in card.told["sub_title_text"]]
        assert card.settled == [CANCELLED]
        assert len(await it.rows(KEPT)) == sum(yes.values())
        each_answered_once(it, lambda text: text.startswith(APPROVED) or DENIED in text)
        await nothing_lost_nor_twice(it, forgotten={FORGOTTEN})
        await counted_right(it)
