"""What may vanish is the same in memory, in Redis and in PostgreSQL, for all who share it."""

import asyncio
import contextlib
import itertools

import pytest

from runtime.store.database.postgres_opening import MARKER, connected
from runtime.store.database.postgres_url import read as read_database
from runtime.store.vanishing import LARGEST, NOTHING, Share, named
from runtime.store.vanishing.in_postgres import InPostgres
from runtime.store.vanishing.in_redis import InRedis
from runtime.store.vanishing.memory import InMemory
from runtime.store.vanishing.redis_url import read
from runtime.store.vanishing.shared import Shared

NUMBERS = itertools.count(1)
LONG = 600
PATIENT = 30
"""Seconds: a test's machine may be slow, which is no trouble of the server."""


def schema_in(postgresql):
    """With the tables' mark, as the messages' store leaves it."""
    url = read_database(postgresql.url(f"vanish{next(NUMBERS)}"))
    with contextlib.closing(connected(url)) as session:
        session.run(f"create schema {url.schema}; create table {url.schema}.{MARKER}(name text)")
    return url


@contextlib.asynccontextmanager
async def sharing(engine, count=2):
    """So many processes at one server."""
    each = [Shared(engine(), PATIENT, 0.01) for _ in range(count)]
    for one in each:
        one.start()
    try:
        for one in each:
            await one.settled.wait()
            assert one.trouble is None
        yield each
    finally:
        for one in each:
            await one.close()


@pytest.fixture(params=["memory", "redis", "postgresql"])
async def both(request):
    """Two that share it; in memory they are one."""
    if request.param == "memory":
        yield [InMemory()] * 2
        return
    server = request.getfixturevalue(request.param)
    if request.param == "redis":
        url = read(server.url())
        async with sharing(lambda: InRedis(url)) as each:
            yield each
    else:
        url = await asyncio.to_thread(schema_in, server)
        async with sharing(lambda: InPostgres(url)) as each:
            yield each


async def until(fact):
    while not await fact():  # noqa: ASYNC110
        await asyncio.sleep(0.005)  # the server tells nobody


async def test_a_value_is_held_for_its_time_instead_of_the_one_before(both):
    one, other = both
    assert await one.get("a") is None
    await one.put("a", b"first", LONG)
    await other.put("a", b"\0second", LONG)
    await one.put("b", b"", LONG)
    assert (await one.get("a"), await other.get("b"), await other.get("c")) == (b"\0second", b"", None)
    await other.drop("a")
    assert await one.get("a") is None
    await one.put("b", bytes(LARGEST + 1), LONG)
    assert await one.get("b") is None
    await one.put("a", b"short", 0.02)

    async def is_over():
        return await one.get("a") is None

    await until(is_over)


async def test_a_window_begins_with_the_first_and_counts_all(both):
    one, other = both
    assert await one.count("a", LONG, 0) == NOTHING
    amounts = [(await each.count("a", LONG, by)).amount for each, by in ((one, 1), (other, 5), (one, 0))]
    assert amounts == [1, 6, 6]
    assert LONG - 60 < (await other.count("a", 10 * LONG)).left <= LONG
    found = await asyncio.gather(*(each.count("b", LONG) for each in both * 10))
    assert sorted(its.amount for its in found) == list(range(1, 21))
    await one.drop("a")
    assert (await other.count("a", 0.02)).amount == 1

    async def is_over():
        return await one.count("a", LONG, 0) == NOTHING

    await until(is_over)
    assert (await other.count("a", LONG)).amount == 1


async def test_a_pace_is_taken_by_all_together_and_not_one_more(both):
    one, other = both
    waits = await asyncio.gather(*(each.take(Share("a", 7, LONG)) for each in both * 10))
    assert waits.count(0) == 7
    assert all(LONG / 7 - 60 < wait <= LONG / 7 for wait in waits if wait)
    assert await one.take(Share("b", 7, LONG)) == 0
    assert await other.take(Share("c", 10, LONG, 6)) == 0
    assert LONG * 0.2 - 60 < await one.take(Share("c", 10, LONG, 6)) <= LONG * 0.2
    assert await one.take(Share("d", 10, LONG, 11)) > 0
    assert await other.take(Share("d", 10, LONG, 10)) == 0
    await other.drop("d")
    assert await one.take(Share("d", 1, 0.02)) == 0

    async def is_there_again():
        return await other.take(Share("d", 1, 0.02)) == 0

    await until(is_there_again)


async def test_of_several_shares_the_first_that_is_not_there_is_told_and_once_is_once(both):
    one, other = both
    minute, day = Share("a", 3, 60), Share("b", 2, 60_000)
    assert [await each.take(minute, day, once=name) for each, name in ((one, "m1"), (other, "m1"))] == [0, 0]
    assert await other.take(minute, day, once="m2") == 0
    wait = await one.take(minute, day, once="m3")
    assert 29_000 < wait <= 30_000
    assert await other.take(minute, day, once="m3") == pytest.approx(wait)
    assert await one.take(Share("b", 2, 60_000), Share("c", 1, LONG)) > 0
    assert await one.take(Share("c", 1, LONG)) == 0


async def test_what_is_said_is_heard_by_all_who_hear_that_name_in_its_order(both):
    one, other = both
    long = bytes(range(256)) * (LARGEST // 256)
    async with one.hear("a") as here, other.hear("a") as there, other.hear("a") as again, one.hear("b") as b:
        for message in (b"", b"first", long, bytes(LARGEST + 1), b"last"):
            await other.say("a", message)
        await one.say("b", b"to b")
        for ear in (here, there, again):
            async with asyncio.timeout(PATIENT):
                assert [await anext(ear) for _ in range(4)] == [b"", b"first", long, b"last"]
        async with asyncio.timeout(PATIENT):
            assert await anext(b) == b"to b"
    await one.say("a", b"nobody hears it")
    async with other.hear("a") as late:
        await one.say("a", b"later")
        async with asyncio.timeout(PATIENT):
            assert await anext(late) == b"later"


async def test_who_is_slow_misses_the_oldest():
    one = InMemory()
    async with one.hear("a") as ear:
        for number in range(1500):
            await one.say("a", b"%d" % number)
        assert await anext(ear) == b"500"


def test_names_of_any_parts_are_never_those_of_others():
    odd = [("a", "b:c"), ("a:b", "c"), ("a", "b", "c"), ("a", "*{b}\0", "c"), ("", "a", "b"), ("\ud800",), ()]
    names = {named("kind", *parts) for parts in odd} | {named("other", *parts) for parts in odd}
    assert len(names) == 2 * len(odd)
    assert {len(name) for name in names} == {len("kind:") + 32, len("other:") + 32}
