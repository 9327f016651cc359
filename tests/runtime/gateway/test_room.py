"""In a rush messages are stored first, and turns begin all the same."""

import asyncio
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from played_world import run
from runtime.gateway.room import FEW, PAUSE, Bounds, Room


class Shop:
    id = "p"


async def begins(room, done):
    async with room.turn(Shop):
        done.append(asyncio.get_running_loop().time())


@pytest.mark.parametrize(("arriving", "seconds"), [(0, 0), (FEW, 0), (FEW + 1, 5 * PAUSE)])
def test_turns_wait_only_while_many_messages_arrive(arriving, seconds):
    async def work():
        room, done = Room(Bounds()), []
        with ExitStack() as stack:
            for _ in range(arriving):
                stack.enter_context(room.arrival())
            await asyncio.gather(*(begins(room, done) for _ in range(5)))
        assert done == sorted(done)
        assert done[-1] == pytest.approx(seconds)

    run(work())


def test_all_go_on_at_once_when_the_rush_is_over():
    async def work():
        room, done = Room(Bounds()), []
        with ExitStack() as stack:
            for _ in range(FEW + 1):
                stack.enter_context(room.arrival())
            turns = [asyncio.create_task(begins(room, done)) for _ in range(100)]
            await asyncio.sleep(PAUSE * 1.5)
            assert len(done) == 1
        await asyncio.gather(*turns)
        assert done[-1] == pytest.approx(PAUSE * 1.5)

    run(work())


def test_who_no_longer_waits_holds_up_nobody():
    async def work():
        room, done = Room(Bounds()), []
        with ExitStack() as stack:
            for _ in range(FEW + 1):
                stack.enter_context(room.arrival())
            first, second = (asyncio.create_task(begins(room, done)) for _ in range(2))
            await asyncio.sleep(0)
            first.cancel()
            await second
        assert done == [pytest.approx(PAUSE)]

    run(work())


@pytest.mark.parametrize(
    ("bounds", "begun"),
    [
        (Bounds(running=9, running_per_agent=2), ["busy", "busy", "calm"]),
        (Bounds(running=3, running_per_agent=9), ["busy", "busy", "busy"]),
    ],
    ids=["of one publication", "in all"],
)
def test_a_busy_publication_leaves_room_for_the_others(bounds, begun):
    async def work():
        room, found = Room(bounds), []

        async def stay(shop):
            async with room.turn(SimpleNamespace(id=shop)):
                found.append(shop)
                await asyncio.sleep(60)

        turns = [asyncio.create_task(stay(shop)) for shop in ("busy", "busy", "busy", "calm")]
        await asyncio.sleep(1)
        assert found == begun
        await asyncio.gather(*turns)
        assert sorted(found) == ["busy", "busy", "busy", "calm"]

    run(work())
