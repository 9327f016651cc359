"""What a stopped process left behind."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import pytest
from world import ANSWERS, Account, Book, now, world

from runtime.gateway.blame import Blame
from runtime.gateway.room import Bounds
from runtime.gateway.turns import StoredJournal
from runtime.store.messages.messages import Messages, Outcome
from script import says, wrote


async def left_behind(folder, *ids, deaths=0):
    """Messages that were running when a process died, so often by their own work."""
    messages = Messages(folder / "messages.db")
    for id in ids:
        accepted = await messages.accept("p", wrote(id=id, sender=id), now())
        for _ in range(deaths):
            await messages.blame([accepted.seq])
    messages.close()


class Gone(Book):
    """The publication was taken back."""

    def __init__(self, agent=ANSWERS):
        super().__init__(agent)
        self.record = replace(self.record, enabled=False)


async def moments(w):
    return await w.gateway.messages.database.read(
        lambda db: [what for (what,) in db.execute("select what from moments order by rowid")]
    )


async def test_what_was_accepted_is_answered_after_unpublishing_and_a_death(tmp_path):
    await left_behind(tmp_path, "a")
    async with world(tmp_path, says("好"), book=Gone) as w:
        await w.until(lambda: w.account.sent == [("a", "好")])


class Asked(Book):
    """The publication is asked by programs, over the API."""

    def __init__(self, agent=ANSWERS):
        super().__init__(agent)
        self.record = replace(self.record, channel="api")


async def test_what_a_program_asked_before_a_death_is_given_up_and_no_model_is_paid_for(tmp_path):
    await left_behind(tmp_path, "a", "b")
    async with world(tmp_path, says("好"), book=Asked) as w:
        assert await w.states() == ["abandoned", "abandoned"]
        assert w.models.requests == []


async def test_only_the_message_whose_work_ran_is_blamed_for_a_death(tmp_path):
    """Twenty wait for their model when one stops the process: that one is suspected, whoever waits is not."""
    await left_behind(tmp_path, *map(str, range(1, 21)))
    blame = Blame(tmp_path / "at-work")
    blame.open()
    waits, stops = asyncio.Event(), asyncio.Event()

    async def waiting():
        await waits.wait()

    async def stopping():
        died.extend(Blame(tmp_path / "at-work").open())
        stops.set()

    died = []
    tasks = [asyncio.create_task(blame.watch(seq, waiting())) for seq in range(1, 20)]
    await asyncio.sleep(0)
    await blame.watch(20, stopping())
    assert died == [20]
    waits.set()
    await asyncio.gather(*tasks)
    assert Blame(tmp_path / "at-work").open() == set()


async def test_work_in_a_thread_and_in_a_task_of_its_own_is_blamed_too(tmp_path):
    blame = Blame(tmp_path / "at-work")
    blame.open()
    asyncio.get_running_loop().set_default_executor(blame.threads())

    async def work():
        in_thread = await asyncio.to_thread(lambda: Blame(tmp_path / "at-work").open())
        task = asyncio.create_task(blame.step(part()))
        return in_thread, await task

    async def part():
        return Blame(tmp_path / "at-work").open()

    assert await blame.watch(7, work()) == ({7}, {7})
    assert await asyncio.to_thread(lambda: Blame(tmp_path / "at-work").open()) == set()


async def test_a_cancelled_or_failing_work_ends_as_if_it_were_not_watched(tmp_path):
    blame = Blame(tmp_path / "no" / "such" / "folder")
    blame.open()

    async def fails():
        await asyncio.sleep(0)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await blame.watch(1, fails())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(blame.watch(1, asyncio.sleep(9)), 0.01)


async def test_what_was_cut_off_is_resumed_all_together(tmp_path):
    await left_behind(tmp_path, "a", "b", "c")
    async with world(tmp_path, says("好")) as w:
        await w.until(lambda: len(w.account.sent) == 3)
        assert (await moments(w)).count("resumed") == 3


async def test_what_may_have_stopped_the_program_runs_alone(tmp_path):
    await left_behind(tmp_path, "a", "b", "c", deaths=1)
    gate = asyncio.Event()
    async with world(tmp_path, says("好"), gate=gate) as w:
        await w.until(lambda: w.models.requests)
        await asyncio.sleep(0.05)
        assert len(w.models.requests) == 1
        gate.set()
        await w.until(lambda: len(w.account.sent) == 3)


async def test_what_stopped_the_program_three_times_is_put_aside_and_the_others_flow(tmp_path):
    await left_behind(tmp_path, "killer", deaths=3)
    await left_behind(tmp_path, "innocent")
    async with world(tmp_path, says("好")) as w:
        await w.until(lambda: len(w.account.sent) == 2)
        assert sorted(w.account.sent) == [("innocent", "好"), ("killer", "出错了")]
        assert len(w.models.requests) == 1
        assert "aside" in await moments(w)


async def test_the_operator_can_run_it_again(tmp_path):
    await left_behind(tmp_path, "killer", deaths=3)
    async with world(tmp_path, says("好")) as w:
        await w.until(lambda: w.account.sent)
        await asyncio.sleep(0.05)
        await w.gateway.again(1)
        await w.until(lambda: ("killer", "好") in w.account.sent)


async def cut_off_while_sending(folder):
    """An answer that was claimed for sending when the process died."""
    messages = Messages(folder / "messages.db")
    accepted = await messages.accept("p", wrote(), now())
    await messages.finish(accepted.seq, Outcome("好", 1), ["好"], 2.0, "answered")
    [part] = await messages.parts.waiting("p", "u1")
    await messages.parts.claim(part, 3.0)
    messages.close()


async def test_an_answer_in_the_middle_of_sending_is_not_sent_again(tmp_path):
    await cut_off_while_sending(tmp_path)
    async with world(tmp_path) as w:
        await w.until(lambda: w.account.sent)
        [(_, text)] = w.account.sent
        assert "可能没有送达" in text
        assert await w.states() == ["unknown"]


async def test_but_whoever_asks_for_it_sees_it(tmp_path):
    await cut_off_while_sending(tmp_path)
    async with world(tmp_path) as w:
        assert await w.push("看回答", id="m2") == "reply:好"
        assert await w.states() == ["delivered", "fetch"]
        assert w.models.requests == []


async def test_but_the_person_is_told_once_where_it_is(tmp_path):
    await cut_off_while_sending(tmp_path)
    for told in (1, 0):
        async with world(tmp_path, account=Account(), url="https://bot.example.com") as w:
            await asyncio.sleep(0.2)
            assert len(w.account.sent) == told
            assert all("https://bot.example.com/r/" in text for _, text in w.account.sent)


@pytest.mark.of_files
@pytest.mark.parametrize("how", ["settle", "begin"])
async def test_what_a_turn_settled_is_there_after_the_process_died(how, tmp_path):
    messages = Messages(tmp_path / "messages.db")
    accepted = await messages.accept("p", wrote(), 1.0)
    job = SimpleNamespace(seq=accepted.seq, resumed=False)
    journal = StoredJournal(messages, job)
    journal.record("answer.0", {"text": "好"})
    if how == "settle":
        await journal.settle()
    else:
        assert await journal.begin("tool.order.begun")
    with closing(sqlite3.connect(tmp_path / "messages.db")) as now:
        assert ("answer.0",) in now.execute("select name from steps").fetchall()
    later = Messages(tmp_path / "messages.db")
    after = StoredJournal(later, SimpleNamespace(seq=accepted.seq, resumed=True))
    assert await after.recall("answer.0") == {"text": "好"}
    assert await after.begin("tool.order.begun") is (how == "settle")
    messages.close()
    later.close()


async def test_who_was_not_told_before_the_next_death_is_told_after_it(tmp_path):
    await cut_off_while_sending(tmp_path)
    messages = Messages(tmp_path / "messages.db")
    await messages.parts.release(now())
    messages.close()
    async with world(tmp_path) as w:
        await w.until(lambda: len(w.account.sent) == 1)


async def test_a_stop_still_takes_messages_and_leaves_them_to_the_next_start(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), gate=gate) as w:
        assert await w.push() == "success"
        stopping = asyncio.create_task(w.gateway.wind_down())
        await asyncio.sleep(0)
        assert await w.push("还有呢", id="m2", **{"from": "u2"}) == "success"
        assert [event.code async for event in w.gateway.stream("p", wrote(id="m3"))] == ["stopping"]
        gate.set()
        await stopping
        assert w.account.sent == [("u1", "龙井")]
        assert await w.states() == ["delivered", "accepted"]
    async with world(tmp_path, says("碧螺春")) as w:
        await w.until(lambda: w.account.sent == [("u2", "碧螺春")])


@pytest.mark.of_files
async def test_a_large_backlog_does_not_hold_up_the_messages_that_arrive(tmp_path):
    """Its writes wait for their turn, so that the write of a new message does not queue behind them."""
    await left_behind(tmp_path, *map(str, range(300)))
    gate = asyncio.Event()
    async with world(tmp_path, says("好"), gate=gate, bounds=Bounds(running=5)) as w:
        assert await w.push() == "success"
        assert (await moments(w)).count("resumed") == 5
        gate.set()
        await w.until(lambda: len(w.account.sent) == 301, seconds=20)
