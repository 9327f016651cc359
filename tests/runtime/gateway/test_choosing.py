"""Who chooses: by a tap, by a number, by the words; and what that shows."""

import asyncio

import pytest

import example_channel
from example_channel.world import AGENT, world
from played_world import jumping
from runtime.agents.agent import Agent

MENU = {"text": "要什么？", "choices": [{"text": "玉米", "value": "corn"}, {"text": "水"}]}
ORDER = Agent.load(
    {
        **AGENT.to_json(),
        "texts": {"greeting": "欢迎", "choices": [{"text": "看菜单", "value": "menu"}]},
        "flow": [
            {
                "type": "branch",
                "id": "wish",
                "cases": [
                    {
                        "title": "menu",
                        "when": "message.text == 'menu'",
                        "flow": [{"type": "reply", "id": "menu", **MENU}],
                    }
                ],
                "otherwise": [{"type": "reply", "id": "say", "text": "说了 {{ message.text }}"}],
            }
        ],
    }
)


@pytest.fixture(autouse=True)
def installed():
    with example_channel.installed():
        yield


async def said(w):
    await asyncio.sleep(5)
    return [text for _, text in w.post.sent]


@jumping
async def test_a_greeting_and_an_answer_offer_something_to_tap_and_a_tap_says_its_value(tmp_path):
    async with world(tmp_path, agent=ORDER) as w:
        await w.played.knock({"letters": [{**w.played.letter(""), "event": "joined"}]})
        assert await said(w) == ["欢迎 <看菜单>"]
        picked = {**w.played.letter(""), "event": "picked", "value": "menu"}
        for _ in range(3):
            await w.played.knock({"letters": [picked]})
        assert await said(w) == ["欢迎 <看菜单>", "要什么？ <玉米> <水>"]
        assert w.post.nested == [{"of": "ann", "twig": "menu"}], "shown once, however often it came"


@jumping
async def test_a_number_or_the_words_of_the_last_offer_say_its_value_and_later_they_are_words(tmp_path):
    async with world(tmp_path, agent=ORDER) as w:
        heard = []
        for typed in ("2", "menu", "１", "1", "menu", "水", "3"):
            letter = w.played.letter(typed)
            await w.played.knock({"letters": [letter, letter]})
            heard.append((await said(w))[-1])
        assert heard == [
            "说了 2",
            "要什么？ <玉米> <水>",
            "说了 corn",
            "说了 1",
            "要什么？ <玉米> <水>",
            "说了 水",
            "说了 3",
        ]
        texts = await w.gateway.messages.database.read(
            lambda db: [row["text"] for row in db.execute("select seq, text from messages order by seq")]
        )
        assert texts == ["2", "menu", "corn", "1", "menu", "水", "3"]


@jumping
async def test_what_the_post_does_not_take_goes_as_lines_with_numbers_once(tmp_path):
    async with world(tmp_path, agent=ORDER) as w:
        w.post.faults.script("/send", "no_twigs")
        await w.played.knock({"letters": [w.played.letter("menu")]})
        assert await said(w) == ["要什么？\n\n1. 玉米\n2. 水\n\n（回复数字选择）"]
        await w.played.knock({"letters": [w.played.letter("2")]})
        assert (await said(w))[1:] == ["说了 水"]
