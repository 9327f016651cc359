"""What is done in somebody's name and outlives its request, which nobody can cut any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from runtime.access.users import Users
from runtime.errors import Forbidden
from runtime.lang import Text
from runtime.readable import if_readable
from runtime.store.control.control import Control

EVERY = 2.0
"""Seconds between two looks, as streams are looked after."""
STOPPED = Text(
    "您能做的事刚被改了，所以这里停下了。请再试一次，还需要的权限请向这里的主人要。",
    "What you may do was just changed, so this was stopped. Try again, or ask the owner for what is missing.",
)


@asynccontextmanager
async def while_allowed(
    control: Control, user: str, other: AbstractAsyncContextManager[None], *, every: float = EVERY
) -> AsyncIterator[None]:
    """Within `other`, the task is stopped, and Forbidden raised, once that user lost any right, or may not
    come in. `every`: seconds."""
    users, loop = Users(control), asyncio.get_running_loop()
    began = users.actor(user)

    timer = loop.call_later(every, lambda: look())

    def look() -> None:
        nonlocal timer
        now = if_readable(lambda: users.actor(user), began)
        if began is None or (now is not None and now.has_all_of(began)):
            timer = loop.call_later(every, look)
        else:
            until.reschedule(loop.time())

    try:
        async with asyncio.timeout(None) as until, other:
            yield
    except TimeoutError:
        if until.expired():
            raise Forbidden(STOPPED, code="changed") from None
        raise
    finally:
        timer.cancel()
