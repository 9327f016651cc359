"""Where descriptors run out, who calls waits and is answered; nobody is cut off."""

import asyncio
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
CALLERS = 150

SERVER = """
import asyncio, os, resource, socket, sys
import uvloop
from runtime.server.accepting import Accepting

class Answers(asyncio.Protocol):
    def __init__(self, lost):
        self.lost = lost
    def connection_lost(self, error):
        self.lost()
    def connection_made(self, transport):
        self.transport = transport
    def data_received(self, data):
        asyncio.get_running_loop().call_later(0.01, self.answer)
    def answer(self):
        self.transport.write(b"success")
        self.transport.close()

async def main():
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    accepting = Accepting(listener, Answers, 64)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    taken = []
    try:
        while "greedy" in sys.argv:
            taken.append(os.dup(0))
    except OSError:
        pass
    print(listener.getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    accepting.close()
    listener.close()

uvloop.run(main())
"""


@contextmanager
def serving(*how):
    """A server with 64 descriptors in a process of its own; its port."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, *how],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield int(process.stdout.readline())
        process.stdin.close()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


async def call(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"hello")
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return answer


@pytest.mark.parametrize("how", [(), ("greedy",)], ids=["too many callers", "none left at all"])
async def test_everybody_is_answered_with_few_descriptors(how):
    with serving(*how) as port:
        answers = await asyncio.gather(*(call(port) for _ in range(CALLERS)), return_exceptions=True)
    assert answers == [b"success"] * CALLERS
