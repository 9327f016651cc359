"""The gateway is killed on any surface whose platform is played, while several people write there at once."""

import asyncio
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp

from bench.chaos import clock, disk, kills
from bench.chaos.agents import PATIENT
from bench.chaos.judge import Outcome, damaged, failed_turns
from bench.chaos.states import failures, repeats, states, unfinished
from bench.chaos.trial import PAGES, READY, Running
from bench.forked import forked
from bench.installation import Installation, install_on
from bench.invariants import AROUND_A_KILL, Broken, check, leaks
from bench.model import Model
from runtime.simulator import Crowded, Knock, registry
from runtime.simulator.history import History, Pushed
from runtime.simulator.hosting import hosted
from runtime.simulator.http import Server

FIRST = 7_000_000
PATIENCE = 5.0
"""Seconds after which a platform hangs up."""
SETTLE = 90.0


@dataclass(frozen=True)
class Crowd:
    """`trouble` runs beside what people write on a channel. Times in seconds."""

    channel: str
    kind: str
    trouble: Callable[[Running], Coroutine[Any, Any, None]] = kills.now_and_then
    people: int = 12
    messages: int = 120
    rate: float = 4.0
    latency: tuple[float, float] = (0.1, 1.0)
    happens: str = "kill -9 now and then"
    environment: Callable[[Path], Mapping[str, str]] = lambda home: {}
    """Of the gateway, by its home."""
    on_small_disk: bool = False
    unwell: str = ""
    """Why it cannot be run here; empty when it can."""

    @property
    def name(self) -> str:
        return f"{self.channel}, {self.kind}: {self.happens}"


def crowds() -> list[Crowd]:
    """Every surface on which several people may write, killed now and then."""
    found = [(name, kind) for name, kind in sorted(registry().items()) if issubclass(kind, Crowded)]
    return [_crowd(name, kind) for name, kind in found]


def troubles(crowd: Crowd) -> list[Crowd]:
    """What else may happen there."""
    root = "" if os.geteuid() == 0 else "needs root, for a tmpfs"
    return [
        replace(crowd, happens="SIGTERM and start", trouble=kills.polite_stops),
        replace(crowd, happens="stands still for 6 s", trouble=kills.stands_still),
        replace(
            crowd,
            happens="clock steps of minutes",
            trouble=clock.near_steps,
            environment=clock.environment,
            unwell=clock.missing(),
        ),
        replace(crowd, happens="disk full", trouble=disk.full_disk, on_small_disk=True, unwell=root),
        replace(crowd, happens="paused and resumed", trouble=pauses),
    ]


async def pauses(running: Running) -> None:
    """Its owner pauses it now and then, as on the command line."""
    id = running.gateway.path.rpartition("/")[2]
    while not await running.pause(1.0, 2.0):
        await _told(running, "pause", id)
        await running.pause(1.0, 3.0)
        await _told(running, "resume", id)


async def _told(running: Running, *command: str) -> None:
    program = replace(running.gateway.program, _process=None, log=None)
    program.command = [sys.executable, "app.py", *command]
    program.start()
    if await asyncio.to_thread(program.wait, READY):
        running.broken.append(Broken("P8", command[0], "was not taken"))


def _crowd(name: str, played: type[Crowded]) -> Crowd:
    """As quickly as everybody may write who waits for an answer."""
    people = played.people
    kind = played.crowded_kind or next(iter(played.kinds))
    return Crowd(name, kind, people=people, messages=16 + 16 * people, rate=0.17 * people)


async def play(crowd: Crowd, home: Path, seed: int) -> Outcome:
    """Once, on a home of its own."""
    dice = random.Random(seed)
    made = registry()[crowd.channel](crowd.kind, time.time)
    assert isinstance(made, Crowded)
    model, history = Model(lambda: dice.uniform(*crowd.latency)), History()
    async with hosted(made) as hosts, Server(model.call) as llm:
        given = {**hosts, "HONGYAN_PUBLIC_URL": PAGES, **crowd.environment(home)}
        gateway = install_on(
            home, crowd.channel, made.settings, model_url=llm.url, agent=PATIENT, environment=given
        )
        gateway = replace(gateway, program=await forked(gateway.program, given))
        running = Running(home, gateway, history, dice)
        unsure: dict[str, float] = {}
        async with doors(made, gateway):
            try:
                await running.start()
                await _write(crowd, made, running, unsure)
            finally:
                gateway.program.kill()
    history.calls, history.shown = list(model.calls), list(made.everybody_saw())
    history.secrets = {name: value for name, value in made.settings.items() if name in SECRET}
    return _judge(crowd, made, running, unsure)


