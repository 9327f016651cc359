"""What every test stands on: no network but this machine, and asyncio for `async def` tests.

A coroutine test needs no marker: tests/pytest.ini sets anyio to auto, `anyio_backend` below chooses asyncio.
Folders of tests have no __init__.py, so a test file's name is used once in the whole tree.
"""

import asyncio
import gc
import ipaddress
import os
import shutil
import socket
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import on_postgresql
import s3_server
from bench import redis as redis_of_ours
from runtime.store.database import place
from runtime.store.database.postgres_url import VARIABLE
from runtime.store.sealing.data_keys import Ring

LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getnameinfo"}

# On a busy machine everything is slow, and no example is wrong for it.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

refused = []

MEMORY = Path("/dev/shm")


def pytest_configure():
    """Keep their folders in memory where there is room: databases wait for a disk dozens of times a test.
    While tests are collected nothing is garbage."""
    gc.disable()
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2**30:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.fixture(autouse=True)
def no_network():
    """Fail the test even when the code under test swallowed the refusal."""
    yield refused
    attempts = ", ".join(refused)
    refused.clear()
    assert not attempts, f"The test left this machine: {attempts}."


@pytest.fixture
def stall():
    """`async with stall() as longest`: then `longest()` is the longest time that nothing else could run.

    In seconds of this process's work, so that a busy machine makes nothing look slow. No garbage is collected
    meanwhile: that walks all that the tests before have left, which the program has not.
    """

    @asynccontextmanager
    async def watch():
        gaps = [0.0]

        async def tick():
            while True:
                began = time.process_time()
                await asyncio.sleep(0.001)
                gaps.append(time.process_time() - began)

        gc.disable()
        ticking = asyncio.create_task(tick())
        await asyncio.sleep(0.002)
        try:
            yield lambda: max(gaps)
        finally:
            await asyncio.sleep(0.002)
            ticking.cancel()
            gc.enable()

    return watch


class NetworkRefused(OSError):
    """A test tried to leave this machine."""


def refuse_network(event, arguments):
    """Stop whatever would leave this machine, in any thread and whichever library asks for it."""
    if event in LOOKUPS and not asks_nobody(arguments[0]):
        refuse(f"looked up {text(arguments[0])}")
    if event in CONNECTS and not is_here(arguments[-1]):
        refuse(f"connected to {text(arguments[-1][0])}, port {arguments[-1][1]}")


def refuse(what):
    refused.append(what)
    raise NetworkRefused(f"The test {what}. Tests may talk to 127.0.0.1, ::1 and localhost only.")


def is_here(address):
    # Only a tuple that starts with a host leads away: a Unix socket is a path, netlink a tuple of numbers.
    if not isinstance(address, tuple) or not isinstance(address[0], str | bytes | bytearray):
        return True
    host = text(address[0])
    try:
        return host == "localhost" or ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def asks_nobody(host):
    """A number needs no name server, in any of the spellings the C library takes (0x7f.1)."""
    if host is None or text(host) in {"", "localhost"} or ":" in text(host):
        return True
    try:
        socket.inet_aton(text(host))
    except OSError:
        return False
    return True


def text(host):
    return host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host


# An audit hook sees what a patched method would miss. Only uvloop, which looks names up in C, escapes it;
# tests run on asyncio's own loop.
sys.addaudithook(refuse_network)


def pytest_collection_finish():
    """What is here now stays: the collector need not look through thousands of tests again and again. It
    comes as seldom as in the program (runtime.server.serve)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    gc.enable()


def pytest_collection_modifyitems(config, items):
    """Browser tests last: the browser keeps an event loop, and no other may run in its thread after it."""
    items.sort(key=lambda item: "browser" in item.path.parts)
    for item in items if config.getoption("--sealed") else ():
        if why := item.get_closest_marker("plain"):
            item.add_marker(pytest.mark.skip(reason=why.args[0]))


def pytest_addoption(parser):
    parser.addoption(
        "--store", choices=("sqlite", "postgresql"), default="sqlite", help="where messages are kept"
    )
    parser.addoption("--sealed", action="store_true", help="what people write is encrypted there")


@pytest.fixture(scope="session")
def postgresql():
    """A server of its own, see on_postgresql.Server."""
    with on_postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def s3():
    """What the environment of an instance says, of a store of its own, see s3_server."""
    with s3_server.running() as environ:
        yield environ


@pytest.fixture(scope="session")
def redis():
    """A server of its own, see bench.redis.Redis."""
    with redis_of_ours.running() as server:
        yield server


@pytest.fixture
def in_postgresql(postgresql, monkeypatch):
    """Messages are kept there instead of in a file, whatever opens them in this process."""
    monkeypatch.setattr(place, "url_of", postgresql.url_of)
    monkeypatch.setenv(VARIABLE, postgresql.begin())
    yield postgresql
    postgresql.empty()


def pytest_generate_tests(metafunc):
    """What holds on both engines says so: `pytestmark = pytest.mark.usefixtures("engine")`."""
    if "engine" in metafunc.fixturenames:
        is_of_files = metafunc.definition.get_closest_marker("of_files")
        engines = ["sqlite"] if is_of_files else ["sqlite", "postgresql"]
        if metafunc.definition.get_closest_marker("sealed_too") and not is_of_files:
            engines.append("sealed")
        metafunc.parametrize("engine", engines, indirect=True)


@pytest.fixture
def engine(request):
    """Where messages are kept: `of_files` marks what is so of SQLite's files alone, `sealed_too` what holds
    when what people write is encrypted there."""
    if request.param == "sealed":
        request.getfixturevalue("sealed")
    if request.param == "postgresql":
        request.getfixturevalue("in_postgresql")
    return request.param


@pytest.fixture
def sealed(monkeypatch):
    """Whatever is written in this process is sealed, as if somebody had switched it on."""
    monkeypatch.setattr(Ring, "is_on", lambda ring, db: True)
    monkeypatch.setattr(Ring, "is_needed", lambda ring, db: True)


@pytest.fixture(autouse=True)
def chosen_store(request):
    if request.config.getoption("--sealed"):
        request.getfixturevalue("sealed")
    is_of_files = request.node.get_closest_marker("of_files")
    if request.config.getoption("--store") == "postgresql" and not is_of_files:
        request.getfixturevalue("in_postgresql")
