"""The disk is full, refuses, is slow; or there are no file descriptors left."""

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psutil

from bench.chaos.kills import REFUSED
from bench.chaos.trial import READY, Running
from bench.invariants import Broken

SPACE = 12
"""Megabytes of the small disk."""
SYNCS = "fsync,fdatasync"
BROKEN = f"{SYNCS}:error=EIO"
SLOW = f"{SYNCS}:delay_enter=700000"
"""Microseconds more, each."""


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Needs root."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SPACE}m", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


async def full_disk(trial: Running) -> None:
    """The small disk is filled, and emptied again."""
    filler = trial.home / "filler"
    while not await trial.pause(1.0, 2.0):
        with filler.open("wb", buffering=0) as file:
            _fill(file.fileno())
        await trial.pause(1.0, 3.0)
        filler.unlink()


async def disk_refuses(trial: Running) -> None:
    """Every write of the process fails for a while, as when the disk turned read-only or broke."""
    await _limit(trial, psutil.RLIMIT_FSIZE, lambda process: 0)


async def store_away(trial: Running) -> None:
    """The messages' file is moved away and put back: nothing may be acknowledged into a file that is gone."""
    store = trial.home / "data" / "messages.db"
    while not await trial.pause(1.0, 3.0):
        store.rename(trial.home / "away.db")
        await trial.pause(0.5, 2.0)
        (trial.home / "away.db").rename(store)


async def no_descriptors(trial: Running) -> None:
    """Hardly a file or connection can be opened for a while."""
    await _limit(trial, psutil.RLIMIT_NOFILE, lambda process: process.num_fds() + 3)


async def slow_syncs(trial: Running) -> None:
    await _tampered(trial, SLOW)


async def failing_syncs(trial: Running) -> None:
    await _tampered(trial, BROKEN)


async def read_only_start(trial: Running) -> None:
    """A start on a read-only disk is refused with a reason; then it starts as if nothing had been."""
    await trial.pause(1.0, 2.0)
    trial.kill()
    program = trial.gateway.program
    _remount(trial.home, "ro")
    log, program.log = program.log, None  # it is on that disk too
    try:
        program.start()
        code = await asyncio.to_thread(program.wait, READY)
        if code != REFUSED:
            trial.broken.append(Broken("P7", "read-only disk", f"the start was not refused: {code}"))
    finally:
        program.kill()
        _remount(trial.home, "rw")
        program.log = log
    await trial.start()


def missing() -> str:
    """Why system calls cannot be tampered with; empty when they can."""
    if os.geteuid() != 0:
        return "needs root, to trace the gateway"
    return "" if shutil.which("strace") else "needs strace (apt-get install strace)"


async def _limit(trial: Running, what: int, low: Callable[[psutil.Process], int]) -> None:
    process = psutil.Process(trial.gateway.program.pid)
    soft, hard = process.rlimit(what)
    while not await trial.pause(1.0, 2.0):
        process.rlimit(what, (low(process), hard))
        await trial.pause(1.0, 3.0)
        process.rlimit(what, (soft, hard))


async def _tampered(trial: Running, how: str) -> None:
    while not await trial.pause(0.5, 1.5):
        async with _strace(trial.gateway.program.pid, how):
            await trial.pause(2.0, 4.0)


@contextlib.asynccontextmanager
async def _strace(pid: int, how: str) -> AsyncIterator[None]:
    command = ["strace", "-f", "-qq", "-o", os.devnull, "-p", str(pid), "-e", f"trace={SYNCS}"]
    tracer = await asyncio.create_subprocess_exec(*command, "-e", f"inject={how}")
    try:
        yield
    finally:
        tracer.terminate()  # it lets go of the process, which runs on
        await tracer.wait()


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
