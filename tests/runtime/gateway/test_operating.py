"""Tickets: who hands over is taken by one operator, answered through the ladder, and handed back."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from world import ANSWERS, Account, world

from runtime.answer import AnswerPart
from runtime.errors import Conflict, HongyanError
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import PeopleList
from runtime.store.messages.tickets_beside import TicketsBeside
from script import says

ROOT = Path(__file__).parents[3]

SHOP = {
    **ANSWERS,
    "flow": [
        {
            "type": "branch",
            "id": "wish",
            "cases": [
                {
                    "title": "人工",
                    "when": "'人工' in message.text",
                    "flow": [{"type": "handoff", "id": "human", "text": "工单{{ human.ticket }}", "due": 10}],
                }
            ],
            "otherwise": [{"type": "model", "id": "answer"}],
        }
    ],
}


async def answered(w, text, id, sender="u1"):
    before = len(w.account.sent)
    reply = await w.push(text, id=id, **{"from": sender})
    if reply == "success":
        await w.until(lambda: len(w.account.sent) > before)
        return w.account.sent[-1][1]
    return reply.removeprefix("reply:")


@pytest.mark.usefixtures("engine")
async def test_one_operator_gets_the_person_answers_them_and_hands_them_back(tmp_path):
    async with world(tmp_path, says("机器"), agent=SHOP) as w:
        desk, tickets = w.gateway.operating, w.gateway.messages.tickets
        assert await answered(w, "人工，我要退款", "1") == "工单1"
        assert await answered(w, "在吗", "2") == "机器"  # nobody took over yet
        [ticket] = await tickets.listed()
        assert (ticket.id, ticket.priority, ticket.reason, ticket.state) == (1, 2, "人工，我要退款", "open")
        both = ("ann", "bob")
        took = await asyncio.gather(*(desk.take(1, one) for one in both), return_exceptions=True)
        assert {type(one) for one in took} == {type(None), Conflict}
        ann, bob = both if took[0] is None else both[::-1]  # whoever was quicker
        assert await w.push("还在吗", id="3", **{"from": "u1"}) == "success"
        await desk.note(1, bob, "老客户")
        with pytest.raises(Conflict):
            await desk.say(1, bob, "我也来")
        for _ in range(2):
            await desk.say(1, ann, "您好我是小安", key="k1")
        await w.until(lambda: ("u1", "您好我是小安") in w.account.sent)
        await w.come_to("delivered", "delivered", "delivered")
        assert [text for _, text in w.account.sent].count("您好我是小安") == 1
        assert w.models.requests[-1].messages[-1]["content"] == "在吗"  # the agent was silent
    async with world(tmp_path, says("机器"), agent=SHOP) as w:
        desk = w.gateway.operating
        await w.push("重启之后", id="4", **{"from": "u1"})
        await w.come_to("delivered", "delivered", "delivered", "handed")
        await desk.hand_back(1, ann)
        assert await answered(w, "谢谢", "5") == "机器"
        said = [message["content"] for message in w.models.requests[-1].messages]
        assert "您好我是小安" in said  # the agent knows what the operator said
        kinds = [line.kind for line in await w.gateway.messages.tickets.lines(1)]
        assert kinds == ["opened", "taken", "note", "said", "handed_back"]
        exported = PeopleList(tmp_path / "messages.db").export(Face("p", "u1"))
        assert exported["surfaces"][0]["tickets"][0]["lines"][3]["text"] == "您好我是小安"
        await w.gateway.messages.remembered.erase(Face("p", "u1"), 9)
        assert await w.gateway.messages.tickets.listed(done=True) == []


@pytest.mark.usefixtures("engine")
async def test_who_asked_for_nobody_is_answered_by_an_operator_all_the_same(tmp_path):
    async with world(tmp_path, says("机器"), agent=SHOP) as w:
        desk, tickets = w.gateway.operating, w.gateway.messages.tickets
        assert await answered(w, "几点关门", "1") == "机器"
        took = await asyncio.gather(*(desk.reach(1, one) for one in ("ann", "bob")), return_exceptions=True)
        assert sorted(map(str, map(type, took))) == sorted(map(str, [int, Conflict]))
        ann = "ann" if took[0] == 1 else "bob"
        assert await desk.reach(1, ann) == 1  # a second tap
        await desk.say(1, ann, "十点，我是小安")
        await w.until(lambda: ("u1", "十点，我是小安") in w.account.sent)
        await w.push("好", id="2", **{"from": "u1"})
        await w.come_to("delivered", "handed")
        await desk.hand_back(1, ann)
        assert await answered(w, "谢谢", "3") == "机器"
        assert await desk.reach(2, "bob") == 2
        lines = [(line.kind, line.by) for line in await tickets.lines(2)]
        assert lines == [("opened", "bob"), ("taken", "bob")]
        with pytest.raises(HongyanError):
            await desk.reach(99, "bob")


async def test_where_nothing_can_be_pushed_the_operators_words_wait_for_the_next_message(tmp_path):
    async with world(tmp_path, says("机器"), agent=SHOP, account=Account(can_push=False)) as w:
        assert await w.push("人工", id="1") == "reply:工单1"
        await w.gateway.operating.take(1, "ann")
        await w.gateway.operating.say(1, "ann", "我来了")
        assert "我来了" in await w.push("有人吗", id="2")
        assert await w.push("哦", id="3") == "success"


async def test_a_draft_is_what_the_agent_would_say_has_no_effect_and_is_sent_to_nobody(tmp_path):
    async with world(tmp_path, says("建议这样说"), agent=SHOP) as w:
        await answered(w, "人工", "1")
        with pytest.raises(Conflict):
            await w.gateway.operating.draft(1, "ann")  # it would hand over
        await w.gateway.operating.take(1, "ann")
        await w.push("多少钱", id="2")
        assert await w.gateway.operating.draft(1, "ann") == "建议这样说"
        [ticket] = await w.gateway.messages.tickets.listed()
        assert ticket.draft == "建议这样说"
        assert "建议这样说" not in [text for _, text in w.account.sent]


async def test_those_who_wait_stand_by_priority_and_late_ones_are_told_of_once(tmp_path):
    told = []
    async with world(tmp_path, says("机器"), agent=SHOP) as w:
        w.gateway.operating._alert = lambda publication, text: told.append(text.en)
        for n, text in enumerate(["人工，请问", "人工！！投诉你们这帮骗子", "人工，坏了"]):
            await answered(w, text, f"m{n}", sender=f"u{n}")
        tickets = w.gateway.messages.tickets
        assert [(one.sender, one.sentiment) for one in await tickets.listed()] == [
            ("u1", "angry"),
            ("u2", "calm"),
            ("u0", "calm"),
        ]
        await asyncio.sleep(700)
        await w.until(lambda: len(told) == 3)
        await asyncio.sleep(100)
        assert len(told) == 3
        assert "overdue" in told[0]


async def test_what_another_process_says_is_brought_and_who_waits_is_counted(tmp_path):
    async with world(tmp_path, says("机器"), agent=SHOP) as w:
        await answered(w, "人工", "1")
        now, beside = asyncio.get_running_loop().wall(), TicketsBeside(tmp_path / "messages.db")
        count = w.gateway.metrics.tickets.labels
        await w.until(lambda: count("open")._value.get() == 1, 100)
        assert beside.take(1, "cli", now) == "done"
        assert beside.take(1, "other", now) == "other"
        await w.push("有人吗", id="2", **{"from": "u1"})
        assert beside.say(1, "cli", "我在", [AnswerPart("我在")], "k", now) == ("done", 2)
        assert beside.say(1, "cli", "我在", [AnswerPart("我在")], "k", now) == ("repeat", 2)
        assert beside.move(1, "cli", "done", "handed_back", now) == "done"
        await w.until(lambda: ("u1", "我在") in w.account.sent)
        await asyncio.sleep(20)
        assert [text for _, text in w.account.sent].count("我在") == 1
        assert [count(name)._value.get() for name in ("open", "taken", "late")] == [0, 0, 0]
        assert [one.kind for one in beside.find(1)[1]] == ["opened", "taken", "said", "handed_back"]


KILLED = """
import asyncio, sys
sys.path[:0] = [{tests!r}, {gateway!r}]
from pathlib import Path
from test_operating import SHOP, answered, says, world
from runtime.simulator.fast_loop import FastLoop
async def main():
    async with world(Path({home!r}), says(), agent=SHOP) as w:
        await answered(w, "人工", "1")
        await w.gateway.operating.take(1, "ann")
        await w.gateway.operating.say(1, "ann", "您好", key="k")
