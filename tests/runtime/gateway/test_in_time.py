"""A store that is away or says nothing keeps no callback from its window, and loses nothing."""

import asyncio

import pytest
from world import ANSWERS, Account, now, world

from runtime.errors import StoreFailed
from runtime.gateway import in_time
from runtime.lang import Text
from runtime.store.database import patience
from script import calls, says

GONE = StoreFailed(Text("断了", "gone"), code="gone")
KINDS = pytest.mark.parametrize("can_push", [True, False])


def silent_until(w, gate):
    """The store says nothing before that."""
    accept = w.gateway.messages.accept

    async def accepts(*given, **more):
        await gate.wait()
        return await accept(*given, **more)

    w.gateway.messages.accept = accepts


@KINDS
async def test_who_is_not_stored_in_time_is_told_so_and_answered_once_it_is(can_push, tmp_path):
    account, gate = Account(can_push=can_push), asyncio.Event()
    async with world(tmp_path, says("龙井"), account=account) as w:
        silent_until(w, gate)
        began = now()
        assert "再发一次" in await w.push("有什么茶")
        assert in_time.SECONDS <= now() - began < in_time.SECONDS + 0.5
        gate.set()
        await w.come_to("delivered" if can_push else "held")
        assert [part for _, part in account.sent] == (["龙井"] if can_push else [])


async def test_what_was_not_stored_in_time_and_comes_again_is_answered_once(tmp_path):
    account, gate = Account(can_push=False), asyncio.Event()
    async with world(tmp_path, says("龙井"), account=account) as w:
        silent_until(w, gate)
        await w.push("有什么茶")
        gate.set()
        assert await w.push("有什么茶") == "reply:龙井"
        assert await w.states() == ["delivered"]


async def test_the_time_that_storing_takes_is_no_time_of_the_answer(tmp_path):
    """The platform has hung up by then."""
    gate = asyncio.Event()
    async with world(tmp_path, account=Account(can_push=False), gate=asyncio.Event()) as w:
        silent_until(w, gate)
        asyncio.get_running_loop().call_later(2.0, gate.set)
        began = now()
        await w.push("有什么茶")
        assert 2.0 <= now() - began < 2.0 + 0.4 + 0.8


def gone_once(monkeypatch, database):
    """For each question of a turn, of whatever kind, the first time that it is asked."""
    failed, post, read = set(), database.post, database.read

    def is_gone(work):
        kind = getattr(work, "__qualname__", "")
        if kind in failed or patience._pause.get() is None:
            return False
        failed.add(kind)
        return True

    def posting(work, **more):
        if not is_gone(work):
            return post(work, **more)
        lost = asyncio.get_running_loop().create_future()
        lost.set_exception(GONE)
        return lost

    async def looking(work):
        if is_gone(work):
            raise GONE
        return await read(work)

    monkeypatch.setattr(database, "post", posting)
    monkeypatch.setattr(database, "read", lambda work: patience.asked(lambda: looking(work)))
    return failed


async def test_what_a_turn_asks_while_the_store_is_away_waits_and_the_person_is_answered_as_ever(
    tmp_path, monkeypatch
):
    agent = {
        **ANSWERS,
        "flow": [{"type": "model", "id": "answer", "prompt": {"text": "你好 {{ person.name }}"}}],
        "memory": {"type": "window", "turns": 3, "facts": True},
    }
    keeps = calls(("remember", {"name": "忌口", "value": "对花生过敏", "kind": "about"}))
    async with world(tmp_path, keeps, says("记住了"), agent=agent) as w:
        failed = gone_once(monkeypatch, w.gateway.messages.database)
        await w.push("我对花生过敏")
        await asyncio.sleep(60)
        await w.come_to("delivered")
        assert [part for _, part in w.account.sent] == ["记住了"]
        assert len(failed) > 3, failed
