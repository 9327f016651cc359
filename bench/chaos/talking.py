"""Whole conversations on a surface, while the gateway dies: at any moment, and at each of its kill points."""

import asyncio
import os
import random
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import aiohttp

from bench.chaos import clock, disk
from bench.chaos.channels import doors
from bench.chaos.judge import Outcome
from bench.chaos.outside import BOSSES, Asker, Bosses, Caller, Deciders, Operators, Shop
from bench.chaos.states import left_over
from bench.chaos.talked import judge
from bench.chaos.talks import People
from bench.chaos.trial import PAGES, Running
from bench.chaos.whole import BESIDE, agent
from bench.forked import forked
from bench.installation import install_on
from bench.invariants import Broken
from bench.model import Model
from runtime.agents.agent import Agent
from runtime.crash import VARIABLE, Point
from runtime.publish import USUAL, issue_key, pause, publish, resume
from runtime.simulator import Carded, Crowded, registry
from runtime.simulator.history import History
from runtime.simulator.hosting import hosted
from runtime.simulator.http import Server
from runtime.store.control.control import Control
from runtime.store.messages.runs_list import RunsList

SETTLE = 240.0
"""Seconds that the end may take: the last reminder is due, and somebody waited for the next process."""


async def dies_anywhere(running: Running) -> None:
    """At a kill point that it comes to, or at any moment when it does not."""
    points = get_args(Point)
    running.kill()
    while not running.over.is_set():
        point = f"{running.dice.choice(points)}:{running.dice.randint(1, 4)}"
        running.gateway.program.start({VARIABLE: point})
        # Now and then it lives long enough to end what it tries again after some seconds.
        if not await running.died(running.dice.uniform(0.2, running.dice.choice((1.0, 2.0, 10.0)))):
            running.kill()


async def dies_and_rests(running: Running) -> None:
    """Its owner pauses it and lets it go on, and it dies in either state."""
    control = Control.in_folder(running.home / "data", "")
    id = running.gateway.path.rpartition("/")[2]
    while not await running.pause(0.0, 1.0):
        pause(control, id)
        await running.pause(0.5, 3.0)
        running.kill()
        await running.start()
        await running.pause(0.0, 1.5)
        resume(control, id)
        await running.pause(0.5, 3.0)
        running.kill()
        await running.start()


@dataclass(frozen=True)
class Talking:
    """`people` at once, so many `talks` each. `by_card`: two members are asked to decide, not operators."""

    channel: str
    trouble: Callable[[Running], Coroutine[Any, Any, None]] = dies_anywhere
    happens: str = "whole conversations, killed anywhere"
    by_card: bool = False
    people: int = 6
    talks: int = 3
    environment: Callable[[Path], Mapping[str, str]] = lambda home: {}
    """Of the gateway, by its home."""
    on_small_disk: bool = False
    unwell: str = ""
    """Why it cannot be run here; empty when it can."""

    @property
    def name(self) -> str:
        return f"{self.channel}: {self.happens}"


def talkings() -> list[Talking]:
    """On every surface where several people may write."""
    found = []
    for name, kind in sorted(registry().items()):
        if issubclass(kind, Crowded) and kind.people > 1:
            found.append(Talking(name))
        if issubclass(kind, Carded):
            found.append(Talking(name, happens=f"{Talking.happens}, decided by card", by_card=True))
    return found


def troubles(plan: Talking) -> list[Talking]:
    """What else may happen in the middle of these conversations."""
    root = "" if os.geteuid() == 0 else "needs root, for a tmpfs"
    what = "whole conversations"
    return [
        replace(plan, happens=f"{what}, disk full", trouble=disk.full_disk, on_small_disk=True, unwell=root),
        replace(plan, happens=f"{what}, killed, paused and resumed", trouble=dies_and_rests),
        replace(
            plan,
            happens=f"{what}, clock steps of an hour",
            trouble=clock.far_steps,
            environment=clock.environment,
            unwell=clock.missing(),
        ),
    ]


