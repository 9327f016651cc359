"""Several instances on one database: each message is one's alone, and no other's once that one is dead."""

import asyncio
from contextlib import closing, contextmanager

import pytest

from runtime.errors import StoreFailed
from runtime.message import Message, Quota
from runtime.store.database.postgres import alone
from runtime.store.database.postgres_opening import connected
from runtime.store.database.postgres_url import read
from runtime.store.messages import instances
from runtime.store.messages.arrivals import Came
from runtime.store.messages.leases import LeaseRows
from runtime.store.messages.messages import Messages, Outcome

pytestmark = pytest.mark.usefixtures("in_postgresql")
QUOTA = Quota(pushes=5, seconds=1000.0)


@pytest.fixture
async def both(tmp_path):
    """Two of them, which have lived for a while."""
    opened = [Messages(tmp_path / "messages.db") for _ in range(2)]
    for name, one in zip("AB", opened, strict=True):
        await one.instances.join(name)
    yield opened
    for one in opened:
        one.close()


@pytest.fixture
def ask(in_postgresql, tmp_path):
    """As the administrator; the rows of the last statement."""
    url = read(in_postgresql.url_of(tmp_path / "messages.db"))

    def asked(*statements):
        def work():
            with closing(connected(url)) as session:
                return [[tuple(row) for row in session.execute(sql)] for sql in statements][-1]

        return alone(work)

    return asked


def silent(*names, seconds=11):
    quoted = ", ".join(f"'{name}'" for name in names)
    return f"update instances set beat_at=beat_at - {seconds} where name in ({quoted})"


STEADY = "update instances set steady_at=steady_at - 20"


async def say(store, text, sender="ann"):
    return await store.accept("p", Message(text, sender, text), 1.0, 3)


async def finish(store, seq):
    return await store.finish(seq, Outcome("ok", 1), ["ok"], 2.0, "answered", ("p", "ann", QUOTA))


async def takes(store, *gone):
    return (await store.instances.take_over([one.database.instance for one in gone])).seqs


@contextmanager
def lives(store):
    """What it hears; "lost" once it was given up."""
    heard, loop = asyncio.Queue(), asyncio.get_running_loop()

    def put(told):
        loop.call_soon_threadsafe(heard.put_nowait, told)

    end = store.instances.live(put, lambda: put("lost"))
    try:
        yield heard
    finally:
        end()


async def refused(work):
    with pytest.raises(StoreFailed) as raised:
        await work
    return raised.value.code


async def test_a_message_goes_to_whoever_has_what_its_person_wrote_before(both):
    a, b = both
    here, there = a.database.instance, b.database.instance
    assert (await say(a, "1")).owner == here
    assert [(await say(b, text)).owner for text in "23"] == [here, here]
    assert (await say(b, "1")).owner == here  # a repeat tells it too
    assert (await say(b, "1", "bob")).owner == there
    many = await b.accept_all("p", Came([Message("4", "ann", "4"), Message("1", "cat", "1")]), 1.0)
    assert [one.owner for one in many] == [here, there]
    for one in await a.unfinished():
        if one.message.sender == "ann":
            await a.mark(one.seq, "silent")
    assert (await say(b, "5")).owner == there  # nothing of hers is left there


async def test_whoever_is_to_work_on_a_message_is_told_of_it_and_finds_it(both):
    a, b = both
    first = await say(a, "1")
    with lives(a) as heard:
        assert await heard.get() == ""
        second = await say(b, "2")
        assert await heard.get() == str(second.seq)
    assert (first.is_to_begin, second.is_to_begin, (await say(b, "2")).is_ours) == (True, False, False)
    assert [one.message.text for one in await a.unfinished_until(second.seq, second.seq)] == ["1", "2"]
    assert await b.unfinished_until(second.seq, second.seq) == []
    assert await a.instances.ours() == [first.seq, second.seq]
    assert [one.seq for one in await a.unfinished()] == [first.seq, second.seq]
    assert await b.unfinished() == []
    assert await b.instances.how_far(second.seq) == (False, 2)


async def test_of_fifty_messages_of_one_person_that_come_to_both_at_once_one_instance_has_all(both):
    came = await asyncio.gather(*(say(both[n % 2], str(n)) for n in range(50)))
    assert len({one.owner for one in came}) == 1
    assert len({one.seq for one in came}) == 50


