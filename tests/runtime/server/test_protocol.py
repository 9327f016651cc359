"""Connections that send slowly, or without end."""

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn

from runtime.server import protocol


async def hello(scope, receive, send):
    body = b""
    while (message := await receive()).get("more_body"):
        body += message["body"]
    body += message.get("body", b"")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"%02d" % (len(body) % 100)})


class Quick(protocol.BoundedHttp):
    head_seconds = 0.3


@pytest.fixture
async def connect():
    config = uvicorn.Config(hello, port=0, http=Quick, ws="none", lifespan="off", log_config=None)
    config.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Quick(config, state, {}, _loop=loop), "127.0.0.1", 0)

    @asynccontextmanager
    async def connection():
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            yield reader, writer
        finally:
            writer.close()

    yield connection
    server.close()
    await server.wait_closed()


async def closed(reader):
    """Everything that still comes before the server closes."""
    return await asyncio.wait_for(reader.read(), 30)


async def test_a_connection_that_sends_nothing_is_closed(connect):
    async with connect() as (reader, _):
        assert await closed(reader) == b""


async def test_a_head_that_drips_is_not_waited_for(connect):
    async with connect() as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nx: ")

        async def drip():
            while True:
                writer.write(b"y")
                await asyncio.sleep(0.02)

        dripping = asyncio.create_task(drip())
        with suppress(ConnectionError):  # what drips after the end may reset the connection
            assert await closed(reader) == b""
        dripping.cancel()


async def test_a_head_without_end_is_refused(connect):
    async with connect() as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 40_000)
        assert (await closed(reader)).startswith(b"HTTP/1.1 400")


async def test_a_large_body_is_no_large_head(connect):
    async with connect() as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100042\r\n\r\n" + b"y" * 100_042)
        assert (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n42"), 30)).startswith(b"HTTP/1.1 200")


async def test_a_slow_body_is_not_the_protocols_business(connect):
    async with connect() as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\ny")
        await asyncio.sleep(0.5)
        writer.write(b"y")
        assert (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n02"), 30)).startswith(b"HTTP/1.1 200")


async def test_each_request_of_a_connection_is_bounded(connect):
    async with connect() as (reader, writer):
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            await asyncio.wait_for(reader.readuntil(b"\r\n\r\n00"), 30)
        writer.write(b"GET / HTTP/1.1\r\nx: ")
        assert await closed(reader) == b""


LONG = 8 * 1024 * 1024


async def long(scope, receive, send):
    head = [(b"content-length", str(LONG).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": b"a" * LONG})


class Impatient(protocol.BoundedHttp):
    unread_seconds = 0.2
    lost_one: asyncio.Event

    def connection_lost(self, exc):
        super().connection_lost(exc)
        self.lost_one.set()


async def test_an_answer_that_nobody_reads_is_not_held_and_one_that_is_read_comes_whole():
    config = uvicorn.Config(long, port=0, http=Impatient, ws="none", lifespan="off", log_config=None)
    config.load()
    state, loop = uvicorn.server.ServerState(), asyncio.get_running_loop()
    Impatient.lost_one = asyncio.Event()
    server = await loop.create_server(lambda: Impatient(config, state, {}, _loop=loop), "127.0.0.1", 0)
    place = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(*place)
    writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert len((await closed(reader)).partition(b"\r\n\r\n")[2]) == LONG
    writer.close()
    Impatient.lost_one.clear()
    reader, writer = await asyncio.open_connection(*place)
    writer.transport.pause_reading()
    writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    await asyncio.wait_for(Impatient.lost_one.wait(), 30)
    writer.close()
    server.close()
    await server.wait_closed()
