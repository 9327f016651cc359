"""WeChat's API is slow, hangs or refuses: what did not leave goes out later; what may have is told."""

import asyncio
import contextlib

import psutil

from bench.chaos.neighbours import nothing_stays_kept
from bench.chaos.states import states
from bench.chaos.trial import Trial
from bench.invariants import Broken
from runtime.publish import unpublish
from runtime.simulator.faults import Fault
from runtime.store.control.control import Control

TOKEN = "stable_token"
EVERYTHING = "*"
SLOW = 6.0
"""Seconds of every call."""
OUTAGE = 15.0
"""Seconds that the API, or its token endpoint, gives nothing."""


async def slow_api(trial: Trial) -> None:
    trial.platform.faults.latency = SLOW
    await trial.over.wait()
    await trial.until_none(lambda home: list(states(home).values()).count("pending"))
    await _nothing_in_doubt(trial)


async def no_tokens(trial: Trial) -> None:
    """The token endpoint answers a page of a proxy: nothing leaves, so nothing is in doubt."""
    await trial.pause(1.0, 2.0)
    trial.platform.faults.always(TOKEN, "html")
    trial.platform.tokens.void()
    await asyncio.sleep(OUTAGE)
    await nothing_stays_kept(trial)
    await _nothing_in_doubt(trial)


async def api_hangs(trial: Trial) -> None:
    """Then it is well: what may have arrived is told of, as the judge looks for, and the rest is sent."""
    await _outage(trial, "hang")


async def not_permitted(trial: Trial) -> None:
    """The account loses its right and gets it back; a start asks again."""
    await _outage(trial, 48001, restart=True)


async def _outage(trial: Trial, fault: Fault, *, restart: bool = False) -> None:
    await trial.pause(1.0, 2.0)
    trial.platform.faults.always(EVERYTHING, fault)
    await asyncio.sleep(OUTAGE)
    trial.platform.faults.always(EVERYTHING, 0)
    if restart:
        await trial.over.wait()
        await trial.stop()
        await trial.start()
    await nothing_stays_kept(trial)


async def unpublished_and_killed(trial: Trial) -> None:
    """What was accepted before is answered after all."""
    await trial.over.wait()
    control = Control.in_folder(trial.home / "data", "")
    unpublish(control, trial.gateway.path.rpartition("/")[2])
    trial.kill()
    await trial.start()


async def child_killed(trial: Trial) -> None:
    """The process that asks the model dies once: its questions are asked again, and nobody notices."""
    await trial.pause(3.0, 5.0)
    for child in psutil.Process(trial.gateway.program.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()


async def _nothing_in_doubt(trial: Trial) -> None:
    if count := list(states(trial.home).values()).count("uncertain"):
        trial.broken.append(
            Broken("unknown", f"{count} messages", "are in doubt though nothing can have left")
        )
