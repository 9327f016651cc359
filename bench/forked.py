"""Programs that are forked off a process which has loaded our code: a start takes a tenth of the time.

What dies is a process like any other, by the same signals, and runs the same `app.py`. Only what is loaded
before the environment is read can differ, so a program that needs LD_PRELOAD is started as ever.
"""

import asyncio
import ctypes
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bench.process import CHECKOUT, Program

LOADED = ["bench.loaded", "bench.forked"]


@dataclass
class Forked(Program):
    """Runs app.py, with the command's arguments. `loaded` is called before the first start. `machine`: holds
    what it takes for the name of its machine, where we are root."""

    machine: Path | None = None

    @staticmethod
    def loaded() -> None:
        """Returns when what is forked off has loaded our code: seconds, once."""
        child = _context().Process(target=int)
        child.start()
        child.join()

    def start(self, extra: Mapping[str, str] | None = None) -> None:
        environment = {**self.environment, **(extra or {})}
        arguments = self.command[self.command.index("app.py") + 1 :]
        child = _context().Process(target=_run, args=(arguments, environment, self.log, self.machine))
        self.started_at = time.time()
        child.start()
        self._process = _AsPopen(child)  # type: ignore[assignment] # as much of it as is used


async def forked(program: Program, given: Mapping[str, str]) -> Program:
    """The same, which was not started yet; as it is where `given`, of the environment it starts in, tells
    how it is loaded."""
    if "LD_PRELOAD" in given:
        return program
    await asyncio.to_thread(Forked.loaded)
    return Forked(program.command, program.environment, program.log)


class _AsPopen:
    def __init__(self, child: ForkServerProcess) -> None:
        self._child = child
        assert child.pid
        self.pid = child.pid

    def poll(self) -> int | None:
        return self._child.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        self._child.join(timeout)
        code = self._child.exitcode
        if code is None:
            raise subprocess.TimeoutExpired("forked", timeout or 0)
        return code


BOOT_ID = "/proc/sys/kernel/random/boot_id"
NEW_MOUNTS, BIND, PRIVATE = 0x00020000, 4096, 16384 | (1 << 18)
"""From linux/sched.h and linux/mount.h: unshare(2), mount(2)."""


def take_for_machine(file: Path) -> None:
    """From now on this process reads there what names its machine; others do not. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    calls = (
        lambda: libc.unshare(NEW_MOUNTS),
        lambda: libc.mount(None, b"/", None, PRIVATE, None),
        lambda: libc.mount(bytes(file), BOOT_ID.encode(), None, BIND, None),
    )
    for call in calls:
        if call():
            raise OSError(ctypes.get_errno(), "cannot take another name for this machine")


def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    return context


def _run(
    arguments: Sequence[str], environment: Mapping[str, str], log: Path | None, machine: Path | None
) -> None:
    """In the child."""
    if machine:
        take_for_machine(machine)
    out = os.open(log or os.devnull, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(CHECKOUT)
    os.environ.update(environment)
    os.setpgrp()
    code = runpy.run_path("app.py")["main"](arguments)
    sys.stdout.flush()
    os._exit(code)
