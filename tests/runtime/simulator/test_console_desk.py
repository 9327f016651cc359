"""An Official Account hands people over to the humans at its own console, in the response to a message."""

import asyncio

import pytest
from kf_world import SHOP
from ladder import world

from played_world import run

DESK = {"handover": "true"}


@pytest.mark.parametrize(("mode", "wire"), [("safe", "xml"), ("safe", "json"), ("plain", "xml")])
def test_who_wants_a_human_is_passed_on_and_the_agent_is_silent_until_that_one_is_done(mode, wire, tmp_path):
    async def work():
        async with world(tmp_path, "verified_service", agent=SHOP, mode=mode, wire=wire, settings=DESK) as w:
            phone = w.wechat.phone()
            delivered = await phone.write("转人工 Q1E")
            assert delivered.reply.kind == "transfer"
            await asyncio.sleep(1)
            assert phone.received == ["正在转接"]
            assert (await phone.write("有人吗 Q2E")).reply.kind == "transfer", "who waits is passed on, too"
            await w.wechat.take(phone)
            await phone.write("太好了")
            assert w.wechat.desk[phone.openid] == ["1", "2", "太好了"]
            await w.wechat.end(phone)
            await phone.write("Q3E")
            await asyncio.sleep(5)
            assert phone.received[1:] == ["A3A 这是回答。"]
            assert await w.states() == ["delivered", "handed", "silent", "silent", "delivered"]
            assert len(w.model.requests) == 1

    run(work())


def test_when_no_human_comes_the_agent_answers_again_after_half_an_hour(tmp_path):
    async def work():
        async with world(tmp_path, "verified_service", agent=SHOP, settings=DESK) as w:
            phone = w.wechat.phone()
            await phone.write("转人工")
            await asyncio.sleep(1800)
            await phone.write("Q3E")
            await asyncio.sleep(5)
            assert phone.received[-1].startswith("A3A")

    run(work())


def test_a_repeat_is_passed_on_as_the_first_was(tmp_path):
    async def work():
        async with world(tmp_path, "verified_service", agent=SHOP, settings=DESK) as w:
            phone = w.wechat.phone()
            delivered = await phone.write("转人工")
            again = await w.wechat.repeat(phone, delivered.id, "转人工")
            assert (delivered.reply.kind, again.kind) == ("transfer", "transfer")
            await asyncio.sleep(2)
            assert phone.received == ["正在转接"]

    run(work())


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("verified_service", {}),
        ("unverified_subscription", DESK),
        ("test", {"push": "false", **DESK}),
    ],
)
def test_without_a_desk_the_wish_is_only_noted(kind, settings, tmp_path):
    async def work():
        async with world(tmp_path, kind, agent=SHOP, settings=settings) as w:
            phone = w.wechat.phone()
            phone.open_page = w.page
            await phone.write("转人工")
            await asyncio.sleep(5)
            assert phone.received == ["正在转接"]
            await phone.write("Q3E")
            await asyncio.sleep(5)
            assert phone.received[-1].startswith("A3A")

    run(work())


def test_a_named_servicer_is_named(tmp_path):
    async def work():
        settings = {**DESK, "kf_account": "test1@gh_5d2f9a1c7e3b"}
        async with world(tmp_path, "verified_service", agent=SHOP, settings=settings) as w:
            phone, seen = w.wechat.phone(), []
            opened = w.wechat._wire._opened

            def look(fields):
                seen.append(opened(fields))
                return seen[-1]

            w.wechat._wire._opened = look
            await phone.write("转人工")
            assert seen[0]["MsgType"] == "transfer_customer_service"
            assert "TransInfo" in seen[0]

    run(work())
