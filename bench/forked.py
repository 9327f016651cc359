"""Programs that are forked off a process which has loaded our code: a start takes a tenth of the time.

What dies is a process like any other, by the same signals, and runs the same `app.py`. Only what is loaded
before the environment is read can differ, so a program that needs LD_PRELOAD is started as ever.
"""

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
    """Runs app.py, with the command's arguments. `loaded` is called before the first start."""

    @staticmethod
    def loaded() -> None:
        """Returns when what is forked off has loaded our code: seconds, once."""
        child = _context().Process(target=int)
        child.start()
        child.join()

    def start(self, extra: Mapping[str, str] | None = None) -> None:
        environment = {**self.environment, **(extra or {})}
        arguments = self.command[self.command.index("app.py") + 1 :]
        child = _context().Process(target=_run, args=(arguments, environment, self.log))
        self.started_at = time.time()
        child.start()
        self._process = _AsPopen(child)  # type: ignore[assignment] # as much of it as is used


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


def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    return context


def _run(arguments: Sequence[str], environment: Mapping[str, str], log: Path | None) -> None:
    """In the child."""
    out = os.open(log or os.devnull, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(CHECKOUT)
    os.environ.update(environment)
    os.setpgrp()
    code = runpy.run_path("app.py")["main"](arguments)
    sys.stdout.flush()
    os._exit(code)
