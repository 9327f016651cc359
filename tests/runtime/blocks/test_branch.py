from dataclasses import dataclass

import pytest

from script import agent, play, wrote


def say(id, text):
    return {"type": "reply", "id": id, "text": text}


WISH = {
    "type": "branch",
    "id": "wish",
    "cases": [
        {"title": "人工", "when": "'人工' in message.text", "flow": [say("human", "转人工")]},
        {"title": "订单", "when": "message.text.startswith('查')", "flow": [say("order", "查订单")]},
        {"title": "两可", "when": "'查' in message.text", "flow": [say("late", "不该到")]},
    ],
    "otherwise": [say("other", "闲聊")],
}


@dataclass
class Case:
    id: str
    text: str
    reply: str


CASES = [
    Case("the first that holds", "我要人工", "转人工"),
    Case("a later one", "查快递", "查订单"),
    Case("the first of two that hold", "查人工", "转人工"),
    Case("otherwise", "你好", "闲聊"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
async def test_one_way_is_taken(case):
    events = await play(agent(WISH, say("after", "后面")), wrote(case.text))
    assert events[-1].text == case.reply


async def test_a_way_without_a_reply_comes_back_to_the_flow():
    quiet = {**WISH, "otherwise": []}
    events = await play(agent(quiet, say("after", "走了「{{ wish.case }}」")))
    assert events[-1].text == "走了「」"


async def test_a_condition_with_an_unknown_name_fails_and_names_it():
    wrong = {**WISH, "cases": [{"when": "mesage.text", "flow": []}]}
    events = await play(agent(wrong))
    assert "mesage" in events[-1].reason.en
    assert events[-1].block == "wish"


async def test_branches_nest():
    inner = {
        **WISH,
        "id": "inner",
        "cases": [{"when": "true", "flow": [say("deep", "深处")]}],
        "otherwise": [],
    }
    outer = {"type": "branch", "id": "outer", "cases": [{"when": "true", "flow": [inner]}]}
    assert (await play(agent(outer)))[-1].text == "深处"
