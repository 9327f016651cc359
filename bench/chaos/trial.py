"""One trial: a gateway, people who write, something that goes wrong, and the verdict."""

import asyncio
import random
import signal
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.chaos.agents import PATIENT, Shop
from bench.chaos.states import last_words
from bench.installation import Installation
from bench.invariants import Broken
from bench.load import Load
from bench.model import Model
from runtime.crash import VARIABLE
from runtime.simulator.history import History
from runtime.simulator.wechat.accounts import Kind
from runtime.simulator.wechat.platform import Platform

READY = 10.0
"""Seconds within which a start must be ready (P8), on cores of its own: see Program.lived()."""
PATIENCE = 60.0
"""…and that the second try gets, so that a busy machine does not end everything."""
SETTLE = 90.0
"""Seconds that everything gets to come to an end after the trouble."""
PAGES = "https://bot.test"
"""Where people would see answers that wait for them."""


@dataclass
class Running:
    """A gateway that something may happen to."""

    home: Path
    gateway: Installation
    history: History
    dice: random.Random
    starts: list[float] = field(default_factory=list, kw_only=True)
    """How long each start took until it was ready, less what it waited for a core."""
    over: asyncio.Event = field(default_factory=asyncio.Event, kw_only=True)
    """Nobody writes any more."""
    waited: float = field(default=0.0, kw_only=True)
    """For a core, while it started."""
    broken: list[Broken] = field(default_factory=list, kw_only=True)
    """What the trouble itself found to be wrong."""

    async def start(self, **environment: str) -> None:
        """A start that fails is noted, and tried once more; but not one that passed the point where it was to
        die. Raises OSError, TimeoutError."""
        try:
            await self._start(environment)
        except (ChildProcessError, TimeoutError) as e:
            if VARIABLE in environment and self.gateway.program.exit_code() == -signal.SIGKILL:
                return
            self.broken.append(Broken("P8", "start", f"{e}: {last_words(self.home)}"))
            self.gateway.program.kill()
            await self._start(environment, PATIENCE)

    async def _start(self, environment: dict[str, str], seconds: float = READY) -> None:
        self.waited = 0.0
        self.gateway.program.start(environment)
        self.starts.append(await self.gateway.ready(seconds))
        self.waited = self.gateway.program.waited()

    def kill(self) -> None:
        history, now = self.history, time.time()
        history.kills.append(now)
        history.starved[now] = max(0.0, self.gateway.program.waited() - self.waited)
        self.gateway.program.kill()

    async def stop(self, patience: float = 40) -> int | None:
        """SIGTERM, and kill -9 after `patience`; its exit code.

        The fakes must go on meanwhile, so it is waited for in a thread.
        """
        code = await asyncio.to_thread(self.gateway.program.stop, patience)
        if code == -signal.SIGKILL:
            self.history.kills.append(time.time())
        return code

    async def died(self, seconds: float) -> bool:
        """Whether it killed itself within so many seconds."""
        code = await asyncio.to_thread(self.gateway.program.wait, seconds)
        if code is not None:
            self.history.kills.append(time.time())
        return code is not None

    async def pause(self, low: float, high: float) -> bool:
        """Wait; True when nobody writes any more meanwhile."""
        try:
            await asyncio.wait_for(self.over.wait(), self.dice.uniform(low, high))
        except TimeoutError:
            return False
        return True

    async def until_none(self, count: Callable[[Path], int], seconds: float = SETTLE) -> int:
        """Wait until `count` of the home is 0; what it is at last."""
        end = time.time() + seconds
        while (left := count(self.home)) and time.time() < end:  # noqa: ASYNC110 # it is another process
            await asyncio.sleep(0.2)
        return left


@dataclass(frozen=True)
class Plan:
    """`trouble` runs beside the messages. Times in seconds."""

    name: str
    trouble: Callable[..., Coroutine[Any, Any, None]]
    messages: int = 96
    rate: float = 12.0
    people: int = 30
    copies: int = 1
    kind: Kind = "verified_service"
    latency: Callable[[random.Random], float] = lambda dice: dice.uniform(0.2, 1.0)
    agent: dict[str, Any] = field(default_factory=lambda: PATIENT)
    tool: str = ""
    """That the model calls once in each turn."""
    provider: str = "openai_compatible"
    """Of the model's endpoint, which says what asks it."""
    parts: int = 1
    """Of every answer."""
    may_fail: bool = False
    """The model is ill too, so that a turn may end with an honest failure."""
    may_be_silent: bool = False
    """The process cannot do anything for a while."""
    environment: Callable[[Path], dict[str, str]] = lambda home: {}
    """Of the first start, by the home."""
    on_small_disk: bool = False
    sources: int = 0
    """That lie in the base "chaos" and are to be read meanwhile."""
    unwell: str = ""
    """Why it cannot be run here; empty when it can."""


@dataclass
class Trial(Running):
    """What a plan's trouble can do."""

    plan: Plan
    model: Model
    platform: Platform
    load: Load
    shop: Shop

    @property
    def homes(self) -> list[Path]:
        """All that the gateway wrote to."""
        return [self.home]
