"""Of several instances one takes away what is too old, once; and two at the same moment do no harm."""

import asyncio
from contextlib import ExitStack, closing

import pytest

from runtime.gateway.lease import Leases
from runtime.gateway.retaining import retain
from runtime.gateway.sweeping import Upkeep
from runtime.message import Message
from runtime.store.messages.media import KeptFile
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.retention import DAY

pytestmark = pytest.mark.usefixtures("engine")
NOW, MANY = 100 * DAY, 230


class Files:
    """Those that are to go, as one instance is told."""

    def __init__(self):
        self.gone = []

    async def remove(self, hashes):
        self.gone += hashes


@pytest.fixture
async def stores(tmp_path):
    """One store as two instances have it, with old messages in it."""
    with ExitStack() as held:
        outside = asyncio.get_running_loop().outside
        both = [held.enter_context(closing(Messages(tmp_path / "messages.db", outside))) for _ in range(2)]
        for n in range(MANY):
            seq = (await both[0].accept("p", Message(f"m{n}", f"u{n % 7}", f"话{n}"), n)).seq
            await both[0].media.belong(seq, [KeptFile(f"f{n}", "image/png", 9)])
            await both[0].finish(seq, Outcome("好", 1), [], n, "silent")
        yield both


async def left(store):
    sql = "select count(*) from messages where text<>'' or reply<>''"
    return await store.database.read(lambda db: db.execute(sql).fetchone()[0])


async def test_two_at_the_same_moment_take_each_thing_once(stores):
    files = [Files(), Files()]
    went = await asyncio.gather(
        *(
            retain(store.database, {"messages": 30}, one.remove, NOW)
            for store, one in zip(stores, files, strict=True)
        )
    )
    assert sum(one["messages"] for one in went) == MANY
    assert sorted([*files[0].gone, *files[1].gone]) == sorted(f"f{n}" for n in range(MANY))
    assert await left(stores[1]) == 0


async def test_under_the_lease_one_does_it_and_the_other_finds_nothing_due(stores):
    files, works, lives = [Files(), Files()], [], []
    for store, one in zip(stores, files, strict=True):
        upkeep = Upkeep(one, store, lambda: NOW)
        upkeep.days = lambda: {"messages": 30}
        leases = Leases(store.database, lambda: NOW)
        lives.append(asyncio.create_task(leases.watch()))
        works.append(leases.by_one("sweep", upkeep._retain)())
    await asyncio.gather(*works)
    for one in lives:
        one.cancel()
    assert sorted(len(one.gone) for one in files) == [0, MANY]
    assert await left(stores[0]) == 0
