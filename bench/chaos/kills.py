"""The process dies, is stopped, stands still, or is not alone."""

import asyncio
import os
import signal
from dataclasses import replace

from bench.chaos.agents import PATIENT, WITH_TOOL
from bench.chaos.trial import READY, Plan, Running, Trial
from bench.invariants import Broken
from bench.ports import free_port
from runtime.crash import VARIABLE

KILLS = 3
"""Of a trial whose turns take a second."""
LIFE = 1.5
"""Seconds that it gets to live at most once it is ready, when it is killed again and again."""
STILLBORN = 0.25
"""The share of starts that are killed before they are ready."""
REFUSED = 2
"""The exit code of a start that says why it will not."""


async def random_kills(trial: Running) -> None:
    """kill -9 at any moment, started again at once."""
    for _ in range(KILLS):
        if await trial.pause(0.5, 4.0):
            return
        trial.kill()
        await trial.start()


async def now_and_then(trial: Running) -> None:
    """Started again at once, with time to get somewhere in between."""
    while not await trial.pause(0.5, 5.0):
        trial.kill()
        await trial.start()


async def again_and_again(trial: Running) -> None:
    """As quickly as a start allows; some die while they start."""
    while not await trial.pause(0.0, LIFE):
        trial.kill()
        while trial.dice.random() < STILLBORN:
            await die_young(trial)
        await trial.start()


async def stillborn(trial: Running) -> None:
    """Several starts in a row are killed before they are ready."""
    while not await trial.pause(1.0, 2.0):
        trial.kill()
        for _ in range(4):
            await die_young(trial)
        await trial.start()


async def die_young(trial: Running) -> None:
    trial.gateway.program.start()
    await trial.pause(0.0, 1.0)
    trial.kill()


async def polite_stops(trial: Running) -> None:
    """SIGTERM drains: nothing is cut off, so nothing may be paid again."""
    while not await trial.pause(1.0, 3.0):
        await trial.stop()
        await trial.start()


async def impatient_stops(trial: Running) -> None:
    """SIGTERM, and kill -9 before it has come to its end, as a supervisor does that does not wait."""
    while not await trial.pause(0.5, 2.0):
        await trial.stop(trial.dice.uniform(0.0, 0.5))
        await trial.start()


async def stands_still(trial: Running) -> None:
    """As a laptop that sleeps, or a machine whose memory is on the disk: longer than WeChat waits."""
    while not await trial.pause(1.0, 2.0):
        os.kill(trial.gateway.program.pid, signal.SIGSTOP)
        await asyncio.sleep(6)
        os.kill(trial.gateway.program.pid, signal.SIGCONT)


async def second_gateway(trial: Trial) -> None:
    """Another one is started on the same home: it is refused, and the first goes on."""
    other = replace(trial.gateway.program, _process=None)
    while not await trial.pause(0.5, 1.0):
        other.start({"HONGYAN_PORT": str(free_port())})
        code = await asyncio.to_thread(other.wait, READY)
        if code != REFUSED:
            other.kill()
            trial.broken.append(Broken("P2", "second gateway", f"was not refused: {code}"))


def dies_at(point: str, time: int) -> Plan:
    """It kills itself at a named point; then it runs without the name."""

    async def trouble(trial: Trial) -> None:
        if await trial.died(20):
            await trial.start()

    tool = "clock" if point == "after_tool" else ""
    return Plan(
        f"killed at {point}:{time}", trouble, 12, 6, 6, agent=WITH_TOOL if tool else PATIENT, tool=tool,
        environment=lambda home: {VARIABLE: f"{point}:{time}"},
    )  # fmt: skip
