"""A staff handbook in a company's app for a week: answers name their page, and only colleagues get any."""

import asyncio
import re
from collections import Counter
from dataclasses import replace

import pytest
from towns import WeComApp
from week_truth import FAILED, answers, counted_right, each_answered_once, is_doubt, nothing_lost_nor_twice
from week_world import WeekWorld, published, week

from played_world import jumping
from runtime.errors import Refused
from runtime.knowledge.index.index import Index
from runtime.knowledge.passage import Passage
from runtime.knowledge.search.child import ChildGone
from runtime.knowledge.search.searching import Searching
from runtime.simulator.wecom_app.wire import App, Wire
from script import says

PAGES = (
    ("年假", "年假有几天：满 1 年 5 天，满 10 年 10 天。"),
    ("病假", "病假：要医院证明，3 天以内直接主管批。"),
    ("差旅", "出差住宿怎么报销：一线城市每晚 500 元以内。"),
    ("打车", "打车报销：晚上 21:00 以后可以报，每次 80 元以内。"),
    ("考勤", "上班时间：9:30 到 18:30，弹性 30 分钟。"),
    ("试用期", "试用期多久：3 个月，转正前两周提交申请。"),
)
QUESTIONS = ("年假有几天？", "病假怎么批？", "出差住宿怎么报销？")
QUESTIONS += ("打车能报销多少？", "上班时间是几点？", "试用期多久？")
SEVEN = "年假有几天：满 1 年 7 天，满 10 年 10 天。"
"""From Thursday noon on."""
MISSING, WISH = "食堂明天吃什么？", "我要找人事"
NOTED, HANDED = "手册里没有写，已记下您的问题", "已记下您要找人工"
PASSAGE = re.compile(r'<passage n="\d" from="([^"]*)">\n(.*?)\n</passage>', re.S)
PEOPLE, ASK = 20, 6
"""…of whom so many ask while the model is slow, and while it is down."""
POINTS = ["", "before_send", "after_send", "after_persist", "before_ack", "after_record", "before_block"]
POINTS += ["after_place", "after_ticket"]
TICKETS = "select sender, count(*) from tickets group by sender"


class NoVectors:
    """Words answer alone."""

    async def ask(self, question):
        raise ChildGone("there is none")

    async def close(self):
        pass


def handbook(folder, annual=PAGES[0][1]):
    index = Index(folder / "handbook.sqlite")
    texts = [annual, *(text for _, text in PAGES[1:])]
    passages = [Passage(text, (PAGES[n][0],), n + 1) for n, text in enumerate(texts)]
    index.replace("员工手册.pdf", annual, [], passages, "员工手册")
    index.close()


def thinks(request):
    """It goes by the first passage, and says where that stands."""
    where, text = PASSAGE.search(request.messages[0]["content"]).groups()
    return says(f"{text.splitlines()[-1]}（{where}）")


async def lives(it, who):
    for time in range(3):
        await it.at(it.moment((who + 2 * time) % 7, 9 + it.draw.random() * 9))
        if who < ASK and time == 0:
            await it.at(it.moment(2 + who % 2, 14, who * 5))
        said = QUESTIONS[(who + time) % 6]
        if (who + time) % 7 == 6:
            said = MISSING if who % 2 else WISH
        await it.says(who, said)


async def forges(it):
    """Who is no colleague writes, too: of another company, and with a made-up signature."""
    for day in range(7):
        await it.at(it.moment(day, 12))
        fields = {"FromUserName": "stranger", "MsgType": "text", "Content": QUESTIONS[0], "MsgId": 9000 + day}
        fields |= {"ToUserName": it.town.played.app.corp_id, "CreateTime": int(it.loop.wall())}
        other = Wire(replace(App(), corp_id="ww0000000000000000")).push(fields, it.loop.wall())
        forged = it.town.played.wire.push(fields, it.loop.wall())
        forged.query["msg_signature"] = "0" * 40
        for knock in (other, forged):
            with pytest.raises(Refused):
                await it.door(knock)


async def grows(it, folder):
    await it.at(it.moment(3, 12))
    handbook(folder, SEVEN)


@pytest.mark.timeout(120)
@jumping
async def test_a_handbook_for_a_week_names_pages_and_tells_strangers_nothing(tmp_path, monkeypatch):
    agent = published("staff-helper")
    agent["flow"][0]["otherwise"][0].update(text="", bases=["handbook"])
    newer = {**agent, "texts": {**agent["texts"], "greeting": "问我制度！"}}
    folder = tmp_path / "bases"
    folder.mkdir()
    handbook(folder)
    world = WeekWorld(thinks=thinks, knowledge=Searching(folder, None, NoVectors()))
    async with week(tmp_path, monkeypatch, world, WeComApp, {1: agent, 2: newer}) as it:
        world.slow.append((it.moment(2, 14), it.moment(2, 15)))
        world.down.append((it.moment(3, 14), it.moment(3, 15)))
        people = (lives(it, who) for who in range(PEOPLE))
        await asyncio.gather(*people, it.dies_daily(POINTS), it.is_run(), grows(it, folder), forges(it))
        assert it.died >= 20
        assert world.refused
        each_answered_once(it)
        await nothing_lost_nor_twice(it)
        await counted_right(it)
        wanting = Counter()
        for one, lines in answers(it):
            [told] = [line for line in lines if not is_doubt(line)][:1] or [None]
            if told is None or FAILED in told.text:
                continue
            wanting[it.town.id_of(one.who)] += one.text in (MISSING, WISH)
            assert told.text.startswith(said_for(one.text, new=told.at > it.moment(3, 12)))
        assert Counter(dict(await it.rows(TICKETS))) == +wanting
    await world.knowledge.close()


def said_for(question, *, new):
    """What is to be read by somebody who asks that."""
    if question == MISSING:
        return NOTED
    if question == WISH:
        return HANDED
    page = QUESTIONS.index(question)
    heading, text = PAGES[page]
    return f"{SEVEN if new and page == 0 else text}（员工手册 · 第 {page + 1} 页 · {heading}）"
