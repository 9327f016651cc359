"""What we talk to is ill: the model, WeChat's API, and who calls us."""

import asyncio
import contextlib

from bench.chaos.kills import random_kills
from bench.chaos.states import kept
from bench.chaos.trial import Trial
from bench.invariants import Broken
from bench.model import PATH
from runtime.simulator.faults import Fault

SEND = "message/custom/send"
REFUSING = 8.0
"""Seconds that the API refuses everything."""
PARTIAL = 100
"""Connections that send half a request."""


async def slow_model(trial: Trial) -> None:
    trial.model.faults.chance(PATH, {500: 0.1, 429: 0.05, "html": 0.05, "hang": 0.03})
    await trial.over.wait()


async def sick_platform(trial: Trial) -> None:
    trial.platform.faults.chance(SEND, {-1: 0.1, "http_502": 0.05, "lost": 0.02, "hang": 0.02, "empty": 0.02})
    while not await trial.pause(1.0, 3.0):
        trial.platform.tokens.void()
    await nothing_stays_kept(trial)


async def everything(trial: Trial) -> None:
    trial.model.faults.chance(PATH, {500: 0.1, 429: 0.05})
    trial.platform.faults.chance(SEND, {-1: 0.1, 40001: 0.05})
    await random_kills(trial)
    await trial.over.wait()
    await nothing_stays_kept(trial)


async def tokens_refused(trial: Trial) -> None:
    await _refuses(trial, 40001)


async def quota_used_up(trial: Trial) -> None:
    await _refuses(trial, 45009)


async def killed_while_refused(trial: Trial) -> None:
    """What a dead process kept because of a passing failure is not forgotten by the next one."""
    await _refuses(trial, 40001, killed=True)


async def _refuses(trial: Trial, fault: Fault, *, killed: bool = False) -> None:
    """Every call for a while."""
    await trial.pause(1.0, 2.0)
    trial.platform.faults.always("*", fault)
    await asyncio.sleep(REFUSING)
    if killed:
        trial.kill()
    trial.platform.faults.always("*", 0)
    if killed:
        await trial.start()
    await trial.over.wait()
    await nothing_stays_kept(trial)


async def nothing_stays_kept(trial: Trial) -> None:
    """Once the API is well, and the account was tried again, everybody gets their answer."""
    trial.platform.faults.clear()
    if left := await trial.until_none(kept):
        trial.broken.append(Broken("P6", f"{left} answers", "are kept though the account can push again"))


async def half_requests(trial: Trial) -> None:
    """Connections that begin and do not go on, and some that break off, beside honest ones."""
    while not await trial.pause(0.5, 1.0):
        await asyncio.gather(*(_half_request(trial) for _ in range(PARTIAL)))


async def _half_request(trial: Trial) -> None:
    raw = (
        f"POST {trial.gateway.path}?signature=0&timestamp=1&nonce=1 HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\nContent-Type: text/xml\r\nContent-Length: 900\r\n\r\n<xml><ToUserName>"
    )
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_connection("127.0.0.1", trial.gateway.port)
        writer.write(raw[: trial.dice.randrange(len(raw))].encode())
        await trial.pause(0.0, 3.0)
        writer.transport.abort()
