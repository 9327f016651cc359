"""Several gateways on one database: whichever a message comes to, it is answered once and in its turn."""

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import replace

import pytest
from world import ANSWERS, Account, world

from runtime.errors import StoreFailed
from runtime.gateway import instance, owner
from runtime.lang import Text
from runtime.store.database import place
from runtime.store.database.patience import asked as waited_for
from runtime.store.database.postgres import alone
from runtime.store.database.postgres_opening import connected
from runtime.store.database.postgres_url import read
from runtime.store.messages import instances
from runtime.store.sealing import sealed_database
from script import Script, says

LOOK = 0.05
"""Seconds that really pass, and on the jumping clock too: what others tell comes from other threads."""
GONE = set()
"""Those that are known to be dead, whatever the time."""


@pytest.fixture
def one_database(in_postgresql, monkeypatch, tmp_path):
    """For whatever folder; each gateway is told from the others as if it ran on a machine of its own."""
    url = in_postgresql.url_of(tmp_path / "messages.db")
    numbers = iter(range(1, 100))
    monkeypatch.setattr(place, "url_of", lambda path: url)
    monkeypatch.setenv(sealed_database.VARIABLE, "the-same-for-all-of-them")
    monkeypatch.setattr(owner, "name", lambda: f"machine{next(numbers)}///")
    monkeypatch.setattr(owner, "is_gone", GONE.__contains__)
    monkeypatch.setattr(instances, "BEAT", 2 * LOOK)
    GONE.clear()
    return read(url)


@pytest.fixture
def ask(one_database):
    def asked(*statements):
        def work():
            with closing(connected(one_database)) as session:
                return [[tuple(row) for row in session.execute(sql)] for sql in statements][-1]

        return alone(work)

    return asked


@asynccontextmanager
async def one(tmp_path, name, account, gate=None, **more):
    """`gate`: its model waits there."""
    (tmp_path / name).mkdir()
    models = Script([replace(says(text), prompt_tokens=95) for text in "一二三"], gate=gate)
    async with world(tmp_path / name, account=account, models=models, several=True, **more) as found:
        yield found


async def come_to(world, *states):
    while await world.states() != list(states):
        await look()


async def look():
    await asyncio.to_thread(time.sleep, LOOK)
    await asyncio.sleep(LOOK)


async def die(world, name):
    """As after `kill -9`, as far as others can see."""
    await world.gateway._worker.drain(0)
    await world.gateway._background.end()
    GONE.add(name)


async def given_up(by, name):
    """It lives, and another takes over all that it has, before it can come back and do so itself."""
    GONE.add(name)
    await by.gateway._instance._take_over()
    GONE.clear()
    async with by.gateway._instance._taking_up:  # what began before the name was cleared is over
        pass


def asked(world):
    """What its model was, in order."""
    return [request.messages[-1]["content"] for request in world.models.requests]


async def test_what_comes_to_another_while_its_person_is_answered_is_answered_after_that(
    one_database, tmp_path
):
    account, gate = Account(), asyncio.Event()
    async with one(tmp_path, "a", account, gate) as a, one(tmp_path, "b", account) as b:
        await a.push("1", "m1")
        assert await b.push("2", "m2") == "success"
        assert await b.push("3", "m3", **{"from": "u2"}) == "success"  # somebody else's is not held up
        await come_to(b, "accepted", "accepted", "delivered")
        gate.set()
        await come_to(b, "delivered", "delivered", "delivered")
        assert account.sent == [("u2", "一"), ("u1", "一"), ("u1", "二")]


async def test_a_repeat_that_comes_to_another_is_answered_in_its_window(one_database, tmp_path):
    account, gate = Account(can_push=False), asyncio.Event()
    async with one(tmp_path, "a", account, gate) as a, one(tmp_path, "b", account) as b:
        first = asyncio.ensure_future(a.push("1", "m1"))
        await come_to(b, "accepted")
        repeat = asyncio.ensure_future(b.push("1", "m1"))
        gate.set()
        assert {await first, await repeat} <= {"reply:一", ""}
        assert await b.push("1", "m1") == "reply:一"
        assert account.sent == []
        assert b.models.requests == []


@pytest.mark.parametrize("is_killed", [False, True])
async def test_what_one_leaves_in_the_middle_another_brings_to_its_end(
    one_database, tmp_path, ask, is_killed
):
    account, gate = Account(), asyncio.Event()
    async with AsyncExitStack() as held, one(tmp_path, "b", account) as b:
        a = await held.enter_async_context(one(tmp_path, "a", account, gate))
        await a.push("1", "m1")
        await b.push("2", "m2")
        await come_to(b, "accepted", "accepted")
        if is_killed:
            await die(a, "machine2///")
        else:
            await held.aclose()
        await come_to(b, "delivered", "delivered")
        assert account.sent == [("u1", "一"), ("u1", "二")]
        if is_killed:
            assert ask("select name from instances") == [("machine1///",)]