SECRET = ("secret", "encoding_aes_key", "bot_token", "access_token", "app_secret", "signing_secret")


@asynccontextmanager
async def doors(made: Crowded, gateway: Installation) -> Any:
    """What the platform calls is the gateway, when it is there."""
    patience = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(timeout=patience) as session:

        async def knocked(knock: Knock) -> tuple[int, str]:
            given: Mapping[str, Any] = {"params": knock.query, "data": knock.body or None}
            url = gateway.url + gateway.path
            try:
                async with session.request(knock.method, url, headers=knock.headers, **given) as response:
                    return response.status, await response.text()
            except (aiohttp.ClientError, TimeoutError):
                return 502, ""

        async def page(url: str) -> str:
            async with session.get(url.replace(PAGES, gateway.url)) as response:
                return await response.text()

        made.connect(knocked, page)
        yield


async def _write(crowd: Crowd, made: Crowded, running: Running, unsure: dict[str, float]) -> None:
    trouble = asyncio.create_task(crowd.trouble(running))
    writing, began = [], time.time()
    for number in range(crowd.messages):
        await asyncio.sleep(max(0.0, began + number / crowd.rate - time.time()))
        mark = str(FIRST + number)
        one = _one(made, running.history, mark, number % crowd.people, unsure)
        writing.append(asyncio.create_task(one))
    running.over.set()
    await trouble
    await asyncio.gather(*writing)
    if running.gateway.program.exit_code() is not None:
        await running.start()
    await running.until_none(unfinished)
    await running.until_none(lambda home: _unanswered(home, made, running.history), SETTLE)
    await asyncio.sleep(0.3)


async def _one(made: Crowded, history: History, mark: str, number: int, unsure: dict[str, float]) -> None:
    began = time.time()
    taken = await made.written_by(number, f"你好 Q{mark}E")
    history.pushed[mark] = Pushed(mark, made.account, taken.person, began)
    if taken.is_sure:
        history.acknowledged[mark] = time.time()
    else:
        unsure[mark] = time.time()


def _unanswered(home: Path, made: Crowded, history: History) -> int:
    """Messages that surely came and are to be taken or answered yet, and bubbles that are not ended."""
    known = states(home)
    return sum(known.get(mark, "pending") == "pending" for mark in history.acknowledged) + made.unfinished()


def _judge(crowd: Crowd, made: Crowded, running: Running, unsure: Mapping[str, float]) -> Outcome:
    home, history = running.home, running.history
    history.states, history.told = states(home), {*made.told()}
    for mark in unsure.keys() & history.states.keys():
        history.acknowledged[mark] = unsure[mark]
    verdict, failed = check(history), failures(home)
    places = [(path.name, path.read_bytes()) for path in home.rglob("*") if path.is_file()]
    unseen = [id for id in verdict.uncertain if id not in history.answers()]
    gone = [mark for mark in unsure if mark not in history.states]
    broken = [
        *verdict.broken,
        *running.broken,
        *leaks(history, places),
        *damaged(home),
        *failed_turns(failed, may_fail=False),
        *_not_taken(history, {mark: unsure[mark] for mark in gone}),
    ]
    if left := made.unfinished():
        broken.append(Broken("P4", "bubbles", f"{left} were never ended"))
    return Outcome(
        plan=crowd.name,
        kills=len(history.kills),
        slowest_start=max(running.starts),
        verdict=verdict,
        broken=tuple(broken),
        failures=failed,
        problems=Counter({"sent to a process that was killed before it read it": len(gone)} if gone else {}),
        repeats=repeats(home),
        unseen=len(unseen),
    )


def _not_taken(history: History, gone: Mapping[str, float]) -> Iterator[Broken]:
    """What nothing acknowledges may be gone with the process that it was sent to, and else it may not."""
    for mark, at in gone.items():
        around = [kill for kill in history.kills if at - AROUND_A_KILL <= kill]
        nearest = min(around, default=None)
        if nearest is None or nearest - at > AROUND_A_KILL + history.starved.get(nearest, 0.0):
            yield Broken("I1", mark, "was sent to a process that lived, and is not in the store")
