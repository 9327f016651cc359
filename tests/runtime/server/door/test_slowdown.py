"""Tries of passwords take time, and the right one still gets its turn."""

import asyncio

from runtime.errors import Refused
from runtime.server.door.slowdown import FORGET, MOST_NAMES, MOST_WAITING, Slowdown
from runtime.store.vanishing.memory import InMemory


class World:
    """A clock that moves when somebody sleeps."""

    def __init__(self):
        self.now = 0.0
        self.slept = []
        self.slowdown = Slowdown(free=2, pause=3, clock=lambda: self.now, sleep=self.sleep)

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


async def test_after_the_free_tries_each_takes_longer_than_the_one_before():
    world = World()
    for _ in range(9):
        await world.slowdown.wait("a")
    assert world.slept == [3, 6, 12, 24, 30, 30, 30]
    await world.slowdown.wait("b")
    assert len(world.slept) == 7
    for _ in range(3):
        await world.slowdown.wait("c", free=3)
    assert len(world.slept) == 7


async def test_processes_that_share_what_may_vanish_are_one_house_with_two_doors():
    world = World()
    shared = InMemory(lambda: world.now)
    doors = [Slowdown(shared, free=2, pause=3, clock=lambda: world.now, sleep=world.sleep) for _ in range(2)]
    for number in range(6):
        await doors[number % 2].wait("a")
    assert world.slept == [3, 6, 12]
    await doors[0].forgive("a")
    assert (await shared.count(("tries", "a"), FORGET, 0)).amount == 0


async def test_a_right_one_and_time_forgive():
    world = World()
    for _ in range(2):
        await world.slowdown.wait("a")
    await world.slowdown.forgive("a")
    for _ in range(2):
        await world.slowdown.wait("a")
    world.now += FORGET + 4
    for _ in range(2):
        await world.slowdown.wait("a")
    assert world.slept == []


async def test_in_a_flood_some_wait_and_the_rest_is_refused():
    slowdown = Slowdown(free=0, pause=0.01)
    await slowdown.wait("a")
    tries = await asyncio.gather(*(slowdown.wait("a") for _ in range(50)), return_exceptions=True)
    assert sum(done is None for done in tries) == MOST_WAITING
    assert {type(done) for done in tries if done} == {Refused}
    await slowdown.wait("a")


async def test_who_goes_away_leaves_his_place():
    slowdown = Slowdown(free=0, pause=60)
    await slowdown.wait("a")
    waiting = [asyncio.create_task(slowdown.wait("a")) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    assert not slowdown._tries["a"].waiting


async def test_memory_is_bounded():
    slowdown = Slowdown()
    for name in range(MOST_NAMES + 500):
        await slowdown.wait(str(name))
    assert len(slowdown._tries) == MOST_NAMES
