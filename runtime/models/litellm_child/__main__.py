"""Read questions, answer them side by side, end when nobody asks any longer."""

import asyncio
import gc
import os
import socket
import sys
from collections.abc import Callable
from typing import Any, Protocol, cast

import uvloop

from runtime import child_process
from runtime.models.litellm_child import failures, frames, logs
from runtime.models.litellm_child.asking import Asking, Json, Question, Say
from runtime.models.litellm_child.outbox import Outbox, TooMuch

SLACK = 2.0
"""Seconds that a question may last longer than who asked will wait."""
MEMORY = 2 << 30
"""Bytes of data; long before it the parent puts another process in its place."""


class Asks(Protocol):
    """What is loaded: litellm, or in tests what only plays it."""

    async def ask(self, question: Question, say: Say) -> float | None: ...

    async def rehearse(self) -> None: ...


class Service:
    def __init__(self, asking: Asks, outbox: Outbox) -> None:
        self._asking, self._outbox = asking, outbox
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def take(self, given: Json) -> None:
        if "ping" in given:
            await self._outbox.say(0, "pong", None, urgent=True)
        elif task := self._tasks.get(given.get("cancel", 0)):
            task.cancel()
        elif id := given.pop("ask", 0):
            task = asyncio.create_task(self._answer(id, cast(Question, given)))
            self._tasks[id] = task
            task.add_done_callback(lambda _: self._tasks.pop(id, None))

    async def _answer(self, id: int, question: Question) -> None:
        size = 0
        logs.QUESTION.set(id)

        async def say(value: Json) -> None:
            nonlocal size
            size += await self._outbox.say(id, "said", value)
            if size > frames.MAX_ANSWER:
                raise TooMuch(f"{size} bytes")

        try:
            async with asyncio.timeout(question["seconds"] + SLACK):
                cost = await self._asking.ask(question, say)
        except MemoryError:
            os._exit(1)  # nothing can be relied on any longer; all are asked again
        except Exception as e:  # noqa: BLE001 # whatever litellm and what it uses raise: one question's failure
            await self._outbox.say(id, "failed", failures.told(e), urgent=True)
        else:
            await self._outbox.say(id, "end", {"cost": cost}, urgent=True)


async def serve(connection: socket.socket, load: Callable[[], Asks]) -> None:
    reader, writer = await asyncio.open_connection(sock=connection)
    outbox = Outbox(writer)
    asking = load()
    logs.mark_all()
    await asking.rehearse()
    # What is loaded stays: looking through it again would stop every answer for a while.
    gc.collect()
    gc.freeze()
    sending = asyncio.create_task(outbox.run())
    await outbox.say(0, "ready", None, urgent=True)
    service = Service(asking, outbox)
    while not sending.done() and (frame := await frames.read(reader, frames.MAX_QUESTION)) is not None:
        await service.take(_object(frame))
    # No clean-up: every connection ends with the process.
    os._exit(0)


def _object(frame: bytes) -> Json:
    given: Any = frames.unpack(frame)
    if not isinstance(given, dict):
        raise frames.BadFrame("not an object")
    return given


def main(load: Callable[[], Asks] = Asking) -> None:
    _, descriptor, parent = sys.argv
    child_process.settle(int(parent), MEMORY)
    logs.set_up()
    uvloop.run(serve(socket.socket(fileno=int(descriptor)), load))


if __name__ == "__main__":
    main()
