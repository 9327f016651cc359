"""Waiting for what only begins, such as the encoder: shortly where a person waits, else until it is there."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

LOADING = 60.0
"""Seconds that the encoder may take to begin, on a busy machine."""
READY = 0.5
"""Seconds after which whoever answers has only begun."""

T = TypeVar("T")


@dataclass
class Ease:
    """`seconds`: that each may take; `went_without`: whether something was not there even so; `beginning`:
    seconds that were waited for what only began."""

    seconds: float
    went_without: bool = False
    beginning: float = 0.0
    clock: Callable[[], float] = time.monotonic


_EASE: ContextVar[Ease | None] = ContextVar("ease", default=None)


@contextlib.contextmanager
def unhurried(seconds: float = LOADING, clock: Callable[[], float] = time.monotonic) -> Iterator[Ease]:
    """Nobody waits for what is done within: it is done alike whether the encoder had begun or not."""
    ease = Ease(seconds, clock=clock)
    token = _EASE.set(ease)
    try:
        yield ease
    finally:
        _EASE.reset(token)


@contextlib.asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """For so long, or longer where nobody waits. Raises TimeoutError."""
    ease = _EASE.get()
    began = ease.clock() if ease else 0.0
    try:
        async with asyncio.timeout(seconds if ease is None else max(seconds, ease.seconds)):
            yield
    finally:
        if ease is not None:
            ease.beginning += max(0.0, ease.clock() - began - READY)


async def in_time(work: Awaitable[T], seconds: float, otherwise: T) -> T:
    """What it brings; `otherwise` where that is not there in so many seconds, see `within`."""
    try:
        async with within(seconds):
            return await work
    except TimeoutError:
        went_without()
        return otherwise


def went_without() -> None:
    """What was wanted is not there, and is done without: said to whoever had the time."""
    if ease := _EASE.get():
        ease.went_without = True
