"""Whoever may wait while the store is away says so; what it asks is asked again until the store is back."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from runtime.errors import StoreFailed

T = TypeVar("T")
Pause = Callable[[StoreFailed], Awaitable[object]]

_pause: ContextVar[Pause | None] = ContextVar("pause", default=None)


@contextmanager
def waiting(pause: Pause) -> Iterator[None]:
    """Of this task and those that it begins. `pause` is told why, and returns when to ask again."""
    before = _pause.set(pause)
    try:
        yield
    finally:
        _pause.reset(before)


async def asked(ask: Callable[[], Awaitable[T]]) -> T:
    """Raises StoreFailed: at once, unless only the way to the store is gone and somebody waits."""
    while True:
        try:
            return await ask()
        except StoreFailed as e:
            if e.code != "gone" or (pause := _pause.get()) is None:
                raise
            await pause(e)
