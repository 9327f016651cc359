"""Several gateways behind one port, for a machine with several cores: `python app.py gateway --workers N`.

The parent takes the port and hands it to each, as systemd hands sockets (sd_listen_fds(3)); who has time
takes the next connection. One that ends is started again. Each is an instance of its own with a home of its
own, which the database keeps alike; the first has the home that was asked for.
"""

import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runtime.child_process import end_with
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.metrics.beside import Beside
from runtime.server.listener import HANDED, listen
from runtime.settings import Settings
from runtime.store.control.secrets import KEY_FILE
from runtime.store.database.place import url_of
from runtime.store.database.postgres_url import VARIABLE
from runtime.store.home_files import WORKERS

MOST = 64
FAILED = 2
"""The exit code of who says why it cannot start."""
SETTLED = 10.0
"""Seconds after which one that ends did not fail at its start."""
LONGEST = 30.0
"""Seconds between two tries, at most: each takes twice as long as the one before."""
LOOK = 0.1

log = logging.getLogger(__name__)


def check(count: int, settings: Settings) -> None:
    """Raises BadSettings."""
    if not 1 <= count <= MOST:
        raise BadSettings(
            Text("--workers 应为 1 到 {most}。", "--workers is a number from 1 to {most}.").fill(most=MOST),
            field="--workers",
        )
    if count > 1 and not url_of(settings.data / "messages.db"):
        raise BadSettings(
            Text(
                "--workers 要先设 {variable}：SQLite 里的消息同一时刻只有一个进程在处理，再多一个只会转手，"
                "CPU 多用将近一倍。见 docs/zh/scale.md。",
                "--workers needs {variable}: messages in SQLite are worked on by one process, and a second "
                "one only passes on what it gets, for nearly twice the CPU. See docs/en/scale.md.",
            ).fill(variable=VARIABLE),
            field="--workers",
        )


@dataclass
class Worker:
    number: int
    home: Path
    pid: int = 0
    began: float = float("-inf")
    fails: int = 0

    def pause(self) -> float:
        """Seconds from one start to the next."""
        return min(LONGEST, 2.0 ** (self.fails - 1)) if self.fails else 0.0


class Workers:
    def __init__(self, count: int, settings: Settings, program: Sequence[str]) -> None:
        """`program`: what each of them runs."""
        homes = [settings.home, *(settings.data / WORKERS / str(n) for n in range(2, count + 1))]
        self._workers = [Worker(number, home) for number, home in enumerate(homes, 1)]
        self._settings = settings
        self._program = list(program)
        self._stops = False
        self._code = 0
        self._pid = os.getpid()
        self._folder = Path()
        """Of the sockets on which they tell each other what they counted."""

    def run(self) -> int:
        """Until SIGTERM or Ctrl-C; the exit code. Raises BadSettings."""
        with tempfile.TemporaryDirectory(prefix="hongyan-") as folder, listen(self._settings) as listener:
            self._folder = Path(folder)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._stop)
            while not self._stops or any(one.pid for one in self._workers):
                self._reap()
                for worker in self._workers:
                    if self._may_begin(worker):
                        self._begin(worker, listener)
                time.sleep(LOOK)
        return self._code

    def _stop(self, number: int, frame: object) -> None:
        """As they are told, once or twice."""
        self._stops = True
        for worker in self._workers:
            if worker.pid:
                os.kill(worker.pid, signal.SIGTERM)

    def _may_begin(self, worker: Worker) -> bool:
        if self._stops or worker.pid or time.monotonic() < worker.began + worker.pause():
            return False
        # The first one makes the key that all of them seal with, where there is none yet.
        has_key = bool(self._settings.secret_key) or (self._settings.data / KEY_FILE).exists()
        return has_key or worker.number == 1

    def _begin(self, worker: Worker, listener: socket.socket) -> None:
        self._furnish(worker)
        worker.began = time.monotonic()
        if pid := os.fork():
            worker.pid = pid
            return
        try:
            self._become(worker, listener)
        except BaseException:  # the parent begins it anew; here nothing is left that could go on
            log.exception("a worker could not begin")
        finally:
            os._exit(1)

    def _furnish(self, worker: Worker) -> None:
        """The same key in its home, whose other files come from the database."""
        key = self._settings.data / KEY_FILE
        if worker.number > 1:
            (worker.home / "data").mkdir(parents=True, exist_ok=True, mode=0o700)
            if key.exists():
                shutil.copy2(key, worker.home / "data" / KEY_FILE)

    def _become(self, worker: Worker, listener: socket.socket) -> None:
        """In the child. A terminal's Ctrl-C reaches the parent alone, which tells us."""
        end_with(self._pid, signal.SIGTERM)
        os.setpgid(0, 0)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        if listener.fileno() == HANDED:
            os.set_inheritable(HANDED, True)
        else:
            os.dup2(listener.fileno(), HANDED)
        told = {"HONGYAN_HOME": str(worker.home), "LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
        told |= Beside(worker.number, len(self._workers), self._folder).told()
        os.execve(self._program[0], self._program, {**os.environ, **told})

    def _reap(self) -> None:
        for worker in self._workers:
            if not worker.pid:
                continue
            pid, status = os.waitpid(worker.pid, os.WNOHANG)
            if not pid:
                continue
            worker.pid, code = 0, os.waitstatus_to_exitcode(status)
            if self._stops:
                self._code = self._code or max(code, 0)
                continue
            was_short = time.monotonic() - worker.began < SETTLED
            worker.fails = worker.fails + 1 if was_short else 0
            if code == FAILED and was_short and all(one.fails or not one.pid for one in self._workers):
                # It said why, and nobody works: so do we, rather than say it again and again.
                self._code = code
                self._stop(signal.SIGTERM, None)
                continue
            log.error("worker %s ended with %s and is started again", worker.number, code)


def run(count: int, settings: Settings) -> int:
    """Raises BadSettings."""
    check(count, settings)
    return Workers(count, settings, [sys.executable, sys.argv[0], "gateway"]).run()
