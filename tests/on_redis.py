"""Redis of Debian's package, started for the tests that need it, as whoever runs them and for nobody else."""

import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

PROGRAM = "/usr/bin/redis-check-rdb"
"""redis-tools has the server's own program under another name, and starts no service as redis-server does."""


class Server:
    def __init__(self, folder):
        self.folder = folder
        self.process = None
        self._made = 0

    def start(self, *options):
        command = ["redis-server", "--port", "0", "--unixsocket", self.socket, "--save", "", *options]
        with Path(self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, executable=PROGRAM, stdout=log, stderr=log, cwd=self.folder
            )
        for _ in range(600):
            if self.answers():
                return
            assert self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.02)
        raise TimeoutError((self.folder / "log").read_text())

    @property
    def socket(self):
        return str(self.folder / "socket")

    def url(self):
        """Names of its own for each."""
        self._made += 1
        return f"unix://{self.socket}?prefix=test{self._made}"

    def answers(self):
        return self.cli("ping") == "PONG"

    def cli(self, *words):
        command = ["redis-cli", "-s", self.socket, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    def stand_still(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


@contextmanager
def running():
    folder = Path(tempfile.mkdtemp(prefix="redis", dir="/tmp"))
    server = Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