async def test_what_comes_while_a_dead_ones_messages_are_taken_up_comes_after_them(
    one_database, tmp_path, monkeypatch
):
    account, gate = Account(), asyncio.Event()
    async with one(tmp_path, "b", account) as b, one(tmp_path, "a", account, gate) as a:
        await a.push("1", "m1")
        messages, later = b.gateway.messages, []
        unfinished = messages.unfinished

        async def taken_up():
            later.append(asyncio.ensure_future(b.push("2", "m2")))
            while len(await b.states()) < 2:
                await look()
            return await unfinished()

        monkeypatch.setattr(messages, "unfinished", taken_up)
        await die(a, "machine2///")
        await come_to(b, "delivered", "delivered")
        assert await later[0] == "success"
        assert asked(b) == ["1", "2"]


async def test_what_a_dead_one_had_begun_goes_on_though_the_store_failed_while_it_was_taken_up(
    one_database, tmp_path, monkeypatch, ask
):
    """Only its owner was changed then; and its person's next message looks for what came before it."""
    account, gate, begun = Account(), asyncio.Event(), []
    async with one(tmp_path, "b", account) as b, one(tmp_path, "a", account, gate) as a:
        await a.push("1", "m1")
        [[seq]] = ask("select seq from messages")
        await a.gateway.messages.steps.record(seq, {"tool.order.begun": True})

        async def away():
            raise StoreFailed(Text("断了", "gone"), code="gone")

        put = b.gateway._worker.put
        monkeypatch.setattr(b.gateway._worker, "put", lambda job: begun.append(job.resumed) or put(job))
        monkeypatch.setattr(b.gateway.messages, "unfinished", away)
        await die(a, "machine2///")
        while ask("select owner from messages") != [(b.gateway.messages.database.instance,)]:
            await look()
        await b.push("2", "m2")
        await come_to(b, "delivered", "delivered")
    assert (begun, asked(b)) == ([True, False], ["1", "2"])


@pytest.mark.parametrize(("code", "fails"), [("gone", 3), ("disk", 1)])
async def test_what_was_taken_up_is_not_overtaken_though_the_store_fails_as_it_begins(
    one_database, tmp_path, monkeypatch, code, fails
):
    account, gate, tries = Account(), asyncio.Event(), []
    async with one(tmp_path, "b", account) as b, one(tmp_path, "a", account, gate) as a:
        await a.push("1", "m1")
        await a.push("2", "m2")
        recall = b.gateway.messages.steps.recall

        async def away(*given):
            async def ask():
                tries.append(given)
                if len(tries) <= fails:
                    raise StoreFailed(Text("断了", "gone"), code=code)
                return await recall(*given)

            return await waited_for(ask)

        monkeypatch.setattr(b.gateway.messages.steps, "recall", away)
        await die(a, "machine2///")
        while not tries:
            await look()
        await b.push("3", "m3")
        await come_to(b, "delivered", "delivered", "delivered")
        assert asked(b) == ["1", "2", "3"]


async def test_what_another_stored_for_us_comes_before_what_came_here_after_it(
    one_database, tmp_path, monkeypatch
):
    account, gate = Account(), asyncio.Event()
    async with one(tmp_path, "a", account, gate) as a, one(tmp_path, "b", account) as b:
        monkeypatch.setattr(a.gateway._instance._heard, "put_nowait", lambda told: None)  # told late
        await a.push("1", "m1")
        await b.push("2", "m2")
        await a.push("3", "m3")
        gate.set()
        await come_to(b, "delivered", "delivered", "delivered")
        assert asked(a) == ["1", "2", "3"]


async def test_what_another_stored_for_us_comes_first_though_the_store_fails_as_it_is_looked_for(
    one_database, tmp_path, monkeypatch
):
    account, gate = Account(), asyncio.Event()
    async with one(tmp_path, "a", account, gate) as a, one(tmp_path, "b", account) as b:
        monkeypatch.setattr(a.gateway._instance._heard, "put_nowait", lambda told: None)  # told late
        messages, tries = a.gateway.messages, []
        looks = messages.unfinished_until

        async def fails_twice(*given):
            tries.append(given)
            if len(tries) < 3:
                raise StoreFailed(Text("断了", "gone"), code="gone")
            return await looks(*given)

        monkeypatch.setattr(messages, "unfinished_until", fails_twice)
        await a.push("1", "m1")
        await b.push("2", "m2")
        later = asyncio.ensure_future(a.push("3", "m3"))
        gate.set()
        await come_to(b, "delivered", "delivered", "delivered")
        await later
        assert (asked(a), len(tries)) == (["1", "2", "3"], 3)


