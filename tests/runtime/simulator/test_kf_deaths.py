"""The process dies at a named point; the next one goes on from what was on the disk then."""

import asyncio

import pytest
from kf_world import world

from dying import Death, alive
from played_world import run
from runtime.simulator.wecom_kf.sessions import HUMAN, POOL


@pytest.fixture(autouse=True)
def forget():
    yield
    alive()


ANSWERED = ("after_fetch", "after_persist", "before_model", "before_send", "after_record")
DOUBTED = ("after_claim", "after_send")


@pytest.mark.parametrize("point", [*ANSWERED, *DOUBTED])
def test_a_death_anywhere_loses_and_doubles_no_answer(point, tmp_path, monkeypatch):
    async def work():
        async with world(tmp_path, 1) as w:
            death = Death(point, tmp_path, monkeypatch, lambda: w.platform.faults.always("*", "hang"))
            customer = w.house.customer()
            customer.wrote("Q1E")
            customer.wrote("Q2E")
            asking = asyncio.create_task(w.house.signal())
            await death.came.wait()
        asking.cancel()
        w.platform.faults.clear()
        async with world(death.left, 1, platform=w.platform) as after:
            await after.house.signal()
            await asyncio.sleep(30)
            answers = [text for text in (sent.text for sent in w.platform.sent) if text.startswith("A")]
            once = {"after_claim": ["A2A"]}.get(point, ["A1A", "A2A"])
            assert sorted(text[:3] for text in answers) == once
            assert ("可能没有送达" in str(w.platform.sent)) == (point in DOUBTED)
            assert set(await after.states()) <= {"delivered", "unknown"}

    run(work())


@pytest.mark.parametrize("point", ["before_hand_over", "after_hand_over"])
@pytest.mark.parametrize("servicer", ["", "zhangsan"])
def test_a_death_around_a_hand_over_leaves_the_customer_with_the_human(
    point, servicer, tmp_path, monkeypatch
):
    async def work():
        async with world(tmp_path, 1, servicer_userid=servicer) as w:
            death = Death(point, tmp_path, monkeypatch, lambda: w.platform.faults.always("*", "hang"))
            customer = w.house.customer()
            asking = asyncio.create_task(customer.write("转人工"))
            await death.came.wait()
        asking.cancel()
        w.platform.faults.clear()
        async with world(death.left, 1, platform=w.platform, servicer_userid=servicer) as after:
            await asyncio.sleep(10)
            assert w.platform.sessions[customer.id].state == (HUMAN if servicer else POOL)
            assert [sent.text for sent in w.platform.sent] == ["正在转接"]
            assert await after.rows("select state from handed") == [("taken",)]
            await after.house.customer(customer.id).write("在吗")
            await asyncio.sleep(5)
            assert (await after.states())[-1] == "handed"
            assert after.model.requests == []

    run(work())