asyncio.Runner(loop_factory=FastLoop).run(main())
"""


async def dies(tmp_path, point):
    code = KILLED.format(tests=str(ROOT / "tests"), gateway=str(Path(__file__).parent), home=str(tmp_path))
    environment = {**os.environ, "HONGYAN_CRASH_AT": point, "PYTHONPATH": str(ROOT)}
    run = [sys.executable, "-c", code]
    done = await asyncio.to_thread(subprocess.run, run, env=environment, cwd=ROOT, check=False)
    assert done.returncode == -9


async def test_a_ticket_is_opened_once_whatever_dies(tmp_path):
    await dies(tmp_path, "after_ticket")
    async with world(tmp_path, says(), agent=SHOP) as w:
        await w.until(lambda: w.account.sent == [("u1", "工单1")])
        await w.come_to("delivered")
        tickets = w.gateway.messages.tickets
        assert [(one.id, one.state) for one in await tickets.listed()] == [(1, "open")]
        assert [line.kind for line in await tickets.lines(1)] == ["opened"]


async def test_what_an_operator_said_is_brought_once_whatever_dies(tmp_path):
    await dies(tmp_path, "said_by_hand")
    async with world(tmp_path, says(), agent=SHOP) as w:
        await w.until(lambda: w.account.sent == [("u1", "您好")])
        await w.gateway.operating.say(1, "ann", "您好", key="k")
        await w.come_to("delivered")
        with pytest.raises(HongyanError):
            await w.gateway.operating.say(9, "ann", "x")
        assert w.account.sent == [("u1", "您好")]
