"""A process group that grows beyond its bound is ended, whole."""

import asyncio
import os
import signal
from pathlib import Path

EVERY = 0.3
"""Seconds between two looks."""
PAGE = os.sysconf("SC_PAGE_SIZE")


async def watch(group: int, most: int) -> None:
    """Ends everybody in it, this process too, when they hold more than `most` bytes together."""
    while True:
        await asyncio.sleep(EVERY)
        if held(group) > most:
            os.killpg(group, signal.SIGKILL)


def held(group: int) -> int:
    """Bytes that its processes hold alone: what they share is counted once at most by each."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            stat = (process / "stat").read_text(encoding="latin-1").rpartition(") ")[2].split()
            if int(stat[2]) == group:
                resident, shared = (process / "statm").read_text(encoding="ascii").split()[1:3]
                total += (int(resident) - int(shared)) * PAGE
        except (OSError, ValueError, IndexError):
            continue  # it ended meanwhile
    return total
