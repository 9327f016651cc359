"""Who is at which block is seen from every instance that shares what may vanish."""

import asyncio
from types import SimpleNamespace

from test_vanishing import both as both  # a fixture

from builder.actions import together
from runtime.access.actor import OWNER
from runtime.agents.library import Library
from runtime.settings import CHECKOUT
from runtime.store.vanishing.in_folder import InFolder


async def seen(studio, fact):
    """By that instance's own window, as soon as it holds."""
    async with asyncio.timeout(30):
        while True:
            found = (await together.here(studio, OWNER, "shop", "second"))["others"]
            if fact(found):
                return found


async def test_who_is_at_a_block_is_seen_at_the_other_instance_until_they_leave(both, tmp_path):
    await come_and_leave(both, tmp_path)


async def test_so_it_is_for_two_processes_on_one_home_without_any_server(tmp_path):
    await come_and_leave([InFolder(tmp_path / "data") for _ in range(2)], tmp_path)


async def come_and_leave(both, tmp_path):
    library = Library(tmp_path / "agents", CHECKOUT / "templates" / "agents", tmp_path / "data")
    library.create("tea-shop", "en", "shop")
    one, other = (SimpleNamespace(vanishing=shared, library=library) for shared in both)
    await together.here(one, OWNER, "shop", "first", "say")
    assert await seen(other, bool) == [{"window": "first", "by": OWNER.id, "block": "say"}]
    await together.here(one, OWNER, "shop", "first", "answer")
    await seen(other, lambda found: found and found[0]["block"] == "answer")
    await together.here(one, OWNER, "shop", "first", leaves=True)
    assert await seen(other, lambda found: not found) == []