async def test_who_was_silent_for_too_long_loses_all_and_writes_nothing_more(both, ask):
    a, b = both
    first, second = await say(a, "1"), await say(b, "2")
    assert await LeaseRows(a.database).take("poll", "A", 1.0, None)
    ask(STEADY)
    assert await takes(b) == []  # it lives
    ask(silent("A"))
    assert await takes(b) == [first.seq, second.seq]
    assert await takes(b) == []
    assert ask("select name from instances") == [("B",)]
    with lives(a) as heard:
        assert await heard.get() == "lost"
    works = [finish(a, first.seq), a.mark(second.seq, "silent"), say(a, "3")]
    assert {await refused(work) for work in works} == {"given_up"}
    record = a.steps.record(first.seq, {"s": 1})
    assert await refused(record) == "given_up"
    with pytest.raises(StoreFailed):
        a.database.check()
    assert await LeaseRows(b.database).take("poll", "B", 1.0, None)  # at once
    assert (await finish(b, first.seq)).taken.claimed
    assert ask(f"select owner, state from parts where seq={first.seq}") == [(b.database.instance, "sending")]
    assert (await say(b, "4")).owner == b.database.instance
    await a.instances.join("A")  # as a new one
    assert (await say(a, "1", "dan")).owner == a.database.instance


async def test_what_was_leaving_is_in_doubt_only_when_its_sender_is_dead(both, ask):
    a, b = both
    one = await say(a, "1")
    assert (await finish(a, one.seq)).taken.claimed
    await b.parts.release(3.0)
    assert ask("select state from parts") == [("sending",)]
    inherited = await b.instances.take_over([a.database.instance])
    assert inherited == ([one.seq], True)
    await b.parts.release(3.0)
    assert ask("select state from parts") == [("unknown",)]


async def test_who_died_while_the_database_was_away_is_known_once_the_living_had_time_to_tell(both, ask):
    a, b = both
    first = await say(a, "1")
    ask(STEADY, silent("A", "B"))
    with lives(b) as heard:
        assert await heard.get() == ""
    since = "update instances set steady_at=steady_at - {} where name='B'"
    ask(since.format(4))
    assert await takes(b) == []
    ask(since.format(1))
    assert await takes(b) == [first.seq]


async def test_nobody_is_given_up_by_one_that_was_silent_itself_or_while_it_writes(both, ask):
    a, b = both
    await say(a, "1")
    ask(STEADY, silent("A", "B"))  # the database was away
    with lives(b) as heard:
        assert await heard.get() == ""
    assert await takes(b) == []
    ask(STEADY)
    written, writes = asyncio.Event(), asyncio.get_running_loop()

    def slow(db):
        writes.call_soon_threadsafe(written.set)
        db.execute("select pg_sleep(0.2)")
        db.execute("insert into facts(name, value, at) values('n', '1', 0)")

    writing = a.database.post(slow)
    await written.wait()
    took = await takes(b)  # comes after it
    await writing
    assert len(took) == 1
    assert await b.facts.find("n") == "1"


async def test_who_leaves_hands_over_at_once_and_whoever_comes_has_what_nobody_has(both, ask, tmp_path):
    a, b = both
    one = await say(a, "1")
    await a.instances.leave()
    assert await refused(say(a, "2")) == "given_up"
    later = await say(b, "3")
    assert later.owner == one.owner  # goes with the first
    assert await takes(b) == [one.seq, later.seq]
    await b.instances.leave()
    with closing(Messages(tmp_path / "messages.db")) as c:
        await c.instances.join("C")
        assert await takes(c) == [one.seq, later.seq]
        assert {row[0] for row in ask("select owner from messages")} == {c.database.instance}


async def test_all_are_told_at_once_what_is_due_and_what_is_nobodys(both, monkeypatch):
    monkeypatch.setattr(instances, "BEAT", 1000.0)
    a, b = both
    with lives(b) as heard:
        assert await heard.get() == ""
        await a.runs.begin("p", "daily", "now", 1.0, begun={})
        assert await heard.get() == "due"
        kept = await say(a, "1")
        a.instances.begin_to_leave()
        assert (await say(a, "2")).owner == kept.owner
        assert ((await say(a, "1", "bob")).owner, await heard.get()) == (0, "")
        await a.instances.leave()
        assert await heard.get() == ""
        assert len(await takes(b)) == 3


async def test_two_that_take_over_at_once_share_without_a_doubt(both, tmp_path):
    a, b = both
    for n in range(40):
        await say(a, str(n), f"u{n % 7}")
    with closing(Messages(tmp_path / "messages.db")) as c:
        await c.instances.join("C")
        took = await asyncio.gather(takes(b, a), takes(c, a))
        assert sorted(len(one) for one in took) == [0, 40]
