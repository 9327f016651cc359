"""However slow the model, whoever writes to an account by consent gets the whole answer once."""

import asyncio
from dataclasses import replace

import pytest
from component_world import FIRST, world

from played_world import jumping
from runtime.simulator.wechat.accounts import RIGHTS
from script import says

pytestmark = pytest.mark.usefixtures("engine")

SECONDS = (2, 6, 14, 40, 300)


@jumping
async def test_however_slow_the_model_the_whole_answer_comes_once(tmp_path):
    async with world(tmp_path, *(says(f"答{seconds}") for seconds in SECONDS)) as w:
        await w.ticket()
        await w.consent()
        await w.when(lambda: w.joining().stage == "joined")
        for seconds in SECONDS:
            person, w.models.gate = f"o6_bmjrPTlm6_2sgVt7hMZ{seconds:06d}", asyncio.Event()
            writing = asyncio.create_task(w.write("你好", person=person))
            await asyncio.sleep(seconds)
            w.models.gate.set()
            await writing
            bubbles = w.chat().phone(person).bubbles
            await w.when(lambda bubbles=bubbles: [one.text for one in bubbles if one.side == "account"])
            await asyncio.sleep(20)
            assert [one.text for one in bubbles if one.side == "account"] == [f"答{seconds}"]
        assert await w.states() == ["delivered"] * len(SECONDS)


@jumping
async def test_an_account_that_may_not_push_answers_passively_and_by_a_tap(tmp_path):
    poor = replace(FIRST, kind="unverified_subscription")
    async with world(tmp_path, says("快"), says("慢")) as w:
        assert not RIGHTS[poor.kind].pushes
        w.platform.accounts[poor.app_id] = poor
        await w.ticket()
        await w.consent(poor)
        await w.when(lambda: w.joining().stage == "joined")
        await w.reads("你好", "快", account=poor)
        phone = w.chat(poor).phone("o6_bmjrPTlm6_2sgVt7hMZ000000")
        w.models.gate = asyncio.Event()
        await phone.write("想想")
        w.models.gate.set()
        await asyncio.sleep(60)
        assert not any("慢" in text for text in phone.received)
        await phone.write("好了吗")
        await w.when(lambda: any("慢" in text for text in phone.received))
        assert w.platform.sent == []
