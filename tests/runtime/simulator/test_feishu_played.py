"""A Feishu bot both ways: cards that grow, what its platform refuses, deaths, large events, buttons."""

import asyncio

import pytest
from connected import wall, world

from played_world import run
from runtime.simulator.feishu import SIMULATION
from runtime.simulator.feishu.simulation import CHAT, GROUP, MEMBER, PIECE
from runtime.store.messages.insights import Insights

BOTH = pytest.mark.parametrize("way", ["connection", "webhook"])
ANSWER = "这是一个回答。"


def bot(way="connection", **settings):
    played = SIMULATION(way, wall())
    played.settings |= settings
    return played


def cards(w):
    return [one for one in w.platform.said.values() if one.card]


@BOTH
def test_an_answer_grows_in_one_card_and_is_ended_once(way, tmp_path):
    async def work():
        async with world(tmp_path, "feishu", bot(way), 6.0) as w:
            await w.played.write("你好")
            await w.come_to("delivered")
            [said] = cards(w)
            assert (said.shown, said.card.is_streaming, said.edits) == (ANSWER, False, 0)
            assert len(said.card.versions) > 3
            assert w.platform.refused == w.played.strange == []
            assert len(w.played.acknowledged) == 1

    run(work())


def test_a_thumb_under_a_card_that_grew_judges_its_answer_until_it_is_taken_back(tmp_path):
    async def work():
        async with world(tmp_path, "feishu", bot(), 6.0) as w:
            await w.played.write("你好")
            await w.come_to("delivered")
            [said] = cards(w)
            for n, (sign, expected) in enumerate((("👎", [(1, "bad")]), ("", [])), 1):
                await w.played.reacts(MEMBER, said.id, sign)
                await w.come_to("delivered", *["silent"] * n)
                found = Insights(tmp_path / "messages.db").ratings(["p"], 0.0, 1e12)
                assert [(one.seq, one.verdict) for one in found] == expected

    run(work())


def test_without_cardkit_the_card_is_edited_as_a_message(tmp_path):
    async def work():
        played = bot()
        played.platform.scopes -= {"cardkit:card:write"}
        async with world(tmp_path, "feishu", played, 60.0) as w:
            await w.played.write("你好")
            await w.come_to("delivered", seconds=90)
            [said] = cards(w)
            assert (said.shown, said.card.is_streaming) == (ANSWER, False)
            assert 2 < said.edits <= 16
            assert [code for _, code in w.platform.refused] == [99991672], "it is not tried for each card"

    run(work())


def test_without_cards_it_is_a_text_and_in_a_group_an_answer(tmp_path):
    async def work():
        async with world(tmp_path, "feishu", bot(cards=False)) as w:
            await w.played.write("你好")
            await w.come_to("delivered")
            await w.played.says("几点？", chat=GROUP)
            await w.come_to("delivered", "delivered")
            alone, group = w.platform.said.values()
            assert (alone.to, alone.text, alone.asked) == (CHAT, ANSWER, "")
            assert (group.to, group.text) == (GROUP, ANSWER)
            assert group.asked in w.platform.written
            assert "@" not in str(w.models.requests[1].messages[-1]["content"])

    run(work())


def test_what_is_not_on_the_disk_is_not_acknowledged_and_comes_again(tmp_path):
    async def work():
        async with world(tmp_path / "a", "feishu", bot()) as w:
            await w.until(lambda: w.played.wires)
            await w.kill()
            writing = asyncio.create_task(w.played.says("你好"))
            await asyncio.sleep(2)
            assert w.played.acknowledged == []
            async with world(tmp_path / "b", "feishu", w.played) as again:
                await writing
                await again.come_to("delivered")
                assert len(w.played.acknowledged) == 1
                assert w.played.shown() == ANSWER

    run(work())


def test_a_card_of_before_a_death_is_ended_and_no_other_one_is_shown(tmp_path):
    async def work():
        played = bot()
        async with world(tmp_path, "feishu", played, 20.0) as w:
            writing = asyncio.create_task(played.says("你好"))
            await w.until(lambda: any(len(one.card.versions) > 1 for one in cards(w)))
            await w.kill()
        async with world(tmp_path, "feishu", played, 2.0) as again:
            await writing
            await again.come_to("delivered")
            [said] = cards(again)
            assert (said.shown, said.card.is_streaming) == (ANSWER, False)
            assert played.platform.refused == []

    run(work())


