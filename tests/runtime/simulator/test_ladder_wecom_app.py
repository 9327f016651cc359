"""A WeCom app, whatever the model's speed: the member gets the whole answer once, with one tap at most."""

import asyncio
import base64
from dataclasses import replace

import pytest
from ladder import ASKS_BOTH
from ladder_wecom_app import world

from bench.invariants import check
from played_world import run
from runtime.simulator import Link
from runtime.simulator.wecom_app.wire import Wire

pytestmark = pytest.mark.usefixtures("engine")

MATRIX = [(kind, seconds) for kind in ("trusted", "stranger") for seconds in (2, 6, 14, 40, 300)]


def link_of(phone):
    """What can be tapped in the newest bubble."""
    links = [piece for seen in phone.chat for piece in seen.pieces if isinstance(piece, Link)]
    return links[-1]


@pytest.mark.parametrize(("kind", "seconds"), MATRIX, ids=[f"{kind}-{seconds}s" for kind, seconds in MATRIX])
def test_everybody_gets_the_whole_answer_once(kind, seconds, tmp_path):
    async def work():
        async with world(tmp_path, kind, seconds) as w:
            phone = w.played.phone()
            began = w.played.clock()
            delivered = await w.played.says("zhangsan", "你好 Q7E")
            await asyncio.sleep(max(0.0, began + seconds + 3 - w.played.clock()))
            tapped = not any("A7A" in text for text in phone.received)
            if tapped:
                await w.played.follow(link_of(phone))
            await asyncio.sleep(60)
            assert sum(text.count("A7A") for text in phone.received) == 1
            assert tapped == (kind == "stranger" and seconds > 14)
            assert delivered.reply.kind != "fault"
            assert len(w.models.requests) == 1
            assert await w.states() == ["delivered"]
            assert check(w.played.history).broken == ()

    run(work())


def test_the_console_takes_the_address_within_its_second(tmp_path):
    async def work():
        async with world(tmp_path) as w:
            assert await w.played.verify()
            w.played.wire = Wire(replace(w.played.app, token="another"))
            assert not await w.played.verify()

    run(work())


def test_every_request_three_times_is_one_answer(tmp_path):
    async def work():
        async with world(tmp_path, "stranger", 6) as w:
            w.played.copies = 3
            await w.played.says("zhangsan", "Q7E")
            await asyncio.sleep(10)
            assert sum(text.count("A7A") for text in w.played.phone().received) == 1
            assert len(w.models.requests) == 1

    run(work())


def test_forty_answers_in_a_minute_all_arrive_and_none_is_dropped(tmp_path):
    async def work():
        async with world(tmp_path, seconds=0.5) as w:
            for mark in range(1, 41):
                await w.played.says("zhangsan", f"Q{mark}E")
                await asyncio.sleep(1)
            await w.played.says("lisi", "Q99E")
            await asyncio.sleep(1)
            assert any("A99A" in text for text in w.played.phone("lisi").received), "others do not wait"
            await asyncio.sleep(90)
            assert w.played.platform.dropped == []
            received = [text.split()[0] for text in w.played.phone().received]
            assert received == [f"A{mark}A" for mark in range(1, 41)]
            assert check(w.played.history).broken == ()

    run(work())


def test_a_lost_answer_is_sent_again_and_shown_once_and_the_same_words_twice_when_said_twice(tmp_path):
    async def work():
        async with world(tmp_path, text="好的") as w:
            w.played.platform.faults.script("message/send", "lost")
            await w.played.says("zhangsan", "在吗")
            await asyncio.sleep(30)
            assert w.played.phone().received == ["好的"]
            assert len(w.played.platform.repeats) == 1
            await w.played.says("zhangsan", "还在吗")
            await asyncio.sleep(10)
            assert w.played.phone().received == ["好的", "好的"]

    run(work())


def test_a_member_who_cannot_be_reached_is_told_as_such(tmp_path):
    async def work():
        async with world(tmp_path) as w:
            w.played.platform.members = {"lisi"}
            await w.played.says("zhangsan", "Q7E")
            await asyncio.sleep(10)
            assert await w.states() == ["unreachable"]

    run(work())


def test_a_server_that_is_trusted_at_last_sends_what_it_held(tmp_path):
    async def work():
        async with world(tmp_path, seconds=20) as w:
            await w.played.says("zhangsan", "Q7E")
            w.played.platform.trusts = False
            await asyncio.sleep(30)
            assert await w.states() == ["held"]
            w.played.platform.trusts = True
            await asyncio.sleep(120)
            assert await w.states() == ["delivered"]
            assert sum(text.count("A7A") for text in w.played.phone().received) == 1

    run(work())


def test_a_token_that_ended_early_is_replaced(tmp_path):
    async def work():
        async with world(tmp_path) as w:
            w.played.platform.void()
            await w.played.says("zhangsan", "Q7E")
            await asyncio.sleep(5)
            assert await w.states() == ["delivered"]

    run(work())


@pytest.mark.parametrize(("markdown", "kind"), [("true", "markdown"), ("false", "text")])
def test_marks_are_sent_where_the_owner_says_that_they_are_shown(markdown, kind, tmp_path):
    async def work():
        async with world(tmp_path, text="# 标题\n\n**粗** [看](https://a.example/)", markdown=markdown) as w:
            await w.played.says("zhangsan", "你好")
            await asyncio.sleep(5)
            [sent] = w.played.platform.sent
            assert sent.kind == kind
            assert ("**" in sent.text) == (kind == "markdown")
            [seen] = [one for one in w.played.seen() if one.side == "account"]
            assert list(seen.pieces) == ["标题\n\n粗 ", Link("看", "https://a.example/")]

    run(work())


