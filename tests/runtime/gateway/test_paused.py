"""A paused publication loses nothing: what it is written is kept, and answered in order when it goes on."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from test_crashes import left_behind
from world import Account, world

from runtime.message import Message
from runtime.turn.events import Failed
from script import says

PASSIVE = {"can_push": False}


def pause(w, text="", at=1.0):
    w.book.record = replace(w.book.record, rests_since=at, paused_text=text)


def resume(w):
    w.book.record = replace(w.book.record, rests_since=None, paused_text="")


@asynccontextmanager
async def paused(folder, *answers, text="", **more):
    async with world(folder, *answers, **more) as w:
        pause(w, text)
        yield w


async def test_what_comes_is_acknowledged_and_kept_and_answered_in_order_afterwards(tmp_path):
    async with paused(tmp_path, says("一"), says("二"), says("三")) as w:
        assert await w.push("a", id="m1") == "success"
        assert await w.push("b", id="m2") == "success"
        await asyncio.sleep(60)
        assert (w.models.requests, w.account.sent) == ([], [])
        resume(w)
        assert await w.push("c", id="m3") == "success"
        await w.until(lambda: len(w.account.sent) == 3)
        assert [text for _, text in w.account.sent] == ["一", "二", "三"]
        asked = [request.messages[-1]["content"] for request in w.models.requests]
        assert asked == ["a", "b", "c"]


async def test_it_goes_on_though_nobody_writes(tmp_path):
    async with paused(tmp_path, says("一")) as w:
        await w.push("a")
        resume(w)
        await w.until(lambda: w.account.sent)


async def test_a_passive_account_gives_the_kept_answer_with_the_next_message(tmp_path):
    async with paused(tmp_path, says("一"), says("二"), account=Account(**PASSIVE)) as w:
        assert await w.push("a", id="m1") == "success"
        resume(w)
        await w.come_to("held")
        assert "一" in await w.push("b", id="m2")


async def test_each_person_is_told_once_in_a_pause(tmp_path):
    async with paused(tmp_path, text="盘点中，晚点回您", account=Account(**PASSIVE)) as w:
        assert await w.push("a", id="m1") == "reply:盘点中，晚点回您"
        assert await w.push("a", id="m2") == "success"
        assert await w.push("a", id="m3", **{"from": "u2"}) == "reply:盘点中，晚点回您"
        pause(w, "又在盘点", at=2.0)
        assert await w.push("a", id="m4") == "reply:又在盘点"


async def test_a_repeat_is_the_same_message(tmp_path):
    async with paused(tmp_path, says("一"), says("二")) as w:
        for _ in range(3):
            assert await w.push("a", id="m1") == "success"
        resume(w)
        await w.until(lambda: w.account.sent)
        await asyncio.sleep(30)
        assert w.account.sent == [("u1", "一")]


async def test_what_was_taken_before_the_pause_is_answered(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("一"), gate=gate) as w:
        await w.push("a")
        pause(w)
        gate.set()
        await w.until(lambda: w.account.sent)


async def test_a_restart_in_between_answers_nothing_and_loses_nothing(tmp_path):
    async with paused(tmp_path) as w:
        await w.push("a", id="m1")
        book = w.book
    async with world(tmp_path, says("一"), book=lambda agent: book) as w:
        await w.push("b", id="m2")
        await asyncio.sleep(60)
        assert w.models.requests == []
        resume(w)
        await w.until(lambda: len(w.account.sent) == 2)


async def test_a_death_in_a_pause_loses_nothing_and_what_came_twice_is_answered_once(tmp_path):
    """What a process that was killed leaves: messages in the store, and nothing of it in memory."""
    await left_behind(tmp_path, "a", "b")
    async with world(tmp_path, says("好")) as w:
        book = w.book
        pause(w)
    await left_behind(tmp_path, "c")
    async with world(tmp_path, says("好"), book=lambda agent: book) as w:
        for _ in range(2):
            assert await w.push("a", id="m1", **{"from": "d"}) == "success"
        await asyncio.sleep(60)
        assert w.models.requests == []
        resume(w)
        await w.until(lambda: len(w.account.sent) == 2)
        await asyncio.sleep(30)
        assert sorted(to for to, _ in w.account.sent) == ["c", "d"]


async def test_what_was_answered_before_a_restart_is_sent_though_it_is_paused(tmp_path):
    async with world(tmp_path, says("一"), account=Account(refusals=["-1"] * 50)) as w:
        await w.push("a", id="m1")
        await w.come_to("answered")
        pause(w)
        book = w.book
    async with world(tmp_path, book=lambda agent: book) as w:
        await w.until(lambda: w.account.sent, seconds=120)
        assert w.account.sent == [("u1", "一")]
        assert w.models.requests == []


async def test_a_greeting_waits_too_and_what_needs_no_answer_does_not(tmp_path):
    async with paused(tmp_path) as w:
        assert await w.push("", id="e1", event="followed") == "success"
        assert await w.push("", id="e2", event="left") == "success"
        await w.come_to("accepted", "silent")


async def test_a_program_is_told_to_come_again(tmp_path):
    async with paused(tmp_path) as w:
        events = [event async for event in w.gateway.stream("p", Message("1", "u", "你好"))]
        assert isinstance(events[-1], Failed)
        assert events[-1].code == "paused"


@pytest.mark.parametrize("many", [200])
async def test_many_who_wrote_are_all_answered_once(tmp_path, many):
    async with paused(tmp_path, says("好")) as w:
        for i in range(many):
            await w.push("a", id=f"m{i}", **{"from": f"u{i}"})
        resume(w)
        coming = [w.push("b", id=f"n{i}", **{"from": f"u{i}"}) for i in range(5)]
        await asyncio.gather(*coming)
        await w.until(lambda: len(w.account.sent) == many + 5, seconds=60)
        await asyncio.sleep(5)
        assert len(w.account.sent) == many + 5
