"""An AI bot both ways: every speed of the model, deaths, copies, and what its platform refuses."""

import asyncio
import base64
import io

import pytest
from bot import AGENT, played, world
from PIL import Image

from played_world import now, run

WAYS = ("connection", "webhook")
SECONDS = (2, 6, 14, 40, 300)
MATRIX = [(way, seconds) for way in WAYS for seconds in SECONDS]
both = pytest.mark.parametrize("way", WAYS)


@pytest.mark.parametrize(("way", "seconds"), MATRIX, ids=[f"{way}-{seconds}s" for way, seconds in MATRIX])
def test_everybody_gets_the_whole_answer_once_in_a_bubble_that_grows(way, seconds, tmp_path):
    async def work():
        async with world(tmp_path, way, seconds) as w:
            await w.played.write("你好")
            await w.come_to("delivered", seconds=seconds + 60)
            [bubble] = w.bubbles
            assert (bubble.text, bubble.done) == ("这是一个回答。", True)
            assert w.played.shown() == "这是一个回答。"
            assert bubble.versions[0][0] - bubble.began < 1.5
            assert len(bubble.versions) > 2
            assert bubble.versions[-1][0] - bubble.began < seconds + 6
            assert w.played.platform.refused == []
            assert w.played.faults_of_replies == []
            assert len(w.models.requests) == 1

    run(work())


@both
def test_an_answer_that_comes_after_the_bubbles_end_is_sent_once_after_it(way, tmp_path):
    async def work():
        async with world(tmp_path, way, 500, text="一二三四五") as w:
            await w.played.write("你好")
            await w.come_to("delivered", seconds=600)
            [bubble] = w.bubbles
            assert (bubble.text, bubble.done) == ("一二三", True)
            assert bubble.versions[-1][0] - bubble.began < 360
            assert [one.text for one in w.played.platform.said] == ["四五"]
            assert w.played.platform.refused == []

    run(work())


@both
def test_what_one_bubble_does_not_hold_is_sent_after_it(way, tmp_path):
    async def work():
        async with world(tmp_path, way, 2, text="字" * 9000) as w:
            await w.played.write("你好")
            await w.come_to("delivered")
            assert w.played.shown() == "字" * 9000
            assert len(w.played.platform.said) == 1

    run(work())


@both
def test_whoever_opens_the_chat_is_greeted_and_no_more_is_said(way, tmp_path):
    async def work():
        async with world(tmp_path, way) as w:
            await w.played.event("enter_chat")
            await w.until(lambda: w.played.platform.said)
            [said] = w.played.platform.said
            assert (said.text, said.way) == ("欢迎", "welcome")
            assert w.models.requests == []

    run(work())


@both
def test_a_message_that_comes_twice_is_answered_once(way, tmp_path):
    async def work():
        async with world(tmp_path, way, 10) as w:
            content = {"msgtype": "text", "text": {"content": "在吗"}}
            await w.played.bring(content, id="M1")
            await w.played.bring(content, id="M1")
            await w.come_to("delivered")
            await asyncio.sleep(30)
            assert len(w.models.requests) == 1
            assert all(bubble.done for bubble in w.bubbles if bubble.text not in ("", "<think></think>"))
            assert w.played.shown().count("这是一个回答。") == 1

    run(work())


@both
def test_three_messages_of_one_person_are_answered_in_order_each_in_its_bubble(way, tmp_path):
    async def work():
        async with world(tmp_path, way, 8) as w:
            for n in range(3):
                await w.played.write(f"第 {n}")
            await w.come_to("delivered", "delivered", "delivered", seconds=120)
            assert [bubble.done for bubble in w.bubbles] == [True, True, True]
            ends = [bubble.versions[-1][0] for bubble in w.bubbles]
            assert ends == sorted(ends)
            assert w.played.platform.refused == []

    run(work())


@both
def test_in_a_group_the_group_is_answered(way, tmp_path):
    async def work():
        async with world(tmp_path, way, 2) as w:
            await w.played.says("@小店 在吗", chatid="wrkSFf1")
            await w.come_to("delivered")
            assert w.played.shown("wrkSFf1") == "这是一个回答。"
            assert "小店" not in str(w.models.requests[0].messages[-1])

    run(work())


@both
def test_after_a_death_in_the_turn_the_same_bubble_goes_on(way, tmp_path):
    async def work():
        bot = played(way)
        async with world(tmp_path, way, 20, bot=bot) as w:
            await w.played.write("你好")
            await asyncio.sleep(8)
            await w.kill()
        async with world(tmp_path, way, 4, bot=bot) as w:
            await w.come_to("delivered")
            [bubble] = w.bubbles
            assert (bubble.text, bubble.done) == ("这是一个回答。", True)
            assert w.played.platform.said == []

    run(work())


