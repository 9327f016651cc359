"""A shop's service for a week, whose clerk sleeps at night: who asked for a person gets one, once, and then
the agent again."""

import asyncio

import pytest
from towns import OfficialAccount
from week_truth import counted_right, each_answered_once, is_doubt, nothing_lost_nor_twice
from week_world import WeekWorld, published, week

from played_world import jumping
from script import says

CLERK, HELLO = "an", "店员小安：我来帮您"
OPEN = "几点开门？"
PEOPLE = 28
POINTS = [
    "",
    "said_by_hand",
    "after_ticket",
    "after_send",
    "before_hand_over",
    "before_send",
    "after_persist",
]
POINTS += ["after_model", "before_ack", "after_record", "before_block", "after_claim"]
TICKETS = "select id from tickets where state='open' order by id"
HELPED = """select sender, id, state, (select count(*) from ticket_lines where ticket=t.id and kind='said')
from tickets t order by sender"""


def thinks(request):
    """A model that answers from what it was given."""
    text = str(request.messages)
    return says("每天 9:00 开门。" if "9:00 开门" in text else "资料里没有写。")


async def lives(it, who):
    """They ask, and a third of them wants a person, at any time of the day."""
    day = who % 6
    await it.at(it.moment(day, 8 + it.draw.random() * 15.5))
    await it.talks(who, [(OPEN, "9:00")])
    if who % 3 == 0:
        await it.talks(who, [("转人工", "店员|工单")])
        await it.at(it.loop.wall() + 300)
        await it.talks(who, [("人工什么时候在？", "店员|工单")])
    await it.at(it.moment(day + 1, 14, who))
    if who not in it.served:
        await it.talks(who, [(OPEN, "9:00")], again=2400)


async def serves(it):
    """The clerk looks at nine, at one and at six, and has each person for ten minutes."""
    for day in range(8):
        for hour in (9, 13, 18):
            await it.at(it.moment(day, hour, 5))
            for (ticket,) in await it.rows(TICKETS):
                await helps(it, ticket)


async def helps(it, ticket):
    await done(it, lambda: it.gateway.operating.take(ticket, CLERK))
    await done(
        it, lambda: it.gateway.operating.say(ticket, CLERK, f"{HELLO}，单号 {ticket}", f"first {ticket}")
    )
    who = await it.whose(ticket)
    it.served.add(who)
    await it.at(it.loop.wall() + 120)
    await it.says(who, f"谢谢，{ticket}", to_agent=False)
    await it.at(it.loop.wall() + 480)
    await done(it, lambda: it.gateway.operating.hand_back(ticket, CLERK))
    it.served.discard(who)
    await it.talks(who, [(OPEN, "9:00")])


async def done(it, doing):
    """…also when the process dies meanwhile: then it is done again, as a person clicks again."""
    while True:
        while it.life.dead.is_set():
            await it.at(it.loop.wall() + 5)
        life, doing_it = it.life, asyncio.ensure_future(doing())
        gone = asyncio.ensure_future(life.dead.wait())
        await asyncio.wait({doing_it, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not life.dead.is_set():
            gone.cancel()
            return await doing_it
        doing_it.cancel()


@pytest.mark.timeout(120)
@jumping
async def test_for_a_week_who_asks_for_a_person_gets_one_and_then_the_agent_again(tmp_path, monkeypatch):
    agent = published("tea-shop")
    world = WeekWorld(thinks=thinks)
    async with week(tmp_path, monkeypatch, world, OfficialAccount, {1: agent, 2: agent}) as it:
        it.served = set()
        world.slow.append((it.moment(2, 14), it.moment(2, 15)))
        world.down.append((it.moment(4, 14), it.moment(4, 15)))
        people = (lives(it, who) for who in range(PEOPLE))
        await asyncio.gather(
            *people, serves(it), it.dies_daily(POINTS), it.is_run(share=10, released=4, moved=3)
        )
        assert it.died >= 20
        each_answered_once(it, lambda text: text.startswith(HELLO))
        helped = await it.rows(HELPED)
        assert [sender for sender, *_ in helped] == [it.town.id_of(who) for who in range(0, PEOPLE, 3)]
        for who, (_, ticket, *rest) in zip(range(0, PEOPLE, 3), helped, strict=True):
            assert rest == ["done", 1]
            heard = [line for line in it.town.chat(who) if line.text == f"{HELLO}，单号 {ticket}"]
            assert len(heard) == 1 or (not heard and any(map(is_doubt, it.town.chat(who))))
        await nothing_lost_nor_twice(it)
        await counted_right(it)
