"""A week beside the one before: figures, questions that mean the same together, and what is sent of it."""

import asyncio
import json
from datetime import datetime
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from judged_world import JudgedWorld
from runtime.knowledge.search.searching import Searching
from runtime.store.messages.insights import Insights
from runtime.weekly.groups import by_words, groups
from runtime.weekly.report import reported, whole_week
from runtime.weekly.words import said, told

SHANGHAI, BERLIN, LONDON = map(ZoneInfo, ("Asia/Shanghai", "Europe/Berlin", "Europe/London"))


def at(zone, *moment):
    return datetime(*moment, tzinfo=zone).timestamp()


@pytest.mark.parametrize(
    ("zone", "now", "back", "since", "until"),
    [
        (SHANGHAI, (2026, 11, 30, 9), 0, (2026, 11, 23), (2026, 11, 30)),
        (SHANGHAI, (2026, 11, 30, 0), 0, (2026, 11, 23), (2026, 11, 30)),
        (SHANGHAI, (2026, 11, 29, 23, 59), 0, (2026, 11, 16), (2026, 11, 23)),
        (SHANGHAI, (2026, 11, 30, 9), 1, (2026, 11, 16), (2026, 11, 23)),
        (BERLIN, (2026, 10, 26, 9), 0, (2026, 10, 19), (2026, 10, 26)),
        (BERLIN, (2026, 3, 31, 9), 0, (2026, 3, 23), (2026, 3, 30)),
        (LONDON, (2027, 1, 1, 9), 0, (2026, 12, 21), (2026, 12, 28)),
    ],
)
def test_a_week_is_monday_to_sunday_by_the_owners_clock_also_when_it_is_changed(
    zone, now, back, since, until
):
    found = whole_week(at(zone, *now), zone, back)
    assert (found.since, found.until) == (at(zone, *since), at(zone, *until))
    earlier = whole_week(at(zone, *now), zone, back + 1)
    assert earlier.until == found.since


@pytest.fixture
def world(tmp_path):
    made = JudgedWorld(tmp_path)
    made.now = at(SHANGHAI, 2026, 11, 17, 12)
    made.asked("几点关门？", "九点")
    made.now = at(SHANGHAI, 2026, 11, 24, 12)
    made.asked("几点关门？", "九点")
    made.asked("请问几点关门", "九点", sender="bob")
    made.judged(made.asked("能退[货](menu:x)吗 13812345678", "不能"), "bad", "太*硬*")
    made.now = at(SHANGHAI, 2026, 11, 30, 12)
    made.asked("下一周的", "好")
    return made


def report(world, grouping=None):
    insights = Insights(world.home / "data" / "messages.db")
    weeks = [whole_week(world.now, SHANGHAI, back) for back in (0, 1)]
    return asyncio.run(reported(insights, ["shop-1"], *weeks, grouping))


def test_points_are_told_with_their_count_beside_the_week_before_and_not_where_there_are_none(world):
    assert "打分" not in told(report(world), "zh", SHANGHAI)
    world.now = at(SHANGHAI, 2026, 11, 24, 13)
    for who, points in (("ann", 5), ("bob", 2)):
        world.scored(world.asked("在吗", "在", sender=who), points, sender=who)
    world.now = at(SHANGHAI, 2026, 11, 30, 12)
    found = report(world)
    assert (found.now.score, found.now.scores, found.before.score) == (3.5, 2, None)
    assert found.now.messages == 5  # the questions are none
    assert "聊完打分平均 3.5（–），2 次。" in told(found, "zh", SHANGHAI)


@pytest.mark.usefixtures("engine")
def test_it_tells_of_its_week_alone_beside_the_week_before(world):
    found = report(world)
    assert (found.now.messages, found.now.people, found.now.good, found.now.bad) == (3, 2, 0, 1)
    assert (found.before.messages, found.before.bad) == (1, 0)
    assert [(one.number, one.before) for one in found.asked] == [(2, 1), (1, 0)]
    assert "下一周的" not in str(found)
    assert [one.why for one in found.unhappy] == ["太*硬*"]


@pytest.mark.parametrize("change", ["handoff=1", "doubt=1", "failure='model'", "state='unreachable'"])
def test_what_went_wrong_in_any_way_is_told_as_not_answered_well(world, change):
    world.now = at(SHANGHAI, 2026, 11, 25, 12)
    [seq, _] = world.asked("怎么付款", "不知道")
    assert report_of_now(world).unanswered == []
    sql = f"update messages set {change} where seq=?"
    world.do(lambda messages: messages.database.write(lambda db: db.execute(sql, (seq,)).rowcount))
    assert [one.text for one in report_of_now(world).unanswered] == ["怎么付款"]


def report_of_now(world):
    world.now = at(SHANGHAI, 2026, 11, 30, 12)
    return report(world)


