"""The desk in the insights: who waits, by urgency; taken by one operator, answered, noted and handed back."""

import asyncio

import pytest
from insights_world import World, show, words

from runtime.answer import AnswerPart
from runtime.errors import Conflict
from runtime.lang import Text
from runtime.person import Handing
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