def test_a_large_event_comes_in_pieces(tmp_path):
    async def work():
        async with world(tmp_path, "feishu", bot()) as w:
            text = "很长的一段话。" * (PIECE // 10)
            await w.played.says(text)
            await w.come_to("delivered")
            assert text in str(w.models.requests[0].messages[-1]["content"])

    run(work())


@BOTH
def test_a_button_is_tapped_once_and_then_shows_what_was_chosen(way, tmp_path):
    async def work():
        text = "要什么？\n- [查订单](menu:orders)\n- [人工](menu:human)"
        async with world(tmp_path, "feishu", bot(way, cards=False), text=text) as w:
            await w.played.write("菜单")
            await w.until(lambda: cards(w))
            [said] = cards(w)
            assert list(said.card.buttons) == ["查订单", "人工"]
            await w.played.tap("查订单")
            await w.until(lambda: len(w.models.requests) == 2)
            await w.until(lambda: said.shown == "要什么？\n\n✓ 查订单")
            assert said.card.buttons == {}

    run(work())


def test_whoever_opens_the_chat_for_the_first_time_is_greeted_once(tmp_path):
    async def work():
        agent = {**GREETS}
        async with world(tmp_path, "feishu", bot(), agent=agent) as w:
            await w.played.enters()
            await w.until(lambda: w.platform.said)
            await w.played.enters(last="om_1")
            await w.played.says("你好")
            await w.come_to("delivered", "delivered")
            assert [one.shown for one in w.platform.said.values()] == ["欢迎", ANSWER]

    run(work())


GREETS = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "texts": {"greeting": "欢迎"},
    "flow": [{"type": "model", "id": "answer"}],
}


def test_a_wrong_secret_is_told_to_the_owner_and_tried_seldom(tmp_path):
    async def work():
        async with world(tmp_path, "feishu", bot(app_secret="aB3" * 11)) as w:
            await w.until(lambda: w.doctor.troubles)
            assert "App Secret is wrong" in w.doctor.troubles[0]
            await asyncio.sleep(120)
            assert sum(path.endswith("/endpoint") for _, path in w.platform.calls) == 1

    run(work())


@pytest.mark.parametrize(
    "link", ["wss://evil.example/ws", "ws://msg-frontier.feishu.cn/ws", "wss://feishu.cn.evil.example/"]
)
def test_an_address_that_is_not_the_platforms_is_not_connected_to(link, tmp_path):
    async def work():
        played = bot()
        played.platform.link = link
        async with world(tmp_path, "feishu", played) as w:
            await w.until(lambda: sum(path.endswith("/endpoint") for _, path in w.platform.calls) > 2)
            assert w.played.wires == []

    run(work())


def test_a_token_that_ended_is_replaced_and_a_busy_platform_is_asked_again(tmp_path):
    async def work():
        async with world(tmp_path, "feishu", bot()) as w:
            await w.played.write("一")
            await w.come_to("delivered")
            w.platform.void_tokens()
            w.platform.faults.script("/open-apis/cardkit/v1/cards/*/elements/*/content", 0, 99991400)
            await w.played.write("二")
            await w.come_to("delivered", "delivered")
            assert [one.shown for one in w.platform.said.values()] == [ANSWER, ANSWER]

    run(work())


def test_a_message_whose_answer_was_lost_is_sent_again_and_shown_once(tmp_path):
    async def work():
        async with world(tmp_path, "feishu", bot(cards=False)) as w:
            w.platform.faults.script("/open-apis/im/v1/messages", "lost")
            await w.played.write("一")
            await w.come_to("delivered", seconds=120)
            assert w.played.shown() == ANSWER

    run(work())


def test_more_than_the_platform_takes_in_a_second_waits_and_nothing_is_lost(tmp_path):
    async def work():
        async with world(tmp_path, "feishu", bot(cards=False), 0.1) as w:
            for sign in "东南西北上下左右前后内外春夏秋":
                await w.played.says(f"{sign}怎么走")
            await w.come_to(*["delivered"] * 15, seconds=300)
            assert len(w.platform.said) == 15
            assert w.platform.refused == []

    run(work())
