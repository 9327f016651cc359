"""A customer-service account from end to end: nothing is lost, doubled or out of order, whoever has them."""

import asyncio
from dataclasses import replace

import pytest
from kf_world import world
from ladder import ASKS_BOTH

from bench.invariants import check
from played_world import jumping, run
from runtime.simulator import Link
from runtime.simulator.wecom_kf import SIMULATION as KfSimulation
from runtime.simulator.wecom_kf.account import Account
from runtime.simulator.wecom_kf.customers import House
from runtime.simulator.wecom_kf.platform import Platform
from runtime.simulator.wecom_kf.sessions import ASSISTANT, HUMAN, NEW, OVER, POOL

pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize("seconds", [2, 6, 14, 40, 300])
def test_everybody_gets_the_whole_answer_once_however_slow_the_model(seconds, tmp_path):
    async def work():
        async with world(tmp_path, seconds) as w:
            assert await w.house.verify()
            customer = w.house.customer()
            await customer.write("你好 Q7E")
            await asyncio.sleep(seconds + 3)
            assert customer.received == ["A7A 这是回答。"]
            assert await w.states() == ["delivered"]
            assert len(w.model.requests) == 1
            assert check(w.house.history).broken == ()
            assert set(w.platform.counts) <= {0, 40096}

    run(work())


@jumping
async def test_what_came_while_nobody_was_here_is_answered_in_order_over_pages_and_empty_pages(tmp_path):
    async with world(tmp_path) as w:
        await w.house.customer("wm0").write("Q61E")
        await w.come_to("delivered")
        platform = w.platform
    platform.page, platform.empty_first = 7, True
    async with world(tmp_path, 0.1, platform=platform) as w:
        customers = [w.house.customer(f"wm{n % 20}") for n in range(60)]
        for n, customer in enumerate(customers):
            customer.wrote(f"Q{n + 1}E")
        await asyncio.sleep(1)
        await w.house.signal()
        await w.come_to(*["delivered"] * 61)
        for customer in w.house.customers.values():
            asked = [bubble.text for bubble in customer.bubbles if bubble.me]
            answered = [text.split("A")[1] for text in customer.received]
            assert [text.strip("QE") for text in asked] == answered
        assert check(w.house.history).doubled == ()
        assert platform.counts[45009] == 0


@jumping
async def test_a_cursor_that_was_lost_brings_everything_again_and_nothing_is_answered_twice(tmp_path):
    async with world(tmp_path) as w:
        customer = w.house.customer()
        for mark in (1, 2, 3):
            await customer.write(f"Q{mark}E")
        await w.come_to("delivered", "delivered", "delivered")
        write = w.gateway.messages.database.write
        await write(lambda db: db.execute("delete from facts where name like 'cursor%'").rowcount)
        await customer.write("Q4E")
        await w.come_to(*["delivered"] * 4)
        assert len(customer.received) == len(w.model.requests) == 4


@jumping
async def test_a_first_look_answers_nobody_who_wrote_long_ago(tmp_path):
    platform = Platform(Account(), asyncio.get_running_loop().wall)
    House(platform.account, None, platform, platform.clock).customer("wmOld").wrote("Q1E")
    await asyncio.sleep(3600)
    async with world(tmp_path, platform=platform) as w:
        await w.house.customer("wmNew").write("Q2E")
        await w.come_to("silent", "delivered")
        assert [sent.to for sent in platform.sent] == ["wmNew"]


@jumping
async def test_signals_that_nobody_sent_are_made_up_for(tmp_path):
    async with world(tmp_path) as w:
        await asyncio.sleep(1)
        w.house.customer().wrote("Q1E")
        await asyncio.sleep(300)
        await w.come_to("delivered")


@jumping
async def test_who_comes_in_is_welcomed_by_the_code_within_its_time(tmp_path):
    async with world(tmp_path) as w:
        customer = w.house.customer()
        assert await customer.enter()
        await w.come_to("delivered")
        assert customer.received == ["欢迎光临"]
        assert w.platform.sent[0].welcome
        await customer.write("Q1E")
        await w.come_to("delivered", "delivered")


@jumping
async def test_a_welcome_that_is_too_long_for_one_message_says_where_it_is(tmp_path):
    async with world(tmp_path, greeting="欢迎光临。" * 300) as w:
        customer = w.house.customer()
        await customer.enter()
        await asyncio.sleep(5)
        [welcome] = w.platform.sent
        assert welcome.welcome
        assert "https://bot.test/r/" in welcome.text


@jumping
async def test_a_welcome_that_comes_too_late_waits_for_the_first_message(tmp_path):
    async with world(tmp_path) as w:
        w.platform.faults.script("kf/sync_msg", *["hang"] * 3)
        customer = w.house.customer()
        await customer.enter()
        await asyncio.sleep(40)
        assert customer.received == []
        await customer.write("Q1E")
        await asyncio.sleep(10)
        assert customer.received[-1].startswith("A1A")


@jumping
async def test_a_sixth_message_is_not_sent_but_told_of(tmp_path):
    async with world(tmp_path) as w:
        w.model.text = "很长的回答。" * 800
        customer = w.house.customer()
        await customer.write("Q1E")
        await asyncio.sleep(10)
        assert len(customer.received) == 5
        assert "https://bot.test/r/" in customer.received[-1]
        assert w.platform.counts[95001] == 0


