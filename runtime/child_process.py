"""What a child process is to the system: ends with its parent, and goes first when memory is short."""

import asyncio
import contextlib
import ctypes
import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

NICE = 3
"""When the cores are busy, who answers callbacks goes first."""
PR_SET_PDEATHSIG = 1
"""https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html"""

HEARS = 10.0
"""Seconds in which a process ends that was told to."""


@dataclass(frozen=True)
class Seen:
    """One that is begun when it is needed, and anew when it ended. `starts`: so far."""

    is_there: bool
    starts: int


def end_with(parent: int, how: signal.Signals = signal.SIGKILL) -> None:
    """`parent` is who started us: when it was gone before we could say so, we go as well."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:
        os._exit(0)


def settle(parent: int, memory: int) -> None:
    """`parent`: see end_with. `memory`: bytes of data, beyond which whatever asks for more fails."""
    end_with(parent)
    # A service manager or a terminal signals everybody; the parent still has answers to bring, and ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.nice(NICE)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


async def gone(process: asyncio.subprocess.Process) -> None:
    """Wait for one that was told to end. One that does not hear is killed; a disk that hangs holds even that
    up, and nobody waits for it."""
    for _ in range(2):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARS):
                await process.wait()
                return
        with contextlib.suppress(ProcessLookupError):
            process.kill()


def kill_group(process: asyncio.subprocess.Process) -> None:
    """It, and whatever it started, at once."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
