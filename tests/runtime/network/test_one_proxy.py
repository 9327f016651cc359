"""One setting sends every kind of call to a platform through the proxy: messages, files, links, menus."""

import asyncio
import contextlib

import pytest

from runtime.errors import SendFailed
from runtime.management.line import line
from runtime.network.platform_api import Outbound
from runtime.network.proxy import Proxy

HOST = "http://api.platform.example"


@contextlib.asynccontextmanager
async def proxy():
    """Notes what it is asked for, and answers an empty object; gives its address and its notes."""
    asked = []

    async def serve(reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            asked.append(head.split()[1])
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


async def managed(outbound):
    there = line(HOST, outbound.api(HOST), asyncio.get_running_loop())
    await asyncio.to_thread(there.session.get, f"{HOST}/menu")


CALLS = {
    "a message": lambda outbound: outbound.api(HOST).call("/send", {}),
    "a picture": lambda outbound: outbound.api(HOST).transfer("/media", content=b"PNG"),
    "the time": lambda outbound: outbound.api(HOST).clock(),
    "a held connection": lambda outbound: outbound.link("ws://api.platform.example/link"),
    "a menu": managed,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_every_call_to_a_platform_takes_the_one_proxy(call):
    async with proxy() as (url, asked):
        outbound = Outbound(Proxy(url))
        with contextlib.suppress(SendFailed, OSError):
            await call(outbound)
        await outbound.close()
    assert len(asked) == 1
    assert "api.platform.example" in asked[0]
