"""Platforms played in a thread of the test's own: one whose codes a person scans, and an enterprise's."""

import asyncio
import threading
import time
from contextlib import AsyncExitStack, contextmanager

from runtime.simulator.http import Server
from runtime.simulator.ilink.server import Platform
from runtime.simulator.sockets import SocketServer
from runtime.simulator.wecom_bot.simulation import WeComBotSimulation


@contextmanager
def played():
    """The platform; its address is `url`. Nobody scans by themselves."""
    platform = Platform(time.time)
    platform.scans_itself = False
    with _beside(Server(platform.call)) as (loop, [server]):
        platform.url, platform.soon = server.url, loop.call_soon_threadsafe
        yield platform


@contextmanager
def enterprise():
    """A bot that connects, and its member: `api` and `link` are the hosts, `write(text)` is the member's."""
    bot = WeComBotSimulation("connection", time.time)
    with _beside(Server(bot.call), SocketServer(bot.serve)) as (loop, [api, link]):
        bot.api, bot.link = api.url, link.url
        bot.write = lambda text: asyncio.run_coroutine_threadsafe(bot.says(text), loop).result(10)
        yield bot


@contextmanager
def _beside(*servers):
    """Those servers, on a loop in a thread."""
    ready, loop, over = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def serve():
        async with AsyncExitStack() as stack:
            for server in servers:
                await stack.enter_async_context(server)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield loop, servers
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()
