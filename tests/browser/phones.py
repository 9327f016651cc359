"""A platform whose codes a person scans, played in a thread of the test's own."""

import asyncio
import threading
import time
from contextlib import contextmanager

from runtime.simulator.http import Server
from runtime.simulator.ilink.server import Platform


@contextmanager
def played():
    """The platform; its address is `url`. Nobody scans by themselves."""
    platform, ready, loop = Platform(time.time), threading.Event(), asyncio.new_event_loop()
    platform.scans_itself = False
    over = asyncio.Event()

    async def serve():
        async with Server(platform.call) as server:
            platform.url = server.url
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    platform.soon = loop.call_soon_threadsafe
    try:
        yield platform
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()
