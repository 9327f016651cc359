"""Which message a line of the log is about: one number, the same in the store, in Insights and in traces."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any, TypeVar

T = TypeVar("T")

ABOUT: ContextVar[int] = ContextVar("about", default=0)
"""A message's `seq`, for whatever runs in this context and begins there; 0: about none."""


@contextmanager
def about(seq: int) -> Iterator[None]:
    """What is logged within is about that message."""
    before = ABOUT.set(seq)
    try:
        yield
    finally:
        ABOUT.reset(before)


def outliving(work: Coroutine[Any, Any, T], name: str | None = None) -> asyncio.Task[T]:
    """A task that goes on after whatever began it, and works for others, too: what it logs is about none."""
    apart = copy_context()
    apart.run(ABOUT.set, 0)
    return asyncio.create_task(work, name=name, context=apart)
