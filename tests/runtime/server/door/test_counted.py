"""Ten wrong tries a quarter of an hour, and no stranger keeps anybody out."""

from contextlib import suppress

import pytest

import visitors
from runtime.access.tries import MOST, SECONDS, Tries
from runtime.errors import Refused
from runtime.server.door.arrivals import OF_A_NETWORK, OF_ALL, UNTOLD
from runtime.store.vanishing.memory import InMemory
from visitors import PASSWORD


class World:
    """A clock that a test moves, and a house at which tries are counted by it."""

    def __init__(self, folder, **others):
        self.now = 0.0
        self.shared = InMemory(lambda: self.now)
        self.house = visitors.build(folder, vanishing=self.shared, **others)

    async def enter(self, address="203.0.113.7", password="wrong", name="owner", **headers):
        async with self.house.visitor(address=address, **headers) as person:
            return (await person.post("/login", data={"name": name, "password": password})).status_code


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


async def in_vain(world, times, **who):
    return [await world.enter(**who) for _ in range(times)]


async def test_an_address_has_ten_wrong_tries_whoever_it_tries_to_be(world):
    got = [await world.enter(name=f"user{n}") for n in range(12)]
    assert got == [401] * 10 + [429] * 2
    assert await world.enter(password=PASSWORD) == 429
    assert await world.enter("203.0.113.8", PASSWORD) == 303


async def test_a_name_has_ten_from_wherever_strangers_come(world):
    got = [await world.enter(f"203.0.{n}.7") for n in range(12)]
    assert got == [401] * 10 + [429] * 2


@pytest.mark.parametrize(
    ("tries", "then", "answered"),
    [
        ([0] * 10, SECONDS - 1, 429),
        ([0] * 10, SECONDS, 401),
        ([0] * 5 + [SECONDS / 2] * 5, SECONDS - 1, 429),
        ([0] * 5 + [SECONDS / 2] * 5, SECONDS, 401),
        ([0] * 9 + [SECONDS - 1], SECONDS, 401),
        ([0] * 9 + [1] * 1, SECONDS / 2, 429),
    ],
)
async def test_any_quarter_of_an_hour_has_ten(world, tries, then, answered):
    for world.now in tries:
        assert await world.enter() == 401
    world.now = then
    assert await world.enter() == answered


async def test_over_a_day_of_guessing_no_quarter_has_more(world):
    tries = Tries(world.shared)
    taken = []
    for second in range(0, 4 * SECONDS, 7):
        world.now = float(second)
        with suppress(Refused):
            async with tries.one([("password", "user", "owner")]):
                taken.append(second)
    assert max(sum(start <= one < start + SECONDS for one in taken) for start in taken) == MOST
    assert len(taken) == 4 * MOST


async def test_a_right_one_does_not_count_and_forgives_nothing(world):
    assert await in_vain(world, 9) == [401] * 9
    for _ in range(3):
        assert await world.enter(password=PASSWORD) == 303
    # now the network is one that the owner came from: it has a count of its own
    assert await in_vain(world, 11) == [401] * 10 + [429]
    # whoever signs in with a name of their own gets no more tries at other names
    assert await world.enter(name="anna") == 401
    assert await world.enter(name="anna") == 429


async def test_whoever_came_in_before_is_kept_out_by_no_stranger(world):
    async with world.house.visitor(address="198.51.100.1") as owner:
        right = {"name": "owner", "password": PASSWORD}
        assert (await owner.post("/login", data=right)).status_code == 303
        known = owner.cookies["hongyan-known"]
    assert await in_vain(world, 11) == [401] * 10 + [429]
    for n in range(12):
        await world.enter(f"203.0.{n}.7")
    assert await world.enter("192.0.2.1", PASSWORD) == 429
    # from the network where the owner is signed in, and by the browser, wherever it is
    assert await world.enter("198.51.100.1", PASSWORD) == 303
    assert await world.enter("203.0.113.7", PASSWORD, cookie=f"hongyan-known={known}") == 303
    # and that browser guesses no more than others
    got = await in_vain(world, 11, cookie=f"hongyan-known={known}")
    assert got == [401] * 10 + [429]


async def test_a_made_up_browser_is_a_stranger(world):
    got = [await world.enter(cookie=f"hongyan-known={n:032x}.{'0' * 64}") for n in range(11)]
    assert got == [401] * 10 + [429]


@pytest.mark.parametrize(("proxies", "answered"), [((), 429), (("127.0.0.1",), 401)])
async def test_forwarded_addresses_count_only_from_a_proxy_that_the_settings_name(
    tmp_path, proxies, answered
):
    world = World(tmp_path, proxies=proxies)
    got = [
        await world.enter(
            "127.0.0.1", name=f"user{n}", **{"x-forwarded-for": f"127.0.{n}.2", "x-real-ip": f"127.1.{n}.1"}
        )
        for n in range(11)
    ]
    assert got[10] == answered


async def test_two_processes_that_share_what_may_vanish_count_together(tmp_path):
    world = World(tmp_path)
    doors = [Tries(world.shared), Tries(world.shared)]
    for n in range(MOST):
        async with doors[n % 2].one([("password", "user", "a")]):
            pass
    with pytest.raises(Refused):
        async with doors[0].one([("password", "user", "a")]):
            pass
    async with doors[0].one([("password", "user", "b")]):
        pass


async def test_a_refused_try_costs_no_other_name_anything(world):
    tries = Tries(world.shared)
    for _ in range(MOST):
        async with tries.one([("password", "user", "a")]):
            pass
    for _ in range(MOST):
        with pytest.raises(Refused):
            async with tries.one([("password", "network", "n"), ("password", "user", "a")]):
                pass
    async with tries.one([("password", "network", "n")]) as this:
        this.right()


async def test_what_strangers_are_refused_fills_no_disk(tmp_path, world):
    """Each is synced, and kept for a year: of a network, and of all of them, some are written down."""
    told = tmp_path / "audit-waiting.jsonl"
    for n in range(12):
        async with world.house.visitor(address=f"198.51.{n}.1") as one:
            for _ in range(OF_A_NETWORK + 2):
                assert (await one.post("/invited/made-up", data={})).status_code == 410
        if n < 2:
            lines = told.read_text().splitlines()
            assert len(lines) == (n + 1) * OF_A_NETWORK
            assert [UNTOLD in line for line in lines[-2:]] == [False, True]
    assert len(told.read_text().splitlines()) == OF_ALL
    world.now = SECONDS
    await world.enter()
    assert len(told.read_text().splitlines()) == OF_ALL + 1
