"""An answer that takes its time: lines, first of how far the work is, at last what a click answers always.

Whoever closes the connection, by the page's stop or by leaving it, ends the work: there is nothing else to
reach, with one instance or ten.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from builder.actions import Action
from builder.actions.lasting import Lasting
from runtime import wellformed
from runtime.server.gone import hung_up
from runtime.working import Work, working

HEADERS = [
    (b"content-type", b"application/x-ndjson"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
"""nginx keeps no line back."""
LOOKS = 0.25
"""Seconds between two looks how far it is."""
ALIVE = 5.0
"""Seconds after which a line comes in any case: the page knows that it goes on, and no proxy cuts it off."""

Json = dict[str, Any]
Asked = Callable[[], Awaitable[Json]]
Plain = Callable[[Json], Response]


async def answered(action: Action | None, asked: Asked, plain: Plain) -> Response:
    """What answers a click of that action, None: of one that there is not. `asked` does it."""
    if action and isinstance(action.manner, Lasting):
        return Told(action.manner, asked, plain, in_thread=not action.is_async)
    return plain(await asked())


class Told(Response):
    """Lines, where it takes longer than LOOKS; else `plain` of what came of it.

    `in_thread`: the work looks itself whether to go on, and says what came of it.
    """

    def __init__(self, lasting: Lasting, asked: Asked, plain: Plain, *, in_thread: bool) -> None:
        super().__init__()
        self._lasting, self._asked, self._plain, self._in_thread = lasting, asked, plain, in_thread

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        work = Work()
        with working(work):
            task: asyncio.Future[Any] = asyncio.ensure_future(self._asked())
        gone: asyncio.Future[Any] = asyncio.create_task(hung_up(receive))
        try:
            await asyncio.wait({task, gone}, timeout=LOOKS, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                await self._plain(task.result())(scope, receive, send)
            elif not gone.done():
                await self._tell_until_done(work, task, gone, send)
        finally:
            gone.cancel()
            if not task.done():
                work.stop()
                if not self._in_thread:
                    task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                # also what cannot be stopped ends here: nothing is left to the garbage collector
                await asyncio.shield(asyncio.wait([task]))

    async def _tell_until_done(
        self, work: Work, task: "asyncio.Future[Any]", gone: "asyncio.Future[Any]", send: Send
    ) -> None:
        loop = asyncio.get_running_loop()
        told, at = None, 0.0
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        while not task.done() and not gone.done():
            now = (work.done, work.of)
            if now != told or loop.time() - at >= ALIVE:
                told, at = now, loop.time()
                await _line(send, {"working": self._so_far(work)})
            await asyncio.wait({task, gone}, timeout=LOOKS, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await _line(send, task.result(), more=False)

    def _so_far(self, work: Work) -> Json:
        title = self._lasting.title.by_language()
        return {"title": title, "stops": self._lasting.stops, "done": work.done, "of": work.of}


async def _line(send: Send, data: Json, *, more: bool = True) -> None:
    try:
        text = json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a character in a file that was made elsewhere
        text = json.dumps(wellformed.data(data), ensure_ascii=False).encode()
    await send({"type": "http.response.body", "body": text + b"\n", "more_body": more})
