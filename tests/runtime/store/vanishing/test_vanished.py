"""A server that is gone, slow, emptied or refuses costs speed: nobody waits for it, and it is told once."""

import asyncio
import contextlib
import logging
import socket

import pytest
from redis import exceptions as said
from test_vanishing import LONG, PATIENT, schema_in, sharing, until

from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.simulator.fast_loop import FastLoop
from runtime.store.database.postgres_opening import connected
from runtime.store.vanishing import Share
from runtime.store.vanishing.in_folder import InFolder
from runtime.store.vanishing.in_postgres import InPostgres
from runtime.store.vanishing.in_redis import InRedis
from runtime.store.vanishing.place import opened
from runtime.store.vanishing.redis_failed import why
from runtime.store.vanishing.redis_url import VARIABLE, read
from runtime.store.vanishing.shared import SLOW, Shared


async def until_well(*each):
    async def is_well():
        return all(one.trouble is None for one in each)

    await until(is_well)


async def until_in_trouble(*each):
    """Whoever asks finds out."""

    async def is_in_trouble():
        for one in each:
            await one.get(("a",))
        return all(one.trouble for one in each)

    await until(is_in_trouble)


async def test_one_that_is_killed_is_told_once_and_used_again_once_it_is_back(redis, caplog):
    caplog.set_level(logging.INFO)
    url = read(redis.url())
    async with sharing(lambda: InRedis(url)) as (one, other), other.hear(("t",)) as ear:
        await one.put(("a",), b"held", LONG)
        assert await other.take(Share(("p",), 1, LONG)) == 0
        redis.kill()
        await until_in_trouble(one, other)
        assert "连不上" in one.trouble.zh
        assert (await one.get(("a",)), await one.say(("t",), b"lost")) == (None, None)
        async with one.hear(("t",)) as here:
            await one.say(("t",), b"at home")
            assert await anext(here) == b"at home"
        assert [await one.take(Share(("p",), 1, LONG)) == 0 for _ in range(3)] == [True, False, False]
        assert [(await one.count(("c",), LONG)).amount for _ in range(2)] == [1, 2]
        redis.start()
        await until_well(one, other)
        assert await other.get(("a",)) is None
        assert (await other.count(("c",), LONG)).amount == 1
        await one.say(("t",), b"heard")
        async with asyncio.timeout(PATIENT):
            assert await anext(ear) == b"heard"
    warned = [record for record in caplog.records if record.levelname == "WARNING"]
    assert len(warned) == 2  # each of the two told it once


async def test_nobody_waits_for_one_that_stands_still(redis):
    url = read(redis.url())
    one = Shared(InRedis(url), patience=0.05, pause=0.01)
    one.start()
    await until_well(one)
    redis.stand_still()
    try:
        await until_in_trouble(one)  # by whoever asks first; from then on nobody asks it
        assert await asyncio.gather(*(one.get(("a",)) for _ in range(1000))) == [None] * 1000
    finally:
        redis.go_on()
    await until_well(one)
    await one.close()


class Slow:
    """A server whose looks take so long, one after the other; the last again and again."""

    shown = "slow"

    def __init__(self, *seconds):
        self.seconds = list(seconds)

    async def check(self):
        await asyncio.sleep(self.seconds.pop(0) if len(self.seconds) > 1 else self.seconds[0])

    async def connect(self, heard, lost):
        pass

    async def disconnect(self):
        pass

    def why(self, error):
        return Text("", str(error))


@pytest.mark.parametrize(("seconds", "trouble"), [((9, 9, 9, 0), None), ((0, 9), SLOW)])
def test_one_slow_look_is_no_trouble_and_what_comes_and_goes_is_told_once(seconds, trouble, caplog):
    async def work():
        one = Shared(Slow(*seconds), 1, connecting=100)
        one.start()
        await one.settled.wait()
        assert one.trouble == trouble
        await asyncio.sleep(200)
        await one.close()

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        runner.run(work())
    assert caplog.text.count("does not answer in time") == (trouble is not None)


async def test_one_that_was_emptied_is_used_on(redis):
    url = read(redis.url())
    async with sharing(lambda: InRedis(url)) as (one, other):
        await one.put(("a",), b"held", LONG)
        await one.count(("c",), LONG)
        redis.cli("flushall")
        redis.cli("script", "flush")
        assert (await other.get(("a",)), (await other.count(("c",), LONG)).amount) == (None, 1)
        assert (await other.take(Share(("p",), 1, LONG)), one.trouble) == (0, None)


@contextlib.asynccontextmanager
async def at(url, connecting=PATIENT):
    one = Shared(InRedis(read(url)), PATIENT, 0.01, connecting)
    one.start()
    try:
        await one.settled.wait()
        yield one
    finally:
        await one.close()


