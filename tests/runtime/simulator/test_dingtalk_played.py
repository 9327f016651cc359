"""A DingTalk robot both ways: cards that grow, what its platform refuses, deaths, and where it may lead
us."""

import asyncio

import pytest
from connected import wall, world

from played_world import now, run
from runtime.simulator.dingtalk import SIMULATION
from runtime.simulator.dingtalk.simulation import GROUP, MEMBER, ROBOT

BOTH = pytest.mark.parametrize("way", ["connection", "webhook"])


def robot(way="connection", **settings):
    played = SIMULATION(way, wall())
    played.settings |= settings
    return played


@BOTH
def test_an_answer_grows_in_one_card_and_is_finished_once(way, tmp_path):
    async def work():
        async with world(tmp_path, "dingtalk", robot(way), 6.0) as w:
            await w.played.write("你好")
            await w.come_to("delivered")
            [card] = w.platform.cards.made.values()
            assert (card.text, card.final, card.state) == ("这是一个回答。", True, "3")
            assert len(card.versions) > 2
            assert w.platform.said == w.platform.refused == w.played.strange == []
            assert len(w.played.acknowledged) == 1

    run(work())


@BOTH
def test_an_end_whose_answer_is_lost_is_there_and_is_not_sent_once_more(way, tmp_path):
    async def work():
        async with world(tmp_path, "dingtalk", robot(way)) as w:
            w.platform.faults.script("/v1.0/card/streaming", "lost", "lost")
            await w.played.write("你好")
            await w.come_to("delivered")
            [card] = w.platform.cards.made.values()
            assert (card.text, card.final, card.state) == ("这是一个回答。", True, "3")
            assert w.platform.said == []

    run(work())


@BOTH
def test_a_robot_that_may_show_no_cards_answers_where_it_was_asked(way, tmp_path):
    async def work():
        played = robot(way)
        played.platform.scopes -= {"Card.Instance.Write", "qyapi_robot_sendmsg"}
        async with world(tmp_path, "dingtalk", played) as w:
            for text in ("一", "二"):
                await w.played.write(text)
                await w.until(lambda n=text: len(w.platform.said) == "一二".index(n) + 1)
            assert [(one.text, one.way) for one in w.platform.said] == [("这是一个回答。", "session")] * 2
            assert sum(path.startswith("/v1.0/card") for path, _ in w.platform.refused) == 1, "not for each"

    run(work())


def test_who_asked_in_a_group_is_named_there(tmp_path):
    async def work():
        async with world(tmp_path, "dingtalk", robot(cards=False)) as w:
            await w.played.says("几点？", chat=GROUP)
            await w.come_to("delivered")
            [said] = w.platform.said
            assert (said.chat, said.asked, said.text) == (GROUP, (MEMBER,), f"@{MEMBER} 这是一个回答。")

    run(work())


def test_what_comes_after_the_address_to_answer_at_ended_goes_by_the_api(tmp_path):
    async def work():
        played = robot(cards=False)
        played.platform.session_life = 100.0
        async with world(tmp_path, "dingtalk", played, 120.0) as w:
            await w.played.write("你好")
            await w.come_to("delivered", seconds=200)
            assert [(one.text, one.way) for one in w.platform.said] == [("这是一个回答。", "push")]
            assert w.platform.refused == []

    run(work())


def test_what_is_not_on_the_disk_is_not_acknowledged_and_comes_again_once(tmp_path):
    async def work():
        async with world(tmp_path / "a", "dingtalk", robot()) as w:
            await w.until(lambda: w.played.wires)
            await w.kill()
            writing = asyncio.create_task(w.played.says("你好"))
            await asyncio.sleep(2)
            assert w.played.acknowledged == []
            async with world(tmp_path / "b", "dingtalk", w.played) as again:
                await writing
                await again.come_to("delivered")
                assert w.played.acknowledged
                assert w.played.shown() == "这是一个回答。"

    run(work())


def test_the_same_message_twice_is_answered_once(tmp_path):
    async def work():
        async with world(tmp_path, "dingtalk", robot()) as w:
            for _ in range(2):
                await w.played.bring({"msgtype": "text", "text": {"content": "你好"}}, id="m1")
            await w.come_to("delivered")
            assert len(w.models.requests) == 1
            assert w.played.acknowledged == ["m1", "m1"]

    run(work())


def test_what_robots_say_is_not_answered(tmp_path):
    async def work():
        async with world(tmp_path, "dingtalk", robot()) as w:
            await w.played.bring({"msgtype": "text", "text": {"content": "我是机器人"}, "senderId": ROBOT})
            await w.played.says("你好")
            await w.come_to("delivered")
            assert len(w.models.requests) == 1

    run(work())


