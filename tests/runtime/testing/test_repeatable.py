"""A test ends alike the first time and the second, however long what tells meanings takes to begin."""

import asyncio
import base64
import struct
from dataclasses import replace

import pytest

from runtime import unhurried
from runtime.engine import run as turn
from runtime.knowledge.search.child import ChildGone
from runtime.knowledge.search.searching import Searching
from runtime.simulator.fast_loop import FastLoop
from runtime.testing.running import run
from runtime.testing.suite import Suite
from runtime.turn import likeness
from runtime.turn.events import Replied
from script import Script, agent, services, wrote

BEGINS = 25.0
"""Seconds, on a clock that jumps, that the encoder takes to begin."""
INTENTS = [
    {
        "title": "退货",
        "examples": ["钱能还我吗"],
        "flow": [{"type": "reply", "id": "back", "text": "可以退"}],
    },
    {"title": "开门", "examples": ["几点营业"], "flow": [{"type": "reply", "id": "open", "text": "九点"}]},
]
SHOP = agent(
    {"type": "classify", "id": "wish", "model": "", "intents": INTENTS,
     "otherwise": [{"type": "reply", "id": "other", "text": "没听懂"}]},
)  # fmt: skip
CASE = {"id": "back", "lines": [{"says": "我不要这件了", "checks": [
    {"type": "contains", "text": "可以退"}, {"type": "within", "seconds": 5}]}]}  # fmt: skip


class Child:
    """Takes long to begin; then what has to do with giving back means the same."""

    def __init__(self, *, begins=True):
        self.begun, self.begins = False, begins

    async def ask(self, question):
        if not self.begins:
            raise ChildGone("it cannot begin")
        if not self.begun:
            await asyncio.sleep(BEGINS)
            self.begun = True
        near = [any(word in text for word in ("还我", "不要", "退货")) for text in question["texts"]]
        return {"vectors": [_vector(one) for one in near]}


def _vector(is_near):
    return base64.b64encode(struct.pack("<2e", float(is_near), float(not is_near))).decode()


@pytest.fixture(autouse=True)
def forgotten():
    likeness._meanings.cache_clear()


def in_a_world(child, work):
    async def done():
        known = Searching(None, None, child)
        return await work(replace(services(Script([])), knowledge=known))

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return runner.run(done())


async def ended(here):
    return [one async for one in run(Suite.load({"cases": [CASE]}), SHOP, here)]


def test_the_first_run_waits_for_what_the_second_has_and_its_seconds_do_not_count():
    async def twice(here):
        return [(one.ok, one.by_words, one.seen[0].text) for _ in "12" for one in await ended(here)]

    assert in_a_world(Child(), twice) == [(True, False, "可以退")] * 2


def test_what_cannot_be_had_is_told():
    async def once(here):
        return [(one.ok, one.by_words, one.to_json("zh").get("by_words")) for one in await ended(here)]

    assert in_a_world(Child(begins=False), once) == [(False, True, True)]


def test_a_person_is_not_kept_waiting():
    async def live(here):
        began = asyncio.get_running_loop().time()
        events = [event async for event in turn(SHOP, wrote("我不要这件了"), [], here)]
        assert isinstance(events[-1], Replied)
        return events[-1].text, asyncio.get_running_loop().time() - began < likeness.PATIENCE + 1

    assert in_a_world(Child(), live) == ("没听懂", True)


async def test_seconds_in_which_something_only_begins_are_counted_apart():
    times = iter((0.0, 9.5, 10.0, 10.2))
    with unhurried.unhurried(clock=lambda: next(times)) as ease:
        for _ in "12":
            assert await unhurried.in_time(asyncio.sleep(0, "told"), 1, "") == "told"
    assert (ease.beginning, ease.went_without) == (9.0, False)