# By callback


def test_a_bubble_that_nobody_knows_is_ended_with_an_apology(tmp_path):
    async def work():
        async with world(tmp_path, "webhook") as w:
            told = {"msgid": "x", "msgtype": "stream", "from": {"userid": "zhangsan"}}
            for id in ("7-000000000000", "made-up", "9" * 200):
                reply = await w.played._knock({**told, "stream": {"id": id}})
                assert reply["stream"]["finish"] is True
                assert reply["stream"]["id"] == id
                assert "再问一次" in reply["stream"]["content"]

    run(work())


def test_when_nobody_asks_for_the_bubble_any_more_the_answer_goes_to_its_response_address(tmp_path):
    async def work():
        async with world(tmp_path, "webhook", 10) as w:
            await w.played.write("你好")
            w.played.asks = False
            await w.come_to("delivered", seconds=90)
            [said] = w.played.platform.said
            assert (said.text, said.way) == ("这是一个回答。", "response")

    run(work())


def test_who_asks_after_that_is_told_where_the_answer_is(tmp_path):
    async def work():
        async with world(tmp_path, "webhook", 10) as w:
            await w.played.write("你好")
            w.played.asks = False
            await w.come_to("delivered", seconds=90)
            [bubble] = w.bubbles
            told = {"msgid": "x", "msgtype": "stream", "from": {"userid": "zhangsan"}}
            reply = await w.played._knock({**told, "stream": {"id": bubble.id}})
            assert (reply["stream"]["finish"], reply["stream"]["content"]) == (True, "回答在下一条消息里。")

    run(work())


def test_a_response_address_is_used_once_and_seen_nowhere(tmp_path, caplog):
    async def work():
        async with world(tmp_path, "webhook", 500, text="字" * 9000) as w:
            await w.played.write("你好")
            await asyncio.sleep(600)
            assert len([one for one in w.played.platform.said if one.way == "response"]) == 1
            assert "rc-" not in caplog.text

    with caplog.at_level("DEBUG"):
        run(work())


# Over the connection


def test_frames_stay_within_what_a_minute_may_hold(tmp_path):
    async def work():
        async with world(tmp_path, "connection", 280, text="字" * 2000) as w:
            await w.played.write("你好")
            await w.come_to("delivered", seconds=400)
            [bubble] = w.bubbles
            times = [at for at, _, _ in bubble.versions]
            assert max(sum(at <= one < at + 60 for one in times) for at in times) <= 30
            assert len(times) > 60
            assert w.played.platform.refused == []

    run(work())


@pytest.mark.parametrize("fault", ["mute", "cut", 45009, -1])
def test_a_piece_that_is_not_acknowledged_costs_nothing(fault, tmp_path):
    async def work():
        async with world(tmp_path, "connection", 10) as w:
            w.played.platform.faults.script("respond", 0, fault, 0, fault)
            await w.played.write("你好")
            await w.come_to("delivered", seconds=120)
            assert w.played.shown() == "这是一个回答。"

    run(work())


@pytest.mark.parametrize(("code", "pieces"), [(846608, 5), (846605, 5), (846608, 7)])
def test_a_bubble_that_takes_nothing_more_is_left_and_the_rest_is_a_message(code, pieces, tmp_path):
    async def work():
        async with world(tmp_path, "connection", 20) as w:
            w.played.platform.faults.script("respond", *[0] * pieces, code)
            await w.played.write("你好")
            await w.come_to("delivered", seconds=120)
            assert w.played.shown() == "这是一个回答。"
            assert [one.way for one in w.played.platform.said] == ["push"]

    run(work())


def test_who_is_taken_over_stays_away_and_says_so(tmp_path):
    async def work():
        async with world(tmp_path, "connection") as w:
            await w.until(lambda: w.played.wires)
            await w.played.wires[0].send(
                '{"cmd": "aibot_event_callback", "headers": {"req_id": "D"}, "body":'
                ' {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}}'
            )
            await w.until(lambda: any("took over" in (text or "") for text in w.doctor.troubles))
            await asyncio.sleep(600)
            assert w.played.subscribed == 1

    run(work())


def test_two_processes_do_not_end_each_others_connection(tmp_path):
    async def work():
        bot = played("connection")
        async with world(tmp_path, "connection", bot=bot) as first:
            await first.until(lambda: bot.wires)
            async with world(tmp_path, "connection", bot=bot) as second:
                await asyncio.sleep(120)
                assert bot.subscribed == 1
                assert second.doctor.troubles == []

    run(work())


