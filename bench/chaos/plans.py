"""What may go wrong, as a list of plans."""

import ctypes.util
import os
import random
import subprocess
from pathlib import Path
from typing import get_args

import psutil

from bench.chaos.trial import PATIENT, READY, Plan, Trial
from bench.model import PATH
from runtime.crash import VARIABLE, Point

SEND = "message/custom/send"
KILLS = 3
"""Of a trial."""
SPACE = 12
"""Megabytes of the small disk."""
WITH_TOOL = {
    **PATIENT,
    "flow": [{"type": "model", "id": "answer", "model": "fake/bench", "tools": [{"type": "clock"}]}],
}


async def random_kills(trial: Trial) -> None:
    """kill -9 at any moment, started again at once.

    Not so often that no turn can end: a message that was there at three kills is put aside, innocent or not.
    """
    for _ in range(KILLS):
        if await trial.pause(1.0, 9.0):
            return
        trial.kill()
        await trial.start()


async def slow_model(trial: Trial) -> None:
    trial.model.faults.chance(PATH, {500: 0.1, 429: 0.05, "html": 0.05, "hang": 0.03})
    await trial.over.wait()


async def sick_platform(trial: Trial) -> None:
    trial.platform.faults.chance(SEND, {-1: 0.1, "http_502": 0.05, "lost": 0.02, "hang": 0.02, "empty": 0.02})
    while not await trial.pause(1.0, 3.0):
        trial.platform.tokens.void()


async def everything(trial: Trial) -> None:
    trial.model.faults.chance(PATH, {500: 0.1, 429: 0.05})
    trial.platform.faults.chance(SEND, {-1: 0.1, 40001: 0.05})
    await random_kills(trial)


async def polite_stops(trial: Trial) -> None:
    """SIGTERM drains: nothing is cut off, so nothing may be paid again."""
    while not await trial.pause(3.0, 8.0):
        await trial.stop()
        await trial.start()


async def full_disk(trial: Trial) -> None:
    """The small disk is filled, and emptied again."""
    filler = trial.home / "filler"
    while not await trial.pause(1.0, 2.0):
        with filler.open("wb", buffering=0) as file:
            _fill(file.fileno())
        await trial.pause(1.0, 3.0)
        filler.unlink()


async def disk_refuses(trial: Trial) -> None:
    """Every write of the process fails for a while, as when the disk turned read-only or broke."""
    process = psutil.Process(trial.gateway.program.pid)
    _, hard = process.rlimit(psutil.RLIMIT_FSIZE)
    while not await trial.pause(1.0, 2.0):
        process.rlimit(psutil.RLIMIT_FSIZE, (0, hard))
        await trial.pause(1.0, 3.0)
        process.rlimit(psutil.RLIMIT_FSIZE, (hard, hard))
    process.rlimit(psutil.RLIMIT_FSIZE, (hard, hard))


async def read_only_start(trial: Trial) -> None:
    """A start on a read-only disk is refused with a reason; then it starts as if nothing had been."""
    await trial.pause(1.0, 2.0)
    trial.kill()
    program = trial.gateway.program
    _remount(trial.home, "ro")
    log, program.log = program.log, None  # it is on that disk too
    try:
        program.start()
        if not await trial.died(READY):
            raise AssertionError("it runs on a read-only disk")
    finally:
        _remount(trial.home, "rw")
        program.log = log
    await trial.start()


async def clock_steps(trial: Trial) -> None:
    """The wall clock jumps back and forth; durations must not notice. Pushes stay within their 5 minutes."""
    clock = trial.home / "clock"
    trial.kill()
    fake = {"LD_PRELOAD": _libfaketime(), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"}
    clock.write_text("+0s", encoding="ascii")
    await trial.start(**fake, FAKETIME_DONT_FAKE_MONOTONIC="1")
    for step in ("+200s", "-200s", "+0s", "-100s"):
        if await trial.pause(1.0, 2.0):
            break
        clock.write_text(step, encoding="ascii")
    clock.write_text("+0s", encoding="ascii")


def dies_at(point: str, time: int) -> Plan:
    """It kills itself at a named point; then it runs without the name."""

    async def trouble(trial: Trial) -> None:
        if await trial.died(20):
            await trial.start()

    tool = "clock" if point == "after_tool" else ""
    return Plan(
        f"killed at {point}:{time}", trouble, 12, 6, 6, agent=WITH_TOOL if tool else PATIENT, tool=tool,
        environment={VARIABLE: f"{point}:{time}"},
    )  # fmt: skip


def plans() -> list[Plan]:
    root = "" if os.geteuid() == 0 else "needs root, for a tmpfs"
    return [
        Plan("random kill -9", random_kills),
        Plan("random kill -9, every message in threes", random_kills, copies=3),
        Plan("random kill -9 with tools", random_kills, agent=WITH_TOOL, tool="clock"),
        Plan("SIGTERM and start", polite_stops),
        Plan("slow and failing model", slow_model, latency=_uneven),
        Plan("failing WeChat API", sick_platform),
        Plan("kills, failing model and API", everything, copies=2),
        Plan("disk full", full_disk, unwell=root),
        Plan("disk refuses", disk_refuses),
        Plan("start on a read-only disk", read_only_start, unwell=root),
        Plan("clock steps", clock_steps, unwell="" if _libfaketime() else "needs libfaketime"),
        *(dies_at(point, time) for point in get_args(Point) for time in (1, 3)),
    ]


def on_small_disk(plan: Plan) -> bool:
    return plan.trouble in (full_disk, read_only_start)


def mount_small_disk(folder: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SPACE}m", "tmpfs", str(folder)], check=True)


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], check=True)


def _uneven(dice: random.Random) -> float:
    return min(8.0, dice.lognormvariate(-0.5, 1.0))


def _fill(descriptor: int) -> None:
    for size in (65536, 4096, 1):
        try:
            while True:
                os.write(descriptor, b"\0" * size)
        except OSError:
            continue


def _remount(folder: Path, how: str) -> None:
    """Only while nothing there is open for writing."""
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def _libfaketime() -> str:
    """Its path; "" when it is not installed."""
    folders = (
        "/usr/lib/x86_64-linux-gnu/faketime",
        "/usr/lib/aarch64-linux-gnu/faketime",
        "/usr/lib/faketime",
    )
    paths = [Path(folder) / "libfaketime.so.1" for folder in folders]
    return (
        next((str(path) for path in paths if path.exists()), "") or ctypes.util.find_library("faketime") or ""
    )
