"""In a rush messages are stored first, and turns begin all the same."""

import asyncio
from contextlib import ExitStack

import pytest

from runtime.gateway.room import FEW, PAUSE, Bounds, Room
from runtime.simulator.fast_loop import FastLoop


def run(work):
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return runner.run(work())


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

    run(work)


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

    run(work)


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

    run(work)
