"""Whoever asks at one instance sees the answer grow that another writes."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from test_several import come_to, one_database
from world import Account, world

from runtime.gateway.listening import Listening
from runtime.gateway.live import Piece, Told, name_of, read, written
from runtime.gateway.relaying import _Relay
from runtime.lang import Text
from runtime.store.vanishing.memory import InMemory
from runtime.turn.events import Failed, Replied, Stored, TextDelta, TextReset, Waited
from script import Script, says, wrote

__all__ = ["one_database"]


@asynccontextmanager
async def two(tmp_path, gate, shared):
    """Somebody's first question is worked on at a, so that the second is a's too wherever it comes."""
    each = [world_of(tmp_path / name, gate, shared) for name in "ab"]
    async with each[0] as a, each[1] as b:
        first = asyncio.ensure_future(ask(a, "k1"))
        await a.until(lambda: a.models.requests)
        yield a, b
        gate.set()
        await first


def world_of(folder, gate, shared):
    folder.mkdir()
    models = Script([says("一"), says("第二")], gate=gate)
    return world(folder, account=Account(), models=models, several=True, vanishing=shared)


async def ask(w, id, **more):
    return [event async for event in w.gateway.stream("p", wrote(id=id, sender="key:c"), **more)]


async def heard_of(w):
    """Until somebody listens to the second from elsewhere."""
    await w.until(lambda: 2 in w.gateway._relaying._relays)


@pytest.mark.usefixtures("one_database")
async def test_an_answer_that_another_writes_grows_here_and_ends_as_there(tmp_path):
    gate = asyncio.Event()
    async with two(tmp_path, gate, InMemory()) as (a, b):
        asking = asyncio.ensure_future(ask(b, "k2"))
        again = asyncio.ensure_future(ask(b, "k2"))
        await heard_of(a)
        gate.set()
        stored, *pieces, used, end = await asking
        assert stored == Stored()
        assert pieces == [TextDelta("answer", "第"), TextDelta("answer", "二")]
        assert (used.prompt_tokens, used.completion_tokens, end.text) == (10, 5, "第二")
        assert (await again)[-1].text == "第二"
        assert await ask(b, "k2") == [Replied("第二", 0)]
        assert b.models.requests == []


@pytest.mark.usefixtures("one_database")
async def test_where_nothing_is_heard_it_comes_whole_at_its_end(tmp_path):
    gate = asyncio.Event()
    async with two(tmp_path, gate, None) as (_, b):
        asking = asyncio.ensure_future(ask(b, "k2"))
        await come_to(b, "accepted", "accepted")
        gate.set()
        assert await asking == [Stored(), Replied("第二", 0)]


@pytest.mark.usefixtures("one_database")
async def test_who_hangs_up_here_ends_the_turn_there(tmp_path):
    gate = asyncio.Event()
    async with two(tmp_path, gate, InMemory()) as (a, b):
        asking = asyncio.ensure_future(ask(b, "k2", needs_listener=True))
        await heard_of(a)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await a.until(lambda: not a.gateway._relaying._relays)
        gate.set()
        await a.until(lambda: a.gateway._worker.find(2) is None)
        assert (await a.gateway.messages.outcome(2))[1] == "unwanted"


A, B = TextDelta("x", "a"), TextDelta("x", "b")


def told(number, *texts, by="one", is_whole=True):
    pieces = tuple(Piece(block="x", text=text) for text in texts)
    return Told(by=by, number=number, is_whole=is_whole, pieces=pieces)


@pytest.mark.parametrize(
    ("each", "shown"),
    [
        ([told(0), told(1, "a"), told(2, "b")], [A, B]),
        ([told(0), told(1, "a", None, "b")], [A, TextReset("x"), B]),
        ([told(0), told(1, "a"), told(3, "b")], [A]),
        ([told(4, "a"), told(5, "b", is_whole=False)], [A, B]),
        ([told(4, "a", is_whole=False), told(5, "b", is_whole=False)], []),
        ([told(0, is_whole=False), told(1, "b", is_whole=False)], []),
        ([told(0), told(0, by="other"), told(1, "a", by="other")], [A]),
        ([told(0), told(1, "a"), told(0, by="other"), told(1, "b", by="other")], [A]),
    ],
    ids=[
        "in order",
        "void",
        "one missing",
        "late for nothing",
        "late",
        "begun",
        "taken over",
        "taken over in the middle",
    ],
)
def test_no_text_is_shown_that_does_not_go_on_from_what_was_shown(each, shown):
    name = name_of("p", wrote(), 1)
    one = Listening(InMemory(), None, 1, name, pieces=True, needs_listener=False)
    assert [event for its in each for event in one._heard(read(Told, written(its)))] == shown


async def test_one_that_waits_is_told_with_what_it_waits_for():
    what = Text("审批", "an approval")
    waited = Waited("等一下", 7, block="ok", wait="decision", what=what, until=9.0)
    for last, found in (
        (waited, Waited("存的", 7, block="ok", wait="decision", what=what, until=9.0)),
        (Replied("长", 7, finish="length"), Replied("存的", 7, finish="length")),
        (Failed("down", what), Replied("存的", 0)),
    ):
        relay = _Relay(None, (), is_whole=True)
        relay.take(last)
        one = Listening(InMemory(), None, 1, name_of("p", wrote(), 1), pieces=True, needs_listener=False)
        list(one._heard(read(Told, written(Told(by="x", number=0, is_whole=True, end=relay.end)))))
        assert list(one.end(Replied("存的", 0, finish=found.finish))) == [found]
        assert list(one.end(Failed("down", what))) == [Failed("down", what)]


def test_what_is_no_word_of_ours_is_not_heard():
    odd = b'{"by": "x", "number": 0, "is_whole": true, "odd": 1}'
    assert [read(Told, given) for given in (b"", b"{}", b"[1]", b'{"by": 1}', b"\xff", odd)] == [None] * 6
