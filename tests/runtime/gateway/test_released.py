"""What a restore holds back goes out when the owner says so, and not a moment earlier."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
from test_held import keep
from world import Account, world

from runtime.gateway import held
from runtime.store.messages.restored import Restored, hold
from script import says

pytestmark = pytest.mark.of_files


def hold_back(folder):
    with closing(sqlite3.connect(folder / "messages.db", isolation_level=None)) as db:
        db.execute("begin")
        hold(db)
        db.execute("commit")


async def left_behind(folder):
    """One message in the middle of its turn, one answer that could not be sent."""
    gate = asyncio.Event()
    async with world(folder, says("龙井"), gate=gate) as w:
        await w.push("第一", id="m1")
        await w.push("第二", id="m2", **{"from": "u2"})
        await w.until(lambda: len(w.models.requests) == 2)
        w.gateway._worker.draining = True
        await w.gateway._worker.drain(0)
        assert await w.states() == ["accepted", "accepted"]
    hold_back(folder)


async def test_what_was_restored_is_not_sent_and_what_arrives_is(tmp_path):
    await left_behind(tmp_path)
    async with world(tmp_path, says("碧螺春")) as w:
        assert await w.push("第三", id="m3") == "success"
        await w.until(lambda: w.account.sent)
        await asyncio.sleep(0.1)
        assert w.account.sent == [("u1", "碧螺春")]
        assert await w.states() == ["restored", "restored", "delivered"]


async def test_what_the_owner_releases_goes_out_while_the_program_runs(tmp_path):
    await left_behind(tmp_path)
    async with world(tmp_path, says("龙井")) as w:
        assert Restored(tmp_path / "messages.db").release() == 2
        await w.until(lambda: len(w.account.sent) == 2)
        assert sorted(w.account.sent) == [("u1", "龙井"), ("u2", "龙井")]
        await w.until(lambda: not w.gateway._worker._live)
        assert await w.states() == ["delivered", "delivered"]


async def test_what_the_owner_drops_is_never_sent(tmp_path):
    await left_behind(tmp_path)
    async with world(tmp_path, says("龙井")) as w:
        assert Restored(tmp_path / "messages.db").drop() == 2
        await asyncio.sleep(2.5)
        assert w.account.sent == []
        assert w.models.requests == []


async def test_the_operator_may_send_one_alone(tmp_path):
    await left_behind(tmp_path)
    async with world(tmp_path, says("龙井")) as w:
        await w.gateway.again(1)
        await w.until(lambda: w.account.sent)
        assert w.account.sent == [("u1", "龙井")]
        assert Restored(tmp_path / "messages.db").count() == 1


async def test_much_that_is_released_goes_out_a_few_people_at_a_time(tmp_path):
    await keep(tmp_path, 130)
    hold_back(tmp_path)
    most = 0
    async with world(tmp_path) as w:

        def all_sent():
            nonlocal most
            most = max(most, len(w.gateway._worker._live))
            return len(w.account.sent) == 130

        assert Restored(tmp_path / "messages.db").release() == 130
        await w.until(all_sent, seconds=20)
        assert most <= held.PEOPLE
        assert sorted(to for to, _ in w.account.sent) == [f"u{i:03}" for i in range(130)]


async def test_what_may_have_been_sent_is_told_once_it_is_released(tmp_path):
    await keep(tmp_path, 1, "unknown")
    hold_back(tmp_path)
    async with world(tmp_path, account=Account(), url="https://bot.test") as w:
        assert Restored(tmp_path / "messages.db").release() == 1
        await w.until(lambda: w.account.sent)
        assert "https://bot.test/r/" in w.account.sent[0][1]