def test_whoever_joins_is_greeted_and_who_only_opens_it_is_not(tmp_path):
    async def work():
        async with world(tmp_path) as w:
            await w.played.event("zhangsan", "enter_agent", EventKey="")
            await asyncio.sleep(2)
            assert w.played.phone().received == []
            await w.played.event("zhangsan", "subscribe", EventKey="")
            await asyncio.sleep(2)
            assert len(w.played.phone().received) == 1

    run(work())


PDF = "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.7 " + bytes(40)).decode()
FILE = f"价目表在这里\n[价目表 2026](files)\n![价目表 2026]({PDF})"


@pytest.mark.parametrize("seconds", [0.0, 8.0])
def test_a_file_is_sent_as_a_file_by_its_name_also_when_the_answer_is_there_at_once(seconds, tmp_path):
    async def work():
        async with world(tmp_path, seconds=seconds, text=FILE) as w:
            await w.played.says("zhangsan", "价目表")
            await w.come_to("delivered")
            assert [one.kind for one in w.played.platform.sent][-1] == "file"
            assert w.played.phone().received[-1] == "[文件] 价目表 2026.pdf"

    run(work())


@pytest.mark.parametrize("seconds", [0.0, 8.0])
def test_a_card_offers_something_and_a_tap_closes_it(seconds, tmp_path):
    async def work():
        async with world(
            tmp_path, seconds=seconds, text="要什么？\n- [查订单](menu:orders)\n- [退货](menu:return)"
        ) as w:
            await w.played.says("zhangsan", "你好")
            await w.come_to("delivered")
            assert w.played.phone().received == ["要什么？\n查订单\n退货"]
            w.models.text = "您的订单"
            await w.played.tap("查订单")
            await w.come_to("delivered", "delivered")
            await asyncio.sleep(1)
            [card] = w.played.platform.cards.shown.values()
            assert card.settled == ["✓ 查订单"]
            assert w.played.phone().received[-1] == "您的订单"
            assert w.models.requests[-1].messages[-1]["content"] == "orders"

    run(work())


QUESTION = "给 {{ message.text }} 退款？"
ASKS = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "flow": [
        {
            "type": "approve",
            "id": "ok",
            "question": QUESTION,
            "through": "p",
            "members": ["boss", "vice"],
            "otherwise": [{"type": "reply", "id": "no", "text": "没退：{{ ok.why }}"}],
        },
        {"type": "reply", "id": "say", "text": "{{ ok.by }} 退了"},
    ],
}


def cards_of(w):
    return {card.chat: card for card in w.played.platform.cards.shown.values()}


@pytest.mark.parametrize("answer", ["同意", "不同意"])
def test_one_of_two_members_decides_by_card_and_nothing_is_left_to_tap_on_the_other(answer, tmp_path):
    async def work():
        async with world(tmp_path, agent=ASKS) as w:
            await w.played.says("zhangsan", "小李")
            await w.until(lambda: len(cards_of(w)) == 2)
            early = w.played.platform.tap("vice", "同意")  # under way while the other one decides
            assert w.played.phone("boss").received == ["给 小李 退款？\n同意\n不同意"]
            await w.played.tap(answer, "boss")
            says = "boss 退了" if answer == "同意" else "没退：denied"
            await w.until(lambda: w.played.phone().received[-1] == says)
            settled = [f"✓ {answer}（boss）"]
            await w.until(lambda: all(card.settled == settled for card in cards_of(w).values()))
            await w.played.event("vice", "template_card_event", **early)
            await w.until(lambda: len(w.played.phone("vice").received) == 2)
            assert w.played.phone("vice").received[-1].startswith(("boss 已经决定", "这件事已经有了结果"))
            assert [card.settled for card in cards_of(w).values()] == [settled, settled]
            assert w.played.phone("boss").received[1:] == []

    run(work())


def test_cards_are_settled_when_it_is_left_and_a_question_too_long_for_a_message_says_where_it_is(tmp_path):
    async def work():
        async with world(tmp_path, agent={**ASKS, "waiting": {"cancel": ["取消"]}}) as w:
            await w.played.says("zhangsan", "长" * 900)
            await w.until(lambda: len(cards_of(w)) == 2)
            question, card = w.played.phone("boss").received
            assert "全文请到「洞察" in question
            assert question.endswith("（请在下一条里决定）")
            assert card.startswith("请决定（内容见上一条）")
            await w.played.says("zhangsan", "取消")
            await w.until(lambda: [one.settled for one in cards_of(w).values()] == [["已取消"]] * 2)

    run(work())


def test_an_ask_is_answered_on_its_card_and_what_is_decided_later_comes_unasked(tmp_path):
    async def work():
        async with world(tmp_path, agent=ASKS_BOTH) as w:
            await w.played.says("zhangsan", "你好")
            await w.until(lambda: w.played.phone().received)
            assert w.played.phone().received == ["办什么？\n退货\n换货"]
            await w.played.tap("换货")
            await w.until(lambda: w.played.phone().received[-1].startswith("已提交"))
            [wait] = await w.gateway.messages.waits.open(kind="decision")
            await w.gateway.waits.decide(wait.id, yes=True, by="an")
            await w.until(lambda: w.played.phone().received[-1] == "换货办好了")

    run(work())
