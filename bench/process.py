"""A program under test in a process of its own: start it, weigh it, kill it, stop it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from runtime.models.adapters.via_litellm import cores

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass
class Program:
    """Signals go to this one process, which we started, and to nothing else."""

    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    started_at: float = 0.0
    _process: subprocess.Popen[bytes] | None = None
    _spent: float = 0.0
    """CPU seconds of processes that are gone."""

    @classmethod
    def python(cls, *arguments: str, environment: Mapping[str, str], log: Path | None = None) -> "Program":
        return cls([sys.executable, *arguments], environment, log)

    def start(self, extra: Mapping[str, str] | None = None) -> None:
        out = self.log.open("ab") if self.log else subprocess.DEVNULL
        self.started_at = time.time()
        self._process = subprocess.Popen(
            self.command,
            cwd=CHECKOUT,
            env={**os.environ, **self.environment, **(extra or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        if not isinstance(out, int):
            out.close()

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll() if self._process else 0

    def kill(self) -> None:
        """As `kill -9`."""
        if self._process and self._process.poll() is None:
            self._spent += self._own_cpu()
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self, seconds: float = 40) -> int | None:
        """SIGTERM, and after `seconds` SIGKILL; its exit code."""
        if self._process and self._process.poll() is None:
            self._spent += self._own_cpu()
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        return self.exit_code()

    def waited(self) -> float:
        """Seconds in which it was ready to run and others had the cores."""
        return cores.waited(self.pid)

    def lived(self) -> float:
        """Seconds since its start, less those that it waited for a core."""
        return time.time() - self.started_at - self.waited()

    def wait(self, seconds: float) -> int | None:
        """Until it ends by itself; None when it did not while it `lived` so long."""
        end = self.lived() + seconds
        while (code := self.exit_code()) is None and self.lived() < end:
            time.sleep(0.02)
        return code

    def cpu(self) -> float:
        """CPU seconds so far, of all its starts."""
        return self._spent + self._own_cpu()

    def rss(self) -> float:
        """Resident memory in MB."""
        return psutil.Process(self.pid).memory_info().rss / 2**20

    def helpers(self) -> list[psutil.Process]:
        """What it started: litellm's process, when a model is asked through it."""
        try:
            return list(psutil.Process(self.pid).children(recursive=True))
        except psutil.Error:
            return []

    def helpers_cpu(self) -> float:
        """CPU seconds of what it started and what still runs."""
        return sum(sum(_times(helper)) for helper in self.helpers())

    def helpers_rss(self) -> float:
        return sum(_rss(helper) for helper in self.helpers())

    def _own_cpu(self) -> float:
        try:
            times = psutil.Process(self.pid).cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)


def _times(process: psutil.Process) -> tuple[float, float]:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0, 0.0
    return float(times.user), float(times.system)


def _rss(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss / 2**20)
    except psutil.Error:
        return 0.0
