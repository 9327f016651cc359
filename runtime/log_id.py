"""Which message a line of the log is about: one number, the same in the store, in Insights and in traces."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

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
