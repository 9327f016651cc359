"""What happens in a turn, on its way to those who watch."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

from runtime.one_reader import OneReader
from runtime.turn.events import Event, TextDelta, TextReset
from runtime.turn.guarding import Guard

Tell = Callable[[TextDelta | TextReset], None]
"""Of text while it is written, at once, where no check looks at it first; else it comes with the rest."""


def telling(put: Callable[[Event], None], tell: Tell | None) -> Callable[[Event], None]:
    """Puts what happens, except for text that is told at once."""
    if tell is None:
        return put

    def told(event: Event) -> None:
        if isinstance(event, TextDelta | TextReset):
            tell(event)
        else:
            put(event)

    return told


async def as_it_happens(
    events: OneReader[Event | None], work: Coroutine[Any, Any, None], guard: Guard | None
) -> AsyncGenerator[Event]:
    """What happens while the work is done, as far as it may be shown."""
    task = asyncio.create_task(work)
    task.add_done_callback(lambda _: events.put_nowait(None))
    try:
        while (event := await events.get()) is not None:
            for shown in await guard.showing(event) if guard else (event,):
                yield shown
        task.result()  # a bug of ours in a block is raised here, not swallowed
    finally:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