async def test_who_stops_gives_away_what_comes_at_once_and_what_it_has_when_it_is_gone(
    one_database, tmp_path
):
    account, gate = Account(), asyncio.Event()
    async with AsyncExitStack() as held, one(tmp_path, "b", account) as b:
        a = await held.enter_async_context(one(tmp_path, "a", account, gate))
        await a.push("1", "m1")
        stopping = asyncio.ensure_future(a.gateway.wind_down())
        await asyncio.sleep(0)
        await a.push("2", "m2")  # behind what its person has here
        assert await a.push("3", "m3", **{"from": "u2"}) == "success"
        await come_to(b, "accepted", "accepted", "delivered")
        assert asked(b) == ["3"]
        gate.set()
        await stopping
        await held.aclose()
        await come_to(b, "delivered", "delivered", "delivered")
        assert (asked(a), asked(b)) == (["1"], ["3", "2"])


async def test_a_publication_that_is_not_here_yet_is_waited_for(one_database, tmp_path, monkeypatch):
    monkeypatch.setattr(instance, "NET", 0.0)
    account, gate = Account(), asyncio.Event()
    async with one(tmp_path, "b", account) as b, one(tmp_path, "a", account, gate) as a:
        await a.push("1", "m1")
        there, b.book.record = b.book.record, None
        monkeypatch.setattr(b.book, "publication", lambda id: b.book.record)
        monkeypatch.setattr(b.book, "publications", lambda: [b.book.record] if b.book.record else [])
        await die(a, "machine2///")
        while b.gateway.instances() == 2 or not b.gateway._instance._missing:
            await look()
        assert await b.states() == ["accepted"]
        b.book.record = there
        await come_to(b, "delivered")
        assert account.sent == [("u1", "一")]


@pytest.mark.parametrize(("times", "said"), [(8, "一"), (20, "出错了")])
async def test_what_instances_took_up_again_and_again_is_put_aside(one_database, tmp_path, ask, times, said):
    account, gate = Account(), asyncio.Event()
    async with one(tmp_path, "a", account, gate) as a:
        await a.push("1", "m1")
    ask(*["insert into moments(seq, at, what, detail) select seq, 1, 'resumed', '' from messages"] * times)
    async with one(tmp_path, "b", account) as b:
        await come_to(b, "delivered")
        assert account.sent == [("u1", said)]


async def test_what_a_person_may_spend_in_a_day_is_one_sum_of_all_instances(one_database, tmp_path):
    account, agent = Account(can_push=False), {**ANSWERS, "limits": {"tokens_per_day": 100}}
    async with one(tmp_path, "a", account, agent=agent) as a, one(tmp_path, "b", account, agent=agent) as b:
        assert await a.push("1", "m1") == "reply:一"
        assert "用完了" in await b.push("2", "m2")
        assert await b.push("3", "m3", **{"from": "u2"}) == "reply:一"


async def test_who_was_given_up_lets_go_of_all_and_comes_back(one_database, tmp_path, ask):
    account, gate = Account(), asyncio.Event()
    async with one(tmp_path, "b", account) as b, one(tmp_path, "a", account, gate) as a:
        await a.push("1", "m1")
        await a.push("2", "m2")
        former = a.gateway.messages.database.instance
        await given_up(b, "machine2///")
        await come_to(b, "delivered", "delivered")
        while a.gateway.messages.database.instance == former:
            await look()
        assert ask("select count(*) from instances") == [(2,)]
        gate.set()
        assert await a.push("3", "m3") == "success"
        await come_to(b, "delivered", "delivered", "delivered")
        assert account.sent == [("u1", "一"), ("u1", "二"), ("u1", "一")]
        assert [len(w.models.requests) for w in (a, b)] == [2, 2]


async def test_who_was_given_up_and_does_not_know_it_yet_asks_no_more_and_says_nothing(
    one_database, tmp_path, ask, monkeypatch, caplog
):
    account, gate = Account(), asyncio.Event()
    async with one(tmp_path, "b", account) as b, one(tmp_path, "a", account, gate) as a:
        await a.push("1", "m1")
        await a.push("2", "m2")
        told = a.gateway._instance._give_up
        monkeypatch.setattr(a.gateway._instance, "_give_up", lambda: None)
        ask("delete from instances where name='machine2///'")
        gate.set()
        await come_to(b, "delivered", "delivered")
        while "is let go" not in caplog.text:
            await look()
        told()
        assert (asked(a), asked(b)) == (["1"], ["1", "2"])
        assert not any(record.exc_info for record in caplog.records)
