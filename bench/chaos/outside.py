"""Who is outside of the gateway and acts on it while it dies: a shop, operators, programs that call."""

import asyncio
import json
import random
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bench.chaos.states import open_decisions
from bench.chaos.trial import PAGES, Running
from bench.installation import Installation
from runtime.deciding import NO, YES
from runtime.simulator import Carded, Crowded
from runtime.simulator.http import Request, Response

PATIENCE = 5.0
GONE = (404, 409)
"""What a second decision or call is told."""


@dataclass
class Asker:
    """Requests to a gateway that may be dead just now."""

    gateway: Installation
    session: aiohttp.ClientSession

    async def post(
        self, path: str, data: Any, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Status and answer; 0 when nobody answered: nobody knows whether it counted."""
        patience = aiohttp.ClientTimeout(total=PATIENCE)
        try:
            async with self.session.post(
                self.gateway.url + path, json=data, headers=headers, timeout=patience
            ) as response:
                return response.status, json.loads(await response.text() or "{}")
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return 0, {}


@dataclass
class Shop:
    """Takes orders, and answers later to those who ask for that; twice, side by side, and from then on
    again and again until it hears that the answer is there."""

    dice: random.Random
    asker: Asker | None = None
    """Set before anybody orders."""
    orders: Counter[str] = field(default_factory=Counter)
    """By kind and mark."""
    told: dict[str, list[str]] = field(default_factory=dict)
    """By mark: which of our answers was acknowledged."""
    addresses: dict[str, str] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def call(self, request: Request) -> Response:
        asked = json.loads(request.body)
        kind = request.path.strip("/")
        self.orders[f"{kind} {asked['order']}"] += 1
        if asked.get("answer"):
            task = asyncio.get_running_loop().create_task(self._answers(asked["order"], asked["answer"]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return Response.json({"ok": True}, after=self.dice.uniform(0.02, 0.2))

    async def _answers(self, mark: str, address: str) -> None:
        path = self.addresses[mark] = address.removeprefix(PAGES)
        await asyncio.sleep(self.dice.uniform(0.0, 1.5))
        for number in range(300):
            tries = await asyncio.gather(*(self._answer(mark, path, f"{number}{one}") for one in "ab"))
            if any(status in GONE or 200 <= status < 300 for status in tries):
                return
            await asyncio.sleep(self.dice.uniform(0.1, 0.6))

    async def _answer(self, mark: str, path: str, what: str) -> int:
        assert self.asker
        status, _ = await self.asker.post(path, {"no": what})
        if 200 <= status < 300:
            self.told.setdefault(mark, []).append(what)
        return status

    async def settle(self) -> None:
        while self._tasks:
            await asyncio.wait(self._tasks)


class Deciders(ABC):
    """Several of them decide the same at the same time, and differently."""

    decided: dict[str, list[str]]
    """By mark, who was told that their word counts, and what it was."""

    @abstractmethod
    async def work(self) -> None:
        """Until it is cancelled."""

    @abstractmethod
    async def decides_again(self, mark: str) -> bool:
        """After the end; whether they were told that it counts."""


@dataclass
class Operators(Deciders):
    """By the API, until they hear that it is decided."""

    asker: Asker
    key: str
    dice: random.Random
    decided: dict[str, list[str]] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)
    """Numbers of what was decided."""

    async def work(self) -> None:
        while True:
            status, answer = await self._desk("waits", {"kind": "decision"})
            if status == 200:
                await asyncio.gather(*(self._decide(one) for one in answer["waits"]))
            await asyncio.sleep(self.dice.uniform(0.1, 0.8))

    async def _decide(self, wait: dict[str, Any]) -> None:
        mark = wait["what"]["en"].removesuffix("？")
        self.waits[mark] = wait["id"]
        await asyncio.gather(*(self._say(mark, who, yes=yes) for yes, who in ((True, "an"), (False, "bo"))))

    async def decides_again(self, mark: str) -> bool:
        return mark in self.waits and await self._say(mark, "late", yes=True)

    async def _say(self, mark: str, who: str, *, yes: bool) -> bool:
        deed = "approve" if yes else "deny"
        status, _ = await self._desk(deed, {"wait": self.waits[mark], "operator": who})
        if status == 200:
            self.decided.setdefault(mark, []).append(f"{who} {yes}")
        return status == 200

    async def _desk(self, what: str, data: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return await self.asker.post(f"/desk/{what}", data, {"Authorization": f"Bearer {self.key}"})


BOSSES = ("boss", "vice")


@dataclass
class Bosses(Deciders):
    """By the cards that they were shown, again and again until these say what was decided. Nobody tells them
    that a tap counted."""

    made: Crowded
    running: Running
    decided: dict[str, list[str]] = field(default_factory=dict)

    async def work(self) -> None:
        while True:
            for wait in open_decisions(self.running.home):
                await asyncio.gather(*(self._tap(boss, wait) for boss in BOSSES))
            await asyncio.sleep(self.running.dice.uniform(0.1, 0.8))

    async def _tap(self, boss: str, saying: str) -> bool:
        assert isinstance(self.made, Carded)
        label = YES.zh if boss == BOSSES[0] else NO.zh
        try:
            await self.made.tapped_by(boss, label, saying)
        except LookupError:
            return False
        return True

    async def decides_again(self, mark: str) -> bool:
        """A card that was settled has nothing to tap, and a tap on one that was not decides nothing: the
        conversation is over."""
        await asyncio.gather(*(self._tap(boss, mark) for boss in BOSSES))
        return False


@dataclass
class Caller:
    """A program that begins a start for somebody, with a key, until it hears that it did."""

    asker: Asker
    address: str
    taken: dict[str, set[int]] = field(default_factory=dict)
    """By mark, the numbers of runs that we were told of: one."""

    async def call(self, mark: str, person: str) -> None:
        headers = {"Idempotency-Key": mark}
        body = {"mark": mark, "person": person}
        while True:
            found = await asyncio.gather(*(self.asker.post(self.address, body, headers) for _ in range(2)))
            for status, answer in found:
                if status == 202:
                    self.taken.setdefault(mark, set()).add(answer["run"])
            if all(status == 202 for status, _ in found):
                return
            await asyncio.sleep(0.3)