def test_the_dearest_is_first_and_what_has_no_price_stands_behind_by_its_tokens(world):
    prices = {"一": (0.1, 5), "二": (None, 900), "三": (0.2, 5), "四": (None, 100), "五": (None, 0)}
    sql = "update messages set cost=?, prompt_tokens=? where seq=?"
    for n, (text, (cost, tokens)) in enumerate(prices.items()):
        world.now = at(SHANGHAI, 2026, 11, 25, 12) + 10 * n
        [seq, _] = world.asked(text * 3, "好")
        values = (cost, tokens, seq)
        world.do(lambda messages, v=values: messages.database.write(lambda db: db.execute(sql, v).rowcount))
    assert [one.text[0] for one in report_of_now(world).expensive] == ["三", "一", "二", "四"]


def test_what_means_the_same_is_together_where_somebody_can_tell_and_by_words_where_not(world):
    async def all_alike(texts):
        return [0] * len(texts)

    async def nobody(texts):
        return None

    world.now = at(SHANGHAI, 2026, 11, 18, 12)
    world.asked("早上几点开门", "八点")
    world.now = at(SHANGHAI, 2026, 11, 30, 12)
    assert [(one.number, one.before) for one in report(world, all_alike).asked] == [(3, 2)]
    assert [(one.number, one.before) for one in report(world, nobody).asked] == [(2, 1), (1, 0)]


def test_what_is_sent_says_what_people_wrote_as_words_alone_without_what_is_of_them(world):
    for language, head in (("zh", "周报 11-23–11-29"), ("en", "Week 11-23–11-29")):
        text = told(report(world), language, SHANGHAI)
        assert head in text
        assert "13812345678" not in text
        assert "](menu:" not in text
        assert "*硬*" not in text.replace("\\*硬\\*", "")
    quiet = whole_week(at(SHANGHAI, 2026, 1, 12, 9), SHANGHAI)
    nothing = asyncio.run(reported(Insights(world.home / "data" / "messages.db"), ["shop-1"], quiet, quiet))
    assert "No messages" in told(nothing, "en", SHANGHAI)


@pytest.mark.parametrize("text", ["https://x.example " * 40, "\u202e\n#\n- a", "<b>`{{ x }}`", "|" * 500])
def test_nothing_that_somebody_wrote_is_more_than_a_short_line(text):
    line = said(text, "en")
    assert "\n" not in line
    assert len(line.replace("\\", "")) <= 60
    assert "<b>" not in line.replace("\\<", "")


ASKED = json.loads(Path(__file__).with_name("alike.json").read_text())


def agreed(places_of):
    """Of pairs that are put together those that ask the same, and of pairs that ask the same those that are
    put together; in each shop by itself."""
    together, same, both = 0, 0, 0
    for shop in ASKED.values():
        texts = [(n, text) for n, asked in enumerate(shop) for text in asked]
        places = places_of([text for _, text in texts])
        for (one, _), (other, _), here, there in (
            (texts[a], texts[b], places[a], places[b]) for a, b in combinations(range(len(texts)), 2)
        ):
            together += here == there
            same += one == other
            both += here == there and one == other
    return both / together, both / same


def test_questions_of_shops_that_ask_the_same_are_found_by_meaning_and_by_words_none_is_wrong(tmp_path):
    async def by_meaning():
        searching = Searching(tmp_path)
        found = {}
        for shop in ASKED.values():
            texts = [text for asked in shop for text in asked]
            found[tuple(texts)] = await searching.grouped(texts)
        await searching.close()
        return found

    assert agreed(by_words)[0] == 1
    meant = asyncio.run(by_meaning())
    right, found = agreed(lambda texts: meant[tuple(texts)])
    assert right > 0.9
    assert found > 0.55


def test_grouping_by_words_keeps_numbers_apart_and_is_the_same_in_any_order():
    assert by_words(["几点关门", "请问几点关门？", "型号 A100 多少钱", "型号 A200 多少钱"]) == [0, 0, 2, 3]
    counts = {"几点关门": 2, "请问几点关门？": 1, "能退货吗": 1}
    turned = dict(reversed(counts.items()))
    assert asyncio.run(groups(counts)) == asyncio.run(groups(turned))
    many = {f"问题{n} {'字' * (n % 7)}": 1 for n in range(1500)}
    assert sum(map(len, asyncio.run(groups(many)))) == 1000


def test_where_nobody_wrote_yet_a_week_has_nothing(tmp_path):
    weeks = [whole_week(at(SHANGHAI, 2026, 11, 30, 9), SHANGHAI, back) for back in (0, 1)]
    found = asyncio.run(reported(Insights(tmp_path / "messages.db"), [], *weeks))
    assert (found.now.messages, found.asked, found.expensive) == (0, [], [])