async def test_what_it_refuses_is_told_in_words(redis):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with at(f"redis://127.0.0.1:{port}/0") as one:
        assert "连不上" in one.trouble.zh
    redis.cli("config", "set", "port", str(port))
    async with at(f"rediss://127.0.0.1:{port}/0", 0.3) as one:
        assert "TLS" in one.trouble.zh
    async with at(f"redis://127.0.0.1:{port}/0") as one:
        assert one.trouble is None
    redis.cli("acl", "setuser", "poor", "on", ">secret-pw", "~other:*", "&*", "+@all")
    for user, reason in (("poor:wrong-pw", "用户名或密码"), ("poor:secret-pw", "权限")):
        async with at(f"redis://{user}@127.0.0.1:{port}/0") as one:
            assert reason in one.trouble.zh
            assert "-pw" not in f"{one.trouble} {one._engine.shown}"
    async with at(f"redis://127.0.0.1:{port}/0") as one:
        redis.cli("config", "set", "maxmemory", "1")
        await one.put(("a",), b"1", LONG)
        assert "内存满" in one.trouble.zh
        redis.cli("config", "set", "maxmemory", "0")
        await until_well(one)
        redis.cli("replicaof", "127.0.0.1", "1")
        await one.put(("a",), b"1", LONG)
        redis.cli("replicaof", "no", "one")
        assert "只读" in one.trouble.zh


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (said.MovedError("3999 127.0.0.1:6381"), "cluster"),
        (said.ClusterDownError("Hash slot not served"), "cluster"),
        (said.BusyLoadingError("Redis is loading the dataset in memory"), "starting"),
        (said.InvalidResponse("Protocol Error: b'\\x15'"), "no Redis"),
        (said.AuthenticationError("Authentication required."), "password"),
        (RuntimeError("odd"), "RuntimeError: odd"),
    ],
)
def test_each_error_says_what_to_do(error, reason):
    assert reason in why(error).en


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://h", "redis://h:6379 (hongyan)"),
        (" redis://u:p%40@h:7/3?prefix=shop ", "redis://h:7/3 (shop)"),
        ("valkeys://h/0", "rediss://h:6379/0 (hongyan)"),
        ("unix:///run/r.sock?db=2", "unix:///run/r.sock (hongyan)"),
        *(
            (bad, "")
            for bad in ("h:6379", "http://h", "redis://", "redis://h/x", "redis://h:x", "redis://h?a=b")
        ),
        *(
            (bad, "")
            for bad in ("unix://h", "redis://h?prefix=a:b", "redis://h?prefix=", "unix:///r?db=x", "")
        ),
        *((bad, "cluster") for bad in ("redis+cluster://h", "redis://a:1,b:2/0")),
        ("redis+sentinel://h/0/name", "Sentinel"),
    ],
)
def test_an_address_is_read_or_refused_with_its_field(url, shown):
    if "(" in shown:
        assert read(url).shown == shown
        return
    with pytest.raises(BadSettings) as caught:
        read(url)
    assert caught.value.field == VARIABLE
    assert shown in caught.value.text.en


async def test_postgresql_that_breaks_its_connections_is_used_again(postgresql):
    url = await asyncio.to_thread(schema_in, postgresql)

    def cut():
        with contextlib.closing(connected(url)) as session:
            ours = "application_name='hongyan' and pid<>pg_backend_pid()"
            session.run(f"select pg_terminate_backend(pid) from pg_stat_activity where {ours}")

    async with sharing(lambda: InPostgres(url)) as (one, other), other.hear(("t",)) as ear:
        await one.put(("a",), b"held", LONG)
        await asyncio.to_thread(cut)
        await until_in_trouble(one, other)
        await until_well(one, other)
        assert await other.get(("a",)) == b"held"
        await one.say(("t",), b"heard")
        async with asyncio.timeout(PATIENT):
            assert await anext(ear) == b"heard"


async def test_a_schema_without_our_tables_is_left_alone_until_they_are_there(postgresql):
    from runtime.store.database.postgres_url import read as read_database

    one = Shared(InPostgres(read_database(postgresql.url("nobody_made_it"))), PATIENT, 0.01)
    one.start()
    await one.settled.wait()
    assert "还没有鸿雁的表" in one.trouble.zh
    await one.close()


@pytest.mark.parametrize(
    ("url", "is_told"),
    [
        ("redis://10.0.0.5", True),
        ("rediss://user@cache.example", True),
        ("redis://:pw@10.0.0.5", False),
        ("redis://localhost", False),
        ("redis://127.0.0.2:7/1", False),
        ("redis://[::1]", False),
        ("unix:///run/r.sock", False),
    ],
)
def test_one_on_another_machine_that_asks_for_no_password_is_told(url, is_told, caplog, tmp_path):
    opened(tmp_path, {VARIABLE: url})
    assert ("without a password" in caplog.text) is is_told


def test_redis_is_chosen_before_the_database_and_the_home_is_usual(tmp_path):
    database = {"HONGYAN_DATABASE_URL": "postgresql://u@h/d"}
    found = [opened(tmp_path, each) for each in ({}, database, {**database, VARIABLE: "redis://h"})]
    assert isinstance(found[0], InFolder)
    assert [one._engine.shown for one in found[1:]] == [
        "postgresql://h/d (hongyan)",
        "redis://h:6379 (hongyan)",
    ]
    with pytest.raises(BadSettings):
        opened(tmp_path, {VARIABLE: "http://h"})