def test_a_card_of_before_a_death_is_ended_and_no_other_one_is_shown(tmp_path):
    async def work():
        played = robot()
        async with world(tmp_path, "dingtalk", played, 20.0) as w:
            writing = asyncio.create_task(played.says("你好"))
            await w.until(lambda: any(one.text for one in w.platform.cards.made.values()))
            await w.kill()
        async with world(tmp_path, "dingtalk", played, 2.0) as again:
            await writing
            await again.come_to("delivered")
            [card] = played.platform.cards.made.values()
            assert (card.text, card.final) == ("这是一个回答。", True)
            assert played.platform.said == []

    run(work())


def test_the_platform_sends_us_away_and_we_are_back_in_a_moment(tmp_path):
    async def work():
        async with world(tmp_path, "dingtalk", robot()) as w:
            await w.until(lambda: w.played.wires)
            await w.played.send_away()
            began = now()
            await w.until(lambda: w.played.wires)
            assert now() - began < 3
            assert w.doctor.troubles == [None, None]

    run(work())


def test_a_wrong_secret_is_told_to_the_owner_and_tried_seldom(tmp_path):
    async def work():
        async with world(tmp_path, "dingtalk", robot(client_secret="aB3" * 20)) as w:
            await w.until(lambda: w.doctor.troubles)
            assert "Client Secret is wrong" in w.doctor.troubles[0]
            await asyncio.sleep(120)
            asked = [path for _, path in w.platform.calls if path.endswith("/open")]
            assert len(asked) == 1

    run(work())


@pytest.mark.parametrize(
    "endpoint",
    [
        "wss://evil.example/connect",
        "wss://dingtalk.com.evil.example/connect",
        "wss://a@evil.example/connect",
        "ws://wss-open-connection.dingtalk.com/connect",
        "wss://wss-open-connection.dingtalk.com:8443/connect",
        "http://169.254.169.254/",
        "",
        7,
    ],
)
def test_an_address_that_is_not_the_platforms_is_not_connected_to(endpoint, tmp_path):
    async def work():
        played = robot()
        played.platform.endpoint = endpoint
        async with world(tmp_path, "dingtalk", played) as w:
            await w.until(lambda: sum(path.endswith("/open") for _, path in w.platform.calls) > 2)
            assert w.played.wires == []

    run(work())


def test_a_token_that_ended_is_replaced_and_a_busy_platform_is_asked_again(tmp_path):
    async def work():
        async with world(tmp_path, "dingtalk", robot()) as w:
            await w.played.write("一")
            await w.come_to("delivered")
            w.platform.void_tokens()
            w.platform.faults.script("/v1.0/card/streaming", "Forbidden.AccessDenied.QpsLimitForApi")
            await w.played.write("二")
            await w.come_to("delivered", "delivered")
            assert [one.text for one in w.platform.cards.made.values()] == ["这是一个回答。"] * 2
            assert w.platform.said == []

    run(work())


def test_a_button_says_its_words(tmp_path):
    async def work():
        text = "要什么？\n- [查订单](menu:orders)\n- [人工](menu:human)"
        async with world(tmp_path, "dingtalk", robot(cards=False), text=text) as w:
            await w.played.write("菜单")
            await w.until(lambda: w.platform.said)
            await w.played.tap("查订单")
            await w.until(lambda: len(w.models.requests) == 2)
            assert w.models.requests[1].messages[-1]["content"].endswith(("查订单", "orders"))

    run(work())


def test_pictures_come_and_go(tmp_path):
    async def work():
        async with world(tmp_path, "dingtalk", robot()) as w:
            w.platform.files["c1"] = PNG
            await w.played.sends("picture", {"downloadCode": "c1"})
            await w.come_to("delivered")
            calls = [path for _, path in w.platform.calls]
            assert "/v1.0/robot/messageFiles/download" in calls
            assert "/down/c1" in calls

    run(work())


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000"
    "0500017a0a2d3c0000000049454e44ae426082"
)


SIGNS = "东南西北上下左右前后内外春夏秋冬山水风云日月星天地"
"""25: who says the same again and again is taken for a machine."""


def test_more_than_the_platform_takes_in_a_minute_waits_and_nothing_is_lost(tmp_path):
    async def work():
        async with world(tmp_path, "dingtalk", robot(cards=False), 0.1) as w:
            for sign in SIGNS:
                await w.played.says(f"{sign}怎么走")
                await asyncio.sleep(1)
            await w.come_to(*["delivered"] * 25, seconds=300)
            assert len(w.platform.said) == 25
            assert w.platform.refused == []

    run(work())
