"""Streams and WebSockets may stay open for hours; whoever opened one may lose the right to it meanwhile."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

EVERY = 2.0
"""Seconds between two looks."""
PATIENCE = 1.0
"""Seconds that a cancelled request gets to clean up; what it still does then reaches nobody."""


async def while_live(
    work: Coroutine[Any, Any, None], is_live: Callable[[], bool], *, every: float | None = None
) -> bool:
    """Serve until it is done, or `is_live` no longer says so; whether it came to its end."""
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({task}, timeout=every or EVERY))[0]:
            if not is_live():
                task.cancel()
                await asyncio.wait({task}, timeout=PATIENCE)
                return False
        task.result()
    finally:
        task.cancel()
    return True
