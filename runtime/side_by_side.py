"""Two things at once, of which the first that ends ends both."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def done_before(work: Awaitable[T], end: Awaitable[object]) -> "asyncio.Future[T] | None":
    """The work, which is done; None where `end` was there first, so the work was stopped.

    Neither goes on when this is over, in whatever way.
    """
    working, ending = asyncio.ensure_future(work), asyncio.ensure_future(end)
    try:
        await asyncio.wait({working, ending}, return_when=asyncio.FIRST_COMPLETED)
        return working if working.done() else None
    finally:
        working.cancel()
        ending.cancel()
        await asyncio.gather(working, ending, return_exceptions=True)
