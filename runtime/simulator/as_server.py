"""Any simulated platform as a server: what is typed is what the person writes; what they see is printed."""

import argparse
import asyncio
import json
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp

from runtime.simulator import Knock, Simulation
from runtime.simulator.hosting import hosted

LOOK = 0.2
"""Seconds between two looks at the chat."""


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@asynccontextmanager
async def played(
    simulation: Simulation, callback: str, port: int = 0
) -> AsyncIterator[Callable[[str], None]]:
    """Its hosts are there, and what it calls is the callback; gives what lets the person write."""
    tasks: set[asyncio.Task[None]] = set()

    def begin(text: str) -> None:
        task = asyncio.create_task(_write(simulation, text))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async with aiohttp.ClientSession() as session, hosted(simulation, port) as hosts:

        async def knocked(knock: Knock) -> tuple[int, str]:
            if not callback:
                raise ConnectionError("no --callback was given")
            try:
                async with session.request(
                    knock.method,
                    f"{callback}{knock.path}",
                    params=knock.query,
                    data=knock.body or None,
                    headers=knock.headers,
                    allow_redirects=False,
                ) as response:
                    return response.status, await response.text()
            except (aiohttp.ClientError, ValueError) as e:
                raise ConnectionError(str(e)) from e

        async def page(url: str) -> str:
            async with session.get(url) as response:
                return await response.text()

        simulation.connect(knocked, page)
        for name, url in hosts.items():
            _print(f"{name}={url}")
        _print(f"settings: {json.dumps(dict(simulation.entered))}")
        watching = asyncio.create_task(_watch(simulation))
        try:
            yield begin
        finally:
            ending = [watching, *tasks]
            for task in ending:
                task.cancel()
            await asyncio.gather(*ending, return_exceptions=True)


async def _write(simulation: Simulation, text: str) -> None:
    try:
        await simulation.write(text)
    except OSError as e:
        _print(f"! {e}")


async def _watch(simulation: Simulation) -> None:
    shown: list[str] = []
    while True:
        now = [one.sent for one in simulation.seen() if one.side != "me"]
        for number, text in enumerate(now):
            if number >= len(shown) or shown[number] != text:  # a bubble grows in its place
                _print(f"< {text}")
        shown = now
        await asyncio.sleep(LOOK)


async def _serve(simulation: Simulation, callback: str, port: int) -> None:
    """Until SIGTERM or Ctrl-C."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with played(simulation, callback, port) as write:

        def listen() -> None:
            for line in sys.stdin:
                loop.call_soon_threadsafe(write, line.rstrip("\n"))

        threading.Thread(target=listen, daemon=True).start()
        await stop.wait()


def run(channel: str, kind: type[Simulation]) -> None:
    parser = argparse.ArgumentParser(
        prog=f"python -m runtime.simulator --channel {channel}", description=__doc__
    )
    parser.add_argument("--port", type=int, default=8091, help="of the API; a connection's is the next one")
    parser.add_argument("--callback", default="", help="the address that the platform calls")
    parser.add_argument("--kind", choices=list(kind.kinds), default=next(iter(kind.kinds)))
    given = parser.parse_args()
    asyncio.run(_serve(kind(given.kind, time.time), given.callback, given.port))
