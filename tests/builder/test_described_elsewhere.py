"""A talk that describes an agent is one talk, on whichever instance its page is open."""

import asyncio
from contextlib import contextmanager

import pytest

from builder.actions import agents, describe
from runtime.access.actor import OWNER
from runtime.errors import Conflict
from runtime.newest import Newest
from runtime.store.mirrored.folder import Folder

FORM = "餐厅订位：询问日期和人数，然后提交到 https://api.canting.example/bookings"


@pytest.fixture
def id(studio):
    return agents.create(studio, "zh", "", "新的")["id"]


@pytest.fixture
def instance(monkeypatch):
    """`with instance(name):` what one process has in memory, while files are everybody's."""
    known = {}

    @contextmanager
    def on(name):
        with monkeypatch.context() as there:
            there.setattr(describe, "OPEN", known.setdefault(name, Newest(describe.AGENTS)))
            yield

    return on


@pytest.fixture
def held(monkeypatch):
    """The describer says nothing until it is let go."""
    event, answered = asyncio.Event(), describe.answered

    async def waiting(*given, **more):
        await event.wait()
        async for one in answered(*given, **more):
            yield one

    monkeypatch.setattr(describe, "answered", waiting)
    return event


async def begun(studio, id, instance):
    """It runs on the first, as the second sees it by now."""
    with instance("first"):
        await describe.describe(studio, OWNER, id, FORM)
        (one,) = describe.OPEN.values()
    with instance("second"):
        async with asyncio.timeout(30):
            while not (seen := await describe.described(studio, id))["running"]:
                pass
    return one, seen


async def test_the_other_sees_it_grow_and_neither_begins_nor_decides_meanwhile(studio, id, instance, held):
    one, seen = await begun(studio, id, instance)
    assert (seen["asking"], seen["said"]) == (FORM, [])
    with instance("second"):
        for asked in (
            describe.describe(studio, OWNER, id, "再来"),
            describe.accept_described(studio, OWNER, id, [1]),
            describe.forget_described(studio, OWNER, id),
        ):
            with pytest.raises(Conflict):
                await asked
    held.set()
    await asyncio.wait({one.task})
    with instance("first"):
        here = await describe.described(studio, id)
    with instance("second"):
        there = await describe.described(studio, id)
        assert {**there, "running": here["running"]} == here
        assert there["said"]
        first = there["changes"][0]["number"]
        taken = await describe.accept_described(studio, OWNER, id, [first])
        assert taken.value["opened"]["data"]["name"] == "餐厅订位"
    with instance("first"):
        again = await describe.described(studio, id)
        assert first not in [change["number"] for change in again["changes"]]
        with pytest.raises(Conflict):
            await describe.accept_described(studio, OWNER, id, [first])


async def test_of_two_that_begin_in_the_same_moment_one_does(studio, id, instance, held):
    with instance("first"):
        asked = [describe.describe(studio, OWNER, id, FORM) for _ in range(2)]
        ends = await asyncio.gather(*asked, return_exceptions=True)
        assert sorted(isinstance(end, Conflict) for end in ends) == [False, True]
        (one,) = describe.OPEN.values()
        held.set()
        await asyncio.wait({one.task})
    with instance("second"):
        assert not (await describe.described(studio, id))["running"]


async def test_it_is_stopped_from_the_other(studio, id, instance, held):
    one, _ = await begun(studio, id, instance)
    with instance("second"):
        await describe.stop_describing(studio, id)
    await asyncio.wait_for(asyncio.wait({one.task}), 30)
    with instance("second"):
        shown = await describe.described(studio, id)
    assert (shown["running"], "已停下" in shown["said"][0]["answer"]) == (False, True)


def test_what_is_said_lies_in_a_folder_that_all_instances_share(tmp_path):
    for name in ("shop.json", "now/shop.json", "now/shop.stop"):
        path = tmp_path / "data" / "describing" / name
        assert Folder(tmp_path).name(path) == f"data/describing/{name}"
