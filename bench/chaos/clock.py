"""The wall clock of the gateway jumps; durations must not notice. Ours and WeChat's go on as ever."""

import ctypes.util
from pathlib import Path

from bench.chaos.trial import Running
from runtime.files import write_whole

CLOCK = "clock"
NEAR = ("+200s", "-200s", "+0s", "-100s", "+240s")
"""Pushes stay within the 5 minutes in which their timestamps are believed."""
FAR = ("+3600s", "+0s", "-3600s", "+0s", "+600s")
"""Pushes are refused for a while, and WeChat repeats them."""


async def near_steps(trial: Running) -> None:
    await _steps(trial, NEAR)


async def far_steps(trial: Running) -> None:
    await _steps(trial, FAR)


def missing() -> str:
    """Why clocks cannot be set here; empty when they can."""
    return "" if _library() else "needs libfaketime (apt-get install libfaketime)"


def environment(home: Path, step: str = "+0s") -> dict[str, str]:
    """Of a gateway that asks `home` what time it is; the file is read once a second."""
    _set(home, step)
    return {
        "LD_PRELOAD": _library(),
        "FAKETIME_TIMESTAMP_FILE": str(home / CLOCK),
        "FAKETIME_CACHE_DURATION": "1",  # reading it at every call would take all the time there is
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


async def _steps(trial: Running, steps: tuple[str, ...]) -> None:
    for step in (*steps, "+0s"):
        await trial.pause(1.5, 2.5)
        _set(trial.home, step)


def _set(home: Path, step: str) -> None:
    write_whole(home / CLOCK, step.encode())


def _library() -> str:
    """Its path; "" when it is not installed. MT is the one for programs with threads."""
    folders = (
        "/usr/lib/x86_64-linux-gnu/faketime",
        "/usr/lib/aarch64-linux-gnu/faketime",
        "/usr/lib/faketime",
    )
    paths = [Path(folder) / "libfaketimeMT.so.1" for folder in folders]
    return (
        next((str(path) for path in paths if path.exists()), "")
        or ctypes.util.find_library("faketimeMT")
        or ""
    )
