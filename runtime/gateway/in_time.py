"""A callback is answered in its window also where what it brought is not stored by then."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from runtime.errors import HongyanError, StoreFailed
from runtime.gateway.background import Background
from runtime.lang import Text

log = logging.getLogger(__name__)

T = TypeVar("T")

SECONDS = 3.0
"""For which it is waited for; a platform waits for five."""
NOT_YET = Text("{seconds:g} 秒还没有存好", "it is not stored after {seconds:g} seconds")


async def nothing(_: Any) -> None:
    """It is all done by then."""


async def in_time(
    storing: Coroutine[Any, Any, T],
    background: Background,
    late: Callable[[T], Awaitable[None]] = nothing,
) -> T:
    """What it comes to. Raises StoreFailed when that takes too long: it goes on, and `late` is told what it
    came to."""
    task = asyncio.ensure_future(storing)
    try:
        done, _ = await asyncio.wait({task}, timeout=SECONDS)
    except asyncio.CancelledError:
        background.start(_told(task, late))
        raise
    if done:
        return task.result()
    background.start(_told(task, late))
    raise StoreFailed(NOT_YET.fill(seconds=SECONDS), code="gone")


async def _told(task: "asyncio.Future[T]", late: Callable[[T], Awaitable[None]]) -> None:
    try:
        await late(await task)
    except HongyanError as e:
        log.error("what came too late for its callback could not be stored: %s", e.text.en)
    except Exception:  # a bug of ours, or a system that gives nothing more
        log.exception("what came too late for its callback could not be taken")