def test_a_refused_secret_is_told_five_times_and_then_seldom_until_it_is_taken(tmp_path):
    async def work():
        bot = played("connection")
        bot.platform.faults.always("subscribe", 40001)
        async with world(tmp_path, "connection", bot=bot) as w:
            await w.until(lambda: any("refused" in (text or "") for text in w.doctor.troubles), 200)
            asked = now()
            await asyncio.sleep(590)
            assert bot.subscribed == 0
            assert asked < 120
            bot.platform.faults.clear()
            await w.until(lambda: bot.subscribed == 1, 20)
            await w.until(lambda: w.doctor.troubles[-1] is None)

    run(work())


def test_the_heart_beats_and_a_connection_that_is_silent_is_opened_again(tmp_path):
    async def work():
        async with world(tmp_path, "connection", 2) as w:
            await w.until(lambda: w.played.pings >= 3, 120)
            await w.played.wires[0].close()
            await w.until(lambda: w.played.subscribed == 2)
            await w.played.write("你好")
            await w.come_to("delivered")

    run(work())


def picture():
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "PNG")
    return made.getvalue()


PICTURE = f"![价目表](data:image/png;base64,{base64.b64encode(picture()).decode()})"
PDF = f"![菜单](data:application/pdf;base64,{base64.b64encode(b'%PDF-1.7 ' + bytes(600_000)).decode()})"


@pytest.mark.parametrize("order", ["text first", "picture first"])
@pytest.mark.parametrize("way", WAYS)
def test_pictures_and_files_are_shown_once_and_told_in_words_where_they_cannot_be(way, order, tmp_path):
    lines = ["请看", PICTURE] if order == "text first" else [PICTURE, "请看"]

    async def work():
        async with world(tmp_path, way, text="\n".join([*lines, PDF])) as w:
            await w.played.says("价目表")
            await w.come_to("delivered", seconds=120)
            [bubble] = w.bubbles
            said = [one.text for one in w.played.platform.said]
            if way == "webhook":
                assert bubble.pictures == [picture()]
                assert bubble.text == "请看\n\n菜单"
                assert said == []
            else:
                assert bubble.text == ("请看" if order == "text first" else "回答在下一条消息里。")
                assert said == ["[图片]", *(["请看"] if order != "text first" else []), "[文件] 菜单.pdf"]
            assert w.played.platform.refused == []

    run(work())


def test_an_upload_that_fails_is_told_in_words_and_one_that_breaks_off_goes_again(tmp_path):
    async def work():
        async with world(tmp_path, "connection", text=f"请看\n{PICTURE}") as w:
            w.played.platform.faults.script("upload", 40058)
            await w.played.says("价目表")
            await w.come_to("delivered")
            w.played.platform.faults.script("upload", "mute")
            await w.played.says("价目表")
            await w.come_to("delivered", "delivered", seconds=300)
            assert [one.text for one in w.played.platform.said] == ["[图片]"]
            assert [one.text for one in w.bubbles] == ["请看\n\n价目表", "请看"]

    run(work())


OFFERS = {
    **AGENT,
    "flow": [
        {
            "type": "branch",
            "id": "wish",
            "cases": [
                {
                    "title": "chosen",
                    "when": "message.text == 'orders'",
                    "flow": [{"type": "reply", "id": "done", "text": "您的订单"}],
                }
            ],
            "otherwise": [
                {"type": "model", "id": "answer"},
                {
                    "type": "reply",
                    "id": "say",
                    "text": "{{ answer.text }}",
                    "choices": [{"text": "查订单", "value": "orders"}, {"text": "退货"}],
                },
            ],
        }
    ],
}


@pytest.mark.parametrize("seconds", [2, 40])
@pytest.mark.parametrize("way", WAYS)
def test_a_card_offers_something_and_shows_once_what_was_tapped(way, seconds, tmp_path):
    async def work():
        async with world(tmp_path, way, seconds, text="要什么？", agent=OFFERS) as w:
            await w.played.says("你好")
            await w.come_to("delivered", seconds=seconds + 60)
            [card] = w.played.platform.cards.shown.values()
            assert list(card.buttons) == ["查订单", "退货"]
            assert w.played.shown().count("查订单") == 1
            await w.played.tap("查订单")
            await w.come_to("delivered", "delivered")
            assert card.settled == ["✓ 查订单\n要什么？"]
            assert [one.text for one in w.played.platform.said][-1] == "您的订单"
            assert w.played.platform.refused == []
            assert w.played.faults_of_replies == []
            with pytest.raises(LookupError):
                await w.played.tap("查订单")

    run(work())
