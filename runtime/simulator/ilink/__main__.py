"""`python -m runtime.simulator --channel ilink --port 8091`: the fake host, for HONGYAN_ILINK_API.

A code is scanned and confirmed by itself after some seconds. What is typed on standard input is what the
person writes; what the bot sends is printed.
"""

import argparse
import asyncio
import signal
import sys
import threading
import time

from runtime.simulator.http import Request, Response, Server
from runtime.simulator.ilink.server import Platform


async def serve(platform: Platform, port: int, steps: list[str]) -> None:
    """Until SIGTERM or Ctrl-C."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    known = 0

    def call(request: Request) -> Response:
        nonlocal known
        response = platform.call(request)
        for one in platform.sent[known:]:
            sys.stdout.write(f"< {one.text or one.item}\n")
        known = len(platform.sent)
        sys.stdout.flush()
        return response

    def listen() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(platform.write, platform.text(line.rstrip("\n")))

    platform.scans = [list(steps) for _ in range(1000)]
    async with Server(call, port) as server:
        sys.stdout.write(f"HONGYAN_ILINK_API={server.url}\n")
        sys.stdout.flush()
        threading.Thread(target=listen, daemon=True).start()
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m runtime.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8091)
    parser.add_argument(
        "--steps", default="scaned,confirmed", help="what is said of a code, e.g. need_verifycode,confirmed"
    )
    given = parser.parse_args()
    asyncio.run(serve(Platform(time.time), given.port, [one for one in given.steps.split(",") if one]))


if __name__ == "__main__":
    main()