async def talk(plan: Talking, home: Path, seed: int) -> Outcome:
    """Once, on a home of its own."""
    dice = random.Random(seed)
    kind = registry()[plan.channel]
    assert issubclass(kind, Crowded)
    made = kind(kind.crowded_kind or next(iter(kind.kinds)), time.time)
    model = Model(lambda: dice.uniform(0.05, 0.5))
    async with AsyncExitStack() as stack:
        hosts = await stack.enter_async_context(hosted(made))
        llm = await stack.enter_async_context(Server(model.call))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        shop = Shop(dice)
        door = await stack.enter_async_context(Server(shop.call))
        allowed = door.url.removeprefix("http://")
        given = {**hosts, "HONGYAN_PUBLIC_URL": PAGES, "HONGYAN_EGRESS_ALLOW": allowed}
        given |= plan.environment(home)
        gateway = install_on(
            home, plan.channel, made.settings, model_url=llm.url, agent=agent(door.url), environment=given
        )
        gateway = replace(gateway, program=await forked(gateway.program, given))
        running = Running(home, gateway, History(), dice)
        await stack.enter_async_context(doors(made, gateway))
        asker = shop.asker = Asker(gateway, session)
        scene = Scene(plan, made, running, shop, asker, door.url, allowed)
        try:
            await scene.play()
        finally:
            gateway.program.kill()
    running.history.calls, running.history.shown = list(model.calls), list(made.everybody_saw())
    return judge(plan.name, scene.people, scene.deciding, shop)


@dataclass
class Scene:
    plan: Talking
    made: Crowded
    running: Running
    shop: Shop
    asker: Asker
    door: str
    allowed: str

    async def play(self) -> None:
        running = self.running
        await running.start()
        self.people = People(self.made, running)
        beside = await self.people.write(self.plan.people, BESIDE)
        composed = self._publish(beside)
        self.deciding: Deciders = Bosses(self.made, running) if self.plan.by_card else self._desk(composed)
        runs = RunsList(running.home / "data" / "messages.db")
        address = f"/hooks/{runs.new_address(self._id, 'webhook', time.time())}"
        self.people.caller = Caller(self.asker, address)
        deciding = asyncio.create_task(self.deciding.work())
        trouble = asyncio.create_task(self.plan.trouble(running))
        listening = asyncio.create_task(self._beside())
        try:
            await self._talk()
            running.over.set()
            await trouble
            if running.gateway.program.exit_code() is not None:
                await running.start()
            for one in self.people.talks:
                if await self.deciding.decides_again(one.mark):
                    running.broken.append(Broken("I3", one.mark, "was decided after its end"))
            await running.until_none(lambda home: left_over(home).total(), SETTLE)
            await asyncio.sleep(2)  # what is sent just now arrives
        finally:
            for task in (trouble, deciding, listening):
                task.cancel()

    async def _talk(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(self.plan.people):
                group.create_task(self.people.hold(number, self.plan.talks))

    async def _beside(self) -> None:
        """Somebody writes now and then, so that they can be reached."""
        while True:
            await asyncio.sleep(20)
            await self.made.written_by(self.plan.people, BESIDE)

    def _publish(self, beside: str) -> dict[str, Any]:
        """A newer version, which knows who is beside, and asks by cards."""
        approval = {"through": self._id, "members": [*BOSSES]} if self.plan.by_card else None
        composed = agent(self.door, [beside], approval)
        control = Control.in_folder(self.running.home / "data", "")
        allowed = (self.allowed,)
        publish(control, Agent.load(composed), self.plan.channel, self.made.settings, allowed=allowed)
        return composed

    def _desk(self, composed: dict[str, Any]) -> Operators:
        control = Control.in_folder(self.running.home / "data", "")
        limits = dict.fromkeys(USUAL, 0)
        key = issue_key(control, Agent.load(composed), allowed=(self.allowed,), operates=True, **limits)
        return Operators(self.asker, key, self.running.dice)

    @property
    def _id(self) -> str:
        return self.running.gateway.path.rpartition("/")[2]
