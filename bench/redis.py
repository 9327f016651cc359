"""Redis of Debian's package as a server of ours, for nobody else: started, killed, emptied, stopped."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = "/usr/bin/redis-check-rdb"
"""redis-tools has the server's own program under another name, and starts no service as redis-server does."""
PATIENCE = 12.0
"""Seconds for a start."""


def missing() -> str:
    """Why none can be started here; empty when one can."""
    return "" if Path(PROGRAM).exists() else "needs Redis (apt-get install redis-tools)"


@dataclass
class Redis:
    """`folder` holds its socket and its log."""

    folder: Path
    _process: subprocess.Popen[bytes] | None = None
    _made: int = 0

    def start(self, *options: str) -> None:
        """Returns once it answers. Raises TimeoutError, ChildProcessError."""
        command = ["redis-server", "--port", "0", "--unixsocket", self.socket, "--save", "", *options]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, executable=PROGRAM, stdout=log, stderr=log, cwd=self.folder
            )
        ends = time.monotonic() + PATIENCE
        while not self.answers():
            if self._process.poll() is not None:
                raise ChildProcessError(self._log.read_text(errors="replace"))
            if time.monotonic() > ends:
                raise TimeoutError(self._log.read_text(errors="replace"))
            time.sleep(0.02)

    @property
    def socket(self) -> str:
        return str(self.folder / "socket")

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def url(self) -> str:
        """Names of its own for each."""
        self._made += 1
        return f"unix://{self.socket}?prefix=test{self._made}"

    def answers(self) -> bool:
        return self.cli("ping") == "PONG"

    def cli(self, *words: str) -> str:
        command = ["redis-cli", "-s", self.socket, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    def stand_still(self) -> None:
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        if self._process:
            self._process.wait()

    def _signal(self, which: signal.Signals) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(which)


@contextmanager
def running() -> Iterator[Redis]:
    """A new one, until the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="redis", dir="/tmp"))
    made = Redis(folder)
    try:
        made.start()
        yield made
    finally:
        made.kill()
        shutil.rmtree(folder, ignore_errors=True)
