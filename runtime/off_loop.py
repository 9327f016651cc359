"""Work on outside data that takes longer than a moment, off the event loop."""

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

SMALL = 64 * 1024
"""Bytes or characters that are read on the loop: a thread would cost more than the work (0.3 ms)."""


async def off_loop(work: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T:
    """Do `work` in one of two threads that wait for nobody: no slow DNS or disk keeps them.

    It must be bounded: it ends by itself, whoever asked may be gone by then.
    """
    return await asyncio.get_running_loop().run_in_executor(
        _threads(), functools.partial(work, *args, **named)
    )


@functools.cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, "reader")
