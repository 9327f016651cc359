"""A command as somebody types it."""

import asyncio
import io
import sys
import threading
from contextlib import contextmanager
from unittest import mock

import app
from runtime.simulator.http import Server

AGENT = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]}


def typed(given, capsys, said=""):
    """Its exit code, output and complaints. `said`: what it reads from standard input."""
    with mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(said.encode()), "utf-8")):
        code = app.main(given)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@contextmanager
def served(call):
    """The platform in a thread of its own, since a command has a loop of its own."""
    loop, started, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    urls = []

    async def serve():
        async with Server(call) as server:
            urls.append(server.url)
            started.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    started.wait(30)
    try:
        yield urls[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(30)
        loop.close()
