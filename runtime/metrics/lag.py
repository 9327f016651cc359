"""How late the event loop is: what holds it up holds up every callback."""

import asyncio

from prometheus_client import Histogram

EVERY = 0.5
"""Seconds between two looks."""


async def watch_lag(lag: Histogram) -> None:
    """For as long as the program runs."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY
        await asyncio.sleep(EVERY)
        lag.observe(max(0.0, loop.time() - due))