@jumping
async def test_the_agent_is_shown_as_assistant_and_hands_over_to_the_pool(tmp_path):
    async with world(tmp_path) as w:
        customer = w.house.customer()
        await customer.write("Q1E")
        await w.come_to("delivered")
        assert w.platform.sessions[customer.id].state == ASSISTANT
        await customer.write("转人工")
        await w.come_to("delivered", "delivered")
        await asyncio.sleep(6)
        assert w.platform.sessions[customer.id].state == POOL
        assert customer.received[-1] == "正在转接"
        await customer.write("有人吗")
        await w.come_to("delivered", "delivered", "handed")
        await w.house.take(customer)
        await w.house.reply(customer, "我是张三")
        await customer.write("太好了")
        await asyncio.sleep(5)
        assert len(w.model.requests) == 1
        assert w.platform.counts[95018] == 0
        await w.house.end(customer)
        await customer.write("Q2E")
        await asyncio.sleep(5)
        assert customer.received[-1].startswith("A2A")
        assert "我是张三" in str(w.model.requests[-1].messages)


@jumping
async def test_a_named_servicer_gets_the_session_and_the_owner_gives_it_back(tmp_path):
    async with world(tmp_path, servicer_userid="lisi") as w:
        customer = w.house.customer()
        await customer.write("转人工")
        await w.come_to("delivered")
        await asyncio.sleep(6)
        session = w.platform.sessions[customer.id]
        assert (session.state, session.servicer) == (HUMAN, "lisi")
        await w.gateway.give_back(1)
        assert session.state == OVER
        await customer.write("Q1E")
        await w.come_to("delivered", "delivered")


@jumping
async def test_a_servicer_who_is_not_there_leaves_the_customer_with_the_agent(tmp_path):
    async with world(tmp_path, servicer_userid="nobody") as w:
        customer = w.house.customer()
        await customer.write("转人工")
        await w.come_to("delivered")
        await asyncio.sleep(6)
        told = await w.rows("select detail from moments where what='not_handed'")
        assert told == [("95014",)]
        await customer.write("Q1E")
        await w.come_to("delivered", "delivered")


@jumping
async def test_a_human_who_takes_over_unseen_is_found_out_by_the_refusal(tmp_path):
    async with world(tmp_path, 6) as w:
        customer = w.house.customer()
        await customer.write("Q1E")
        await asyncio.sleep(1)
        w.platform.sessions[customer.id].state = HUMAN
        await w.come_to("handed")
        assert w.platform.counts[95018] == 1
        assert customer.received == []
        await customer.write("还在吗")
        await w.come_to("handed", "handed")
        w.platform.sessions[customer.id].state = NEW
        await asyncio.sleep(60)
        await customer.write("Q2E")
        await asyncio.sleep(10)
        assert customer.received[-1].startswith("A2A")


def test_a_menu_reads_as_its_labels():
    assert KfSimulation.pieces("要什么？\n• 查订单（menu:查订单）\n见 https://a.example") == [
        "要什么？\n• 查订单\n见 ",
        Link("https://a.example", "https://a.example"),
    ]


@jumping
async def test_what_is_taken_back_is_not_answered_and_not_remembered(tmp_path):
    async with world(tmp_path, 10) as w:
        customer = w.house.customer()
        await customer.write("Q1E")
        secret = await customer.write("我的卡号是 4111")
        await customer.take_back(secret)
        await w.come_to("delivered", "recalled", "silent")
        await customer.write("Q2E")
        await asyncio.sleep(15)
        assert "4111" not in str([request.messages for request in w.model.requests])
        assert "4111" not in str(await w.rows("select seq, text, message from messages"))


@jumping
async def test_what_was_taken_and_did_not_arrive_is_marked(tmp_path):
    async with world(tmp_path) as w:
        customer = w.house.customer()
        await customer.write("Q1E")
        await w.come_to("delivered")
        await w.house.fail(w.platform.sent[0], 10)
        await w.come_to("bounced")
        assert await w.rows("select state, code from parts") == [("bounced", "fail_010")]
        assert customer.received == []


@jumping
async def test_an_answer_whose_fate_is_unknown_is_not_sent_again(tmp_path):
    async with world(tmp_path) as w:
        w.platform.faults.script("kf/send_msg", "lost")
        customer = w.house.customer()
        await customer.write("Q1E")
        await asyncio.sleep(60)
        assert sum(text.startswith("A1A") for text in customer.received) == 1
        assert w.platform.counts[95032] == 0


@jumping
async def test_a_stale_token_is_replaced_once(tmp_path):
    async with world(tmp_path) as w:
        customer = w.house.customer()
        await customer.write("Q1E")
        await w.come_to("delivered")
        w.platform.void()
        await customer.write("Q2E")
        await w.come_to("delivered", "delivered")
        assert w.platform.counts[40014] <= 3


@jumping
async def test_an_app_that_may_not_call_answers_nobody_and_says_why(tmp_path):
    async with world(tmp_path, account=replace(Account(), rights="not_listed")) as w:
        await w.house.customer().write("Q1E")
        await asyncio.sleep(30)
        assert await w.states() == []
        assert w.platform.counts[48002] > 0


@jumping
async def test_an_ask_is_a_menu_and_what_is_decided_later_comes_unasked(tmp_path):
    async with world(tmp_path, agent=ASKS_BOTH) as w:
        customer = w.house.customer()
        await customer.write("你好")
        await asyncio.sleep(3)
        assert "退货" in customer.received[-1]
        await customer.write("换货")
        await asyncio.sleep(3)
        assert customer.received[-1].startswith("已提交")
        [wait] = await w.gateway.messages.waits.open(kind="decision")
        await w.gateway.waits.decide(wait.id, yes=True, by="an")
        await asyncio.sleep(3)
        assert customer.received[-1] == "换货办好了"
