"""The desk in the insights: who waits, by urgency; taken by one operator, answered, noted and handed back."""

import asyncio

import pytest
from insights_world import World, show, words

from runtime.access.actor import Actor
from runtime.access.permissions import Permission
from runtime.answer import AnswerPart
from runtime.errors import Conflict
from runtime.lang import Text
from runtime.person import Handing
from runtime.store.control.records import Publication
from runtime.store.messages.insights import Insights
from runtime.store.messages.message_json import dump
from runtime.store.messages.messages import Messages
from script import wrote


class Operating:
    """As the gateway's, without anybody to send to."""

    def __init__(self, world):
        self.world = world

    @property
    def tickets(self):
        return self.world.messages.tickets

    async def take(self, id, by):
        if (await self.tickets.take(id, by, 9e9))[0] != "done":
            raise Conflict(Text("别人接了", "taken"))

    async def reach(self, seq, by):
        outcome, id, _ = await self.tickets.reach(seq, "shop", by, 9e9)
        if outcome != "done":
            raise Conflict(Text("别人接了", "taken"))
        return id

    async def say(self, id, by, text, key):
        await self.tickets.say(id, by, text, [AnswerPart(text)], key, 9e9)

    async def draft(self, id, by, typed):
        await self.tickets.draft(id, f"{typed}+建议这样说")
        return "建议这样说"

    async def note(self, id, by, text):
        await self.tickets.note(id, by, text, 9e9)

    async def hand_back(self, id, by):
        await self.tickets.move(id, by, "done", "handed_back", 9e9)


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.operating = Operating(made)
    messages = Messages(made.path)
    for n, (sender, reason) in enumerate([("ann", "请问几点"), ("bob", "<b>投诉</b>你们")]):
        seq = made.message(sender=sender, text=reason, state="delivered", message=dump(wrote(reason)))
        handing = Handing(reason, "", "angry" if n else "calm", 1 + 2 * n)
        asyncio.run(messages.tickets.open(("shop-1", sender), "shop", handing, 5, seq=seq, step="t"))
    messages.close()
    return made


def press(page, label):
    [button] = [one for one in page.button if one.label.replace("\\", "") == label][:1]
    button.click()
    page.run()
    assert not page.exception


def test_who_waits_stands_by_urgency_and_one_operator_answers_them(world):
    shown = words(show("tickets"))
    assert shown.index("<b>投诉</b>你们") < shown.index("请问几点")
    assert "紧急" in shown
    page = show("ticket", id=2)
    page.text_input[0].set_value("小安")
    page.run()
    press(page, "接手")
    press(page, "发给对方")
    assert page.toast[0].value == "先写回答。"
    page.text_area[0].set_value("先这样").run()
    press(page, "让智能体写一个")
    assert page.text_area[0].value == "先这样+建议这样说"
    page.text_area[0].set_value("您好，马上处理")
    page.run()
    twin = show("ticket", id=2)
    twin.text_input[0].set_value("小安").run()
    twin.text_area[0].set_value("您好，马上处理").run()
    for tab in (page, twin):
        press(tab, "发给对方")
        assert tab.text_area[0].value == ""
    assert "小安 回答" in words(page)
    other = show("ticket", id=2)
    assert "小安 已经接手" in words(other)
    assert not other.text_area
    press(page, "交还给智能体")
    assert "小安 交还给智能体" in words(page)
    assert "重新打开" in [one.label for one in page.button]
    messages = Messages(world.path)
    said = [line.text for line in asyncio.run(messages.tickets.lines(2)) if line.kind == "said"]
    messages.close()
    assert said == ["您好，马上处理"]


def test_whoever_wrote_a_plain_message_is_answered_from_it_and_their_open_ticket_is_found(world):
    seq = world.message(sender="cid", text="几点关门？", state="delivered", message=dump(wrote("几点关门？")))
    for name in ("message", "conversation"):
        assert "回答这个人" in [one.label for one in show(name, id=seq).button]
    page = show("message", id=seq)
    press(page, "回答这个人")
    assert "接过来了" in page.toast[0].value
    page = show("ticket", id=3)
    assert "几点关门？" in words(page)
    page.text_area[0].set_value("十点。").run()
    press(page, "发给对方")
    assert Insights(world.path).message(seq).row["reply"].endswith("十点。")
    for name in ("message", "conversation"):
        again = show(name, id=seq)
        assert "回答这个人" not in [one.label for one in again.button]
        assert "回答这个人（工单 #3）" in words(again)
    press(page, "交还给智能体")
    press(show("message", id=seq), "回答这个人")
    assert "几点关门？" in words(show("ticket", id=4))


def test_nobody_is_offered_to_answer_whom_nobody_can_answer_or_who_may_not(world):
    def offers(seq):
        return "回答这个人" in [one.label for one in show("message", id=seq).button]

    plain = world.message(sender="cid", state="delivered")
    assert offers(plain)
    world.handed("cid", plain)  # a human at the platform's desk has them
    assert not offers(plain)
    assert not offers(world.message(sender="dan", kind="event", text="", state="silent"))
    assert not offers(world.message(sender="", state="delivered"))
    assert not offers(world.message(sender="eve", state="delivered", publication="gone-1"))
    world.control.save_publication(
        Publication(id="calls", agent="shop", channel="api", version=1, created_at=0)
    )
    assert not offers(world.message(sender="fay", state="delivered", publication="calls"))
    world.who = Actor("looker", frozenset({Permission.CONVERSATIONS_READ}))
    assert not offers(world.message(sender="gus", state="delivered"))
