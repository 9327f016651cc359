"""One trial: a gateway, people who write, something that goes wrong, and the verdict."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.chaos.states import is_sound, states, tracebacks, unfinished
from bench.installation import AGENT, Installation, install
from bench.load import Load, Wave
from bench.model import Model
from runtime.simulator.accounts import Account
from runtime.simulator.history import Broken, History, Verdict, check, leaks
from runtime.simulator.http import Server
from runtime.simulator.platform import Platform

READY = 10.0
"""Seconds within which a start must be ready (P8)."""
SETTLE = 90.0
"""Seconds that everything gets to come to an end after the trouble."""

PATIENT: dict[str, Any] = {**AGENT, "limits": {"seconds": 20}}
"""So that a model that hangs ends within a trial."""


@dataclass(frozen=True)
class Plan:
    """`trouble` runs beside the messages. Times in seconds."""

    name: str
    trouble: Callable[["Trial"], Coroutine[Any, Any, None]]
    messages: int = 60
    rate: float = 12.0
    people: int = 30
    copies: int = 1
    latency: Callable[[random.Random], float] = lambda dice: dice.uniform(0.2, 1.0)
    agent: dict[str, Any] = field(default_factory=lambda: PATIENT)
    tool: str = ""
    parts: int = 1
    """Of every answer."""
    environment: dict[str, str] = field(default_factory=dict)
    """Of the first start."""
    unwell: str = ""
    """Why it cannot be run here; empty when it can."""


@dataclass
class Trial:
    """What a plan's trouble can do."""

    plan: Plan
    home: Path
    gateway: Installation
    model: Model
    platform: Platform
    load: Load
    dice: random.Random
    starts: list[float] = field(default_factory=list)
    """How long each start took until it was ready."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """All messages were sent and answered, or given up."""

    async def start(self, **environment: str) -> None:
        """Raises TimeoutError when it is not ready in time."""
        self.gateway.program.start(environment)
        self.starts.append(await self.gateway.ready(READY))

    def kill(self) -> None:
        self.load.history.kills.append(time.time())
        self.gateway.program.kill()

    async def stop(self) -> int | None:
        """SIGTERM; its exit code. The fakes must go on meanwhile, so it is waited for in a thread."""
        return await asyncio.to_thread(self.gateway.program.stop, 40)

    async def died(self, seconds: float) -> bool:
        """Whether it killed itself within so many seconds."""
        code = await asyncio.to_thread(self.gateway.program.wait, seconds)
        if code is not None:
            self.load.history.kills.append(time.time())
        return code is not None

    async def pause(self, low: float, high: float) -> bool:
        """Wait; True when the messages are over meanwhile."""
        try:
            await asyncio.wait_for(self.over.wait(), self.dice.uniform(low, high))
        except TimeoutError:
            return False
        return True


@dataclass(frozen=True)
class Outcome:
    plan: str
    kills: int
    slowest_start: float
    wave: Wave
    verdict: Verdict
    broken: tuple[Broken, ...]
    """All of the verdict's, leaks, and damage."""
    failed: int
    """Messages that were answered with an honest failure."""

    @property
    def harm(self) -> int:
        return len(self.verdict.lost) + len(self.verdict.doubled)


async def run(plan: Plan, home: Path, seed: int) -> Outcome:
    """Run a plan once, on a home of its own."""
    dice = random.Random(seed)
    account = Account()
    model, platform = Model(lambda: plan.latency(dice)), Platform([account])
    platform.faults.latency, model.tool = 0.02, plan.tool
    async with Server(platform.call) as api, Server(model.call) as llm:
        gateway = install(home, account, model_url=llm.url, platform_url=api.url, agent=plan.agent)
        history = History(parts=plan.parts)
        load = Load(gateway.callback, account, platform, history, plan.copies)
        trial = Trial(plan, home, gateway, model, platform, load, dice)
        try:
            wave = await _play(trial)
        finally:
            gateway.program.kill()
        return _judge(trial, wave)


async def _play(trial: Trial) -> Wave:
    plan = trial.plan
    await trial.start(**plan.environment)
    writing = asyncio.create_task(trial.load.wave(plan.rate, plan.messages, plan.people, settle=SETTLE / 2))
    trouble = asyncio.create_task(plan.trouble(trial))
    wave = await writing
    trial.over.set()
    await trouble
    trial.model.faults.clear()
    trial.platform.faults.clear()
    if trial.gateway.program.exit_code() is not None:
        await trial.start()
    end = time.time() + SETTLE
    while unfinished(trial.home) and time.time() < end:  # noqa: ASYNC110 # it is another process
        await asyncio.sleep(0.2)
    await asyncio.sleep(0.3)
    return wave


def _judge(trial: Trial, wave: Wave) -> Outcome:
    history = trial.load.history
    history.calls = list(trial.model.calls)
    history.states = states(trial.home)
    account = trial.load.account
    history.secrets = {"app_secret": account.app_secret, "encoding_aes_key": account.encoding_aes_key}
    verdict = check(history)
    places = [(path.name, path.read_bytes()) for path in trial.home.rglob("*") if path.is_file()]
    broken = [*verdict.broken, *leaks(history, places)]
    if not is_sound(trial.home):
        broken.append(Broken("P7", "messages.db", "SQLite finds it damaged"))
    if count := tracebacks(trial.home):
        broken.append(Broken("P1", "gateway.log", f"{count} tracebacks"))
    return Outcome(
        plan=trial.plan.name,
        kills=len(history.kills),
        slowest_start=max(trial.starts),
        wave=replace(wave, acks=(), answers=()),
        verdict=verdict,
        broken=tuple(broken),
        failed=sum(state == "failed" for state in history.states.values()),
    )
