"""A person is never sent more than the platform brings them: the rest waits, in order, and only theirs."""

import asyncio

import pytest

import example_channel
from example_channel.world import world
from played_world import jumping
from runtime.channels import Rate
from runtime.gateway.delivery.rates import _until
from runtime.message import Message
from script import says

THREE = says("一" * 100 + "二" * 100 + "三" * 100)
"""An answer of three letters, where 20 a minute and 100 in half an hour arrive."""


@pytest.fixture(autouse=True)
def installed():
    with example_channel.installed():
        yield


async def asks(w, times, sender="ann"):
    for n in range(times):
        await w.played.knock({"letters": [w.played.letter(f"问 {n}", sender)]})
        await asyncio.sleep(0.1)


def received(post, who):
    return [text for to, text in post.sent if to == who]


@jumping
async def test_what_is_too_much_for_a_minute_comes_later_whole_and_in_order(tmp_path):
    async with world(tmp_path, THREE) as w:
        await asks(w, 15)
        await w.come_to(*["delivered"] * 15, every=5)
        assert w.post.dropped == []
        assert received(w.post, "ann") == ["一" * 100, "二" * 100, "三" * 100] * 15
        times = [at for _, at in w.post.flown]
        assert 120 <= times[-1] - times[0] < 135, "not later than needed"


@jumping
async def test_of_two_rates_the_slower_one_counts(tmp_path):
    async with world(tmp_path, says("字" * 1000)) as w:
        for _ in range(12):  # ten letters each
            await asks(w, 1)
            await asyncio.sleep(61)
        await w.come_to(*["delivered"] * 12, every=5)
        assert w.post.dropped == []
        assert len(received(w.post, "ann")) == 120
        assert w.post.flown[100][1] - w.post.flown[0][1] >= 1800


@jumping
async def test_others_are_answered_meanwhile(tmp_path):
    async with world(tmp_path, THREE) as w:
        await asks(w, 10)
        await asyncio.sleep(5)
        assert len(received(w.post, "ann")) == 20
        await asks(w, 1, "bob")
        await asyncio.sleep(5)
        assert len(received(w.post, "bob")) == 3
        await w.come_to(*["delivered"] * 11, every=5)


@jumping
async def test_a_restart_counts_on_and_sends_the_rest(tmp_path):
    async with world(tmp_path, THREE) as w:
        await asks(w, 10)
        await asyncio.sleep(5)
        played = w.played
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 5, "a stop does not wait for what waits"
    async with world(tmp_path, THREE, played=played) as w:
        await w.come_to(*["delivered"] * 10, every=5)
    assert played.post.dropped == []
    assert len(received(played.post, "ann")) == 30


@jumping
async def test_what_was_held_for_one_does_not_wait_for_what_another_gets_later(tmp_path):
    async with world(tmp_path, THREE) as w:
        w.post.faults.always("*", "strike")
        await asks(w, 10)
        for n in range(60):
            await asks(w, 1, f"p{n:02}")
        await asyncio.sleep(10)
        w.post.faults.clear()
        await w.come_to(*["held"] * 70)
        await asyncio.sleep(150)  # the strike is over, and nobody's second letter waits for its time
        assert all(len(received(w.post, f"p{n:02}")) == 3 for n in range(60))
        assert len(received(w.post, "ann")) < 30
        await w.come_to(*["delivered"] * 70, every=5)
        assert w.post.dropped == []


@jumping
async def test_our_own_sentences_count_too(tmp_path):
    """Of 25 messages 20 may wait for one person; the others are told that it is too much."""
    async with world(tmp_path, THREE) as w:
        w.models.gate = asyncio.Event()
        await asks(w, 25)
        w.models.gate.set()
        await w.come_to(*["delivered"] * 20, *["shed"] * 5, every=5)
        await asyncio.sleep(120)
        assert w.post.dropped == []
        assert len(w.post.sent) == 65


@jumping
async def test_two_processes_on_one_store_count_together(tmp_path):
    async with world(tmp_path, THREE) as one, world(tmp_path, THREE, played=one.played) as other:
        for n in range(16):
            gateway = (one, other)[n % 2].gateway
            [surface] = gateway.surfaces.all()
            await gateway._intake.take(surface, [Message(f"m{n}", "ann", f"问 {n}", at=one.played.clock())])
            await asyncio.sleep(0.1)
        await one.come_to(*["delivered"] * 16, every=5)
        assert one.post.dropped == []
        assert len(received(one.post, "ann")) == 48
        await asyncio.sleep(100)
        await asks(one, 1)
        await one.come_to(*["delivered"] * 17)


@jumping
async def test_whatever_the_wall_clock_does_neither_too_much_is_sent_nor_too_late(tmp_path):
    async with world(tmp_path, THREE) as w:
        loop = asyncio.get_running_loop()
        for n, ahead in enumerate((0.0, 3600.0, -86_400.0, 0.0) * 3):
            loop.ahead = ahead
            await asks(w, 1, f"p{n % 2}")
        for ahead in (900.0, -900.0, 0.0):
            loop.ahead = ahead
            await asks(w, 3, "ann")
        began = loop.time()
        while len(received(w.post, "ann")) < 27:
            assert loop.time() - began < 65
            await asyncio.sleep(1)
        assert w.post.dropped == []


@pytest.mark.parametrize(
    ("times", "at", "left"),
    [([], 9, 0), ([0], 0.5, 0.5), ([0], 1, 0), ([0], 600, 0), ([0, 59], 59.5, 0.5), ([0, 1, 2], 10, 50)],
)
def test_who_need_not_wait_waits_for_nothing_and_never_for_less(times, at, left):
    assert _until((Rate(1, 1), Rate(3, 60)), times, at) == left
