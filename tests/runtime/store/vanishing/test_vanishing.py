"""What may vanish is the same in memory, in Redis and in PostgreSQL, for all who share it."""

import asyncio
import contextlib
import itertools

import pytest

from runtime.store.database.postgres_opening import MARKER, connected
from runtime.store.database.postgres_url import read as read_database
from runtime.store.vanishing import LARGEST, NOTHING, Share, hashed
from runtime.store.vanishing.in_postgres import InPostgres
from runtime.store.vanishing.in_redis import InRedis
from runtime.store.vanishing.memory import InMemory
from runtime.store.vanishing.redis_url import read
from runtime.store.vanishing.shared import Shared

NUMBERS = itertools.count(1)
LONG = 600
A, B, C, D = [(name,) for name in "abcd"]
M1, M2, M3 = [(name, "message") for name in ("1", "2", "3")]
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
    while not await fact():  # noqa: ASYNC110 # the server tells nobody
        await asyncio.sleep(0.005)


async def test_a_value_is_held_for_its_time_instead_of_the_one_before(both):
    one, other = both
    assert await one.get(A) is None
    await one.put(A, b"first", LONG)
    await other.put(A, b"\0second", LONG)
    await one.put(B, b"", LONG)
    assert (await one.get(A), await other.get(B), await other.get(C)) == (
        b"\0second",
        b"",
        None,
    )
    await other.drop(A)
    assert await one.get(A) is None
    await one.put(B, bytes(LARGEST + 1), LONG)
    assert await one.get(B) is None
    await one.put(A, b"short", 0.02)

    async def is_over():
        return await one.get(A) is None

    await until(is_over)


async def test_a_window_begins_with_the_first_and_counts_all(both):
    one, other = both
    assert await one.count(A, LONG, 0) == NOTHING
    amounts = [(await each.count(A, LONG, by)).amount for each, by in ((one, 1), (other, 5), (one, 0))]
    assert amounts == [1, 6, 6]
    assert LONG - 60 < (await other.count(A, 10 * LONG)).left <= LONG
    found = await asyncio.gather(*(each.count(B, LONG) for each in both * 10))
    assert sorted(its.amount for its in found) == list(range(1, 21))
    await one.drop(A)
    assert (await other.count(A, 0.02)).amount == 1

    async def is_over():
        return await one.count(A, LONG, 0) == NOTHING

    await until(is_over)
    assert (await other.count(A, LONG)).amount == 1


async def test_a_pace_is_taken_by_all_together_and_not_one_more(both):
    one, other = both
    waits = await asyncio.gather(*(each.take(Share(A, 7, LONG)) for each in both * 10))
    assert waits.count(0) == 7
    assert all(LONG / 7 - 60 < wait <= LONG / 7 for wait in waits if wait)
    assert await one.take(Share(B, 7, LONG)) == 0
    assert await other.take(Share(C, 10, LONG, 6)) == 0
    assert LONG * 0.2 - 60 < await one.take(Share(C, 10, LONG, 6)) <= LONG * 0.2
    assert await one.take(Share(D, 10, LONG, 11)) > 0
    assert await other.take(Share(D, 10, LONG, 10)) == 0
    await other.drop(D)
    assert await one.take(Share(D, 1, 0.02)) == 0

    async def is_there_again():
        return await other.take(Share(D, 1, 0.02)) == 0

    await until(is_there_again)


async def test_of_several_shares_the_first_that_is_not_there_is_told_and_once_is_once(both):
    one, other = both
    minute, day = Share(A, 3, 60), Share(B, 2, 60_000)
    assert [await each.take(minute, day, once=name) for each, name in ((one, M1), (other, M1))] == [
        0,
        0,
    ]
    assert await other.take(minute, day, once=M2) == 0
    wait = await one.take(minute, day, once=M3)
    assert 29_000 < wait <= 30_000
    assert await other.take(minute, day, once=M3) == pytest.approx(wait)
    assert await one.take(Share(B, 2, 60_000), Share(C, 1, LONG)) > 0
    assert await one.take(Share(C, 1, LONG)) == 0


async def test_what_is_said_is_heard_by_all_who_hear_that_name_in_its_order(both):
    one, other = both
    long = bytes(range(256)) * (LARGEST // 256)
    async with (
        one.hear(A) as here,
        other.hear(A) as there,
        other.hear(A) as again,
        one.hear(B) as b,
    ):
        for message in (b"", b"first", long, bytes(LARGEST + 1), b"last"):
            await other.say(A, message)
        await one.say(B, b"to b")
        for ear in (here, there, again):
            async with asyncio.timeout(PATIENT):
                assert [await anext(ear) for _ in range(4)] == [b"", b"first", long, b"last"]
        async with asyncio.timeout(PATIENT):
            assert await anext(b) == b"to b"
    await one.say(A, b"nobody hears it")
    async with other.hear(A) as late:
        await one.say(A, b"later")
        async with asyncio.timeout(PATIENT):
            assert await anext(late) == b"later"


async def test_who_is_slow_misses_the_oldest():
    one = InMemory()
    async with one.hear(A) as ear:
        for number in range(1500):
            await one.say(A, b"%d" % number)
        assert await anext(ear) == b"500"


def test_names_of_any_parts_are_never_those_of_others():
    odd = [("a", "b:c"), ("a:b", "c"), ("a", "b", "c"), ("a", "*{b}\0", "c"), ("", "a", "b"), ("\ud800",), ()]
    names = {hashed((kind, *parts)) for parts in odd for kind in ("kind", "other")}
    assert len(names) == 2 * len(odd)
    assert {len(name) for name in names} == {len("kind:") + 32, len("other:") + 32}


@pytest.mark.parametrize("kind", ["redis", "postgresql"])
async def test_many_begin_and_end_to_hear_while_it_is_looked_after(kind, request):
    server = request.getfixturevalue(kind)
    url = await asyncio.to_thread(schema_in, server) if kind == "postgresql" else read(server.url())
    made = InPostgres if kind == "postgresql" else InRedis

    async def hears(one, number):
        async with one.hear(("turn", str(number))) as ear:
            await one.say(("turn", str(number)), b"heard")
            async with asyncio.timeout(PATIENT):
                return await anext(ear)

    async with sharing(lambda: made(url), 1) as (one,):
        looks = [one._engine.check() for _ in range(10)]
        found = await asyncio.gather(*looks, *(hears(one, number) for number in range(30)))
        assert found[10:] == [b"heard"] * 30
        assert one.trouble is None
