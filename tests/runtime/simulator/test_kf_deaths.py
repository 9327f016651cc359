"""The process dies at a named point; the next one goes on from what was on the disk then."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
from kf_world import world

from played_world import key_copied
from runtime import crash
from runtime.simulator.fast_loop import FastLoop
from runtime.simulator.wecom_kf.sessions import HUMAN, POOL


class Death:
    """What `kill -9` leaves: the disk as it is at that moment, and a platform that hears no more of it."""

    def __init__(self, point, folder, monkeypatch):
        self.platform, self.folder, self.left = None, folder, folder / "left"
        self.left.mkdir()
        self.came = asyncio.Event()
        monkeypatch.setenv(crash.VARIABLE, point)
        monkeypatch.setattr(crash.os, "kill", self.kill)
        crash._wanted.cache_clear()
        crash._passed.clear()

    def kill(self, pid, signal):
        if self.came.is_set():
            return
        with (
            closing(sqlite3.connect(self.folder / "messages.db")) as there,
            closing(sqlite3.connect(self.left / "messages.db")) as here,
        ):
            there.backup(here)
        key_copied(self.folder, self.left)
        self.platform.faults.always("*", "hang")
        self.came.set()


@pytest.fixture(autouse=True)
def forget():
    yield
    crash._wanted.cache_clear()
    crash._passed.clear()


def run(work):
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        runner.run(work())


ANSWERED = ("after_fetch", "after_persist", "before_model", "before_send", "after_record")
DOUBTED = ("after_claim", "after_send")


@pytest.mark.parametrize("point", [*ANSWERED, *DOUBTED])
def test_a_death_anywhere_loses_and_doubles_no_answer(point, tmp_path, monkeypatch):
    async def work():
        death = Death(point, tmp_path, monkeypatch)
        async with world(tmp_path, 1) as w:
            death.platform = w.platform
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

    run(work)


@pytest.mark.parametrize("point", ["before_hand_over", "after_hand_over"])
@pytest.mark.parametrize("servicer", ["", "zhangsan"])
def test_a_death_around_a_hand_over_leaves_the_customer_with_the_human(
    point, servicer, tmp_path, monkeypatch
):
    async def work():
        death = Death(point, tmp_path, monkeypatch)
        async with world(tmp_path, 1, servicer_userid=servicer) as w:
            death.platform = w.platform
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

    run(work)
