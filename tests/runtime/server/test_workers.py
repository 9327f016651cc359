"""Several behind one port: who dies is started again, and where it helps nobody it is refused."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

import app
from runtime.errors import BadSettings
from runtime.server import workers
from runtime.server.listener import listen
from runtime.settings import CHECKOUT, Settings

PARENT = """
import sys
from pathlib import Path
from runtime.server.workers import Workers
from runtime.settings import Settings
home, port, worker = sys.argv[1:]
settings = Settings(home=Path(home), port=int(port), secret_key="0123456789abcdef")
sys.exit(Workers(2, settings, [sys.executable, "-S", "-c", worker]).run())
"""
WORKER = """
import os, socket
assert os.environ["LISTEN_PID"] == str(os.getpid())
assert os.environ["HONGYAN_WORKER"] in ("1/2", "2/2") and os.path.isdir(os.environ["HONGYAN_WORKER_FOLDER"])
with socket.socket(fileno=3) as port:
    while True:
        caller, _ = port.accept()
        caller.sendall(f"{os.getpid()} {os.environ['HONGYAN_HOME']}".encode())
        caller.close()
"""


@contextlib.contextmanager
def parent(home, worker, port):
    command = [sys.executable, "-c", PARENT, str(home), str(port), worker]
    held = {**os.environ, "TMPDIR": str(home)}  # it is killed, and cleans nothing up
    process = subprocess.Popen(command, cwd=CHECKOUT, env=held, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def ask(port):
    """Who answers, and in which home."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as caller:
        pid, _, home = caller.recv(1000).decode().partition(" ")
        return int(pid), home


def until(found):
    end = time.monotonic() + 60
    while not (what := found()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return what


def answering(port, number):
    """By home, once so many answer; others may answer first again and again."""
    seen = {}

    def enough():
        with contextlib.suppress(OSError):
            pid, home = ask(port)
            seen[home] = pid
        return len(seen) >= number and seen

    return until(enough)


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def test_two_have_one_port_and_a_home_each_and_who_dies_is_started_again(tmp_path, port):
    with parent(tmp_path, WORKER, port) as process:
        first, other = answering(port, 2), str(tmp_path / "data" / "workers" / "2")
        assert set(first) == {str(tmp_path), other}
        os.kill(first[other], signal.SIGKILL)
        until(lambda: is_gone(first[other]))
        again = answering(port, 2)
        assert (again[other] != first[other], again[str(tmp_path)]) == (True, first[str(tmp_path)])
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        for pid in (*again.values(), *first.values()):
            until(lambda pid=pid: is_gone(pid))


def test_they_end_with_a_parent_that_is_killed(tmp_path, port):
    with parent(tmp_path, WORKER, port) as process:
        both = answering(port, 2)
        process.kill()
        process.wait()
        for pid in both.values():
            until(lambda pid=pid: is_gone(pid))


def test_when_none_can_begin_it_is_said_once(tmp_path, port):
    with parent(tmp_path, "raise SystemExit(2)", port) as process:
        assert process.wait(60) == workers.FAILED


@pytest.mark.parametrize("count", [0, 65, 2])
def test_where_it_brings_nothing_it_is_refused(count, tmp_path, monkeypatch):
    monkeypatch.delenv("HONGYAN_DATABASE_URL", raising=False)
    with pytest.raises(BadSettings) as caught:
        app.run(["gateway", "--workers", str(count)], Settings(home=tmp_path))
    assert caught.value.field == "--workers"
    assert ("HONGYAN_DATABASE_URL" in caught.value.text.en) == (count == 2)


def test_a_port_that_was_handed_to_another_process_is_not_ours(tmp_path, port, monkeypatch):
    monkeypatch.setenv("LISTEN_PID", "1")
    with listen(Settings(home=tmp_path, port=port)) as listener:
        assert listener.getsockname()[1] == port
