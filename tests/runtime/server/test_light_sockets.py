"""What an open WebSocket keeps while nobody says anything on it does what asyncio's own would."""

import asyncio

import pytest
from websockets.asyncio.client import connect

from runtime.server import sockets
from runtime.server.door import while_live
from runtime.server.sockets import BoundedSocket, Writable
from served import served


async def test_all_who_wait_to_write_are_told():
    writable = Writable()
    assert await writable.wait()
    writable.clear()
    writable.clear()
    writers = [asyncio.create_task(writable.wait()) for _ in range(2)]
    await asyncio.sleep(0)
    assert not any(writer.done() for writer in writers)
    writable.set()
    assert await asyncio.gather(*writers) == [True, True]
    assert await writable.wait()


async def test_the_headers_are_kept_once():
    kept, accepted = [], asyncio.Event()

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            return
        kept.append(receive.__self__)
        await receive()
        await send({"type": "websocket.accept"})
        kept.append(dict(scope["headers"])[b"x-mark"])
        accepted.set()
        await receive()

    async with served(app) as port, connect(f"ws://127.0.0.1:{port}", additional_headers={"x-mark": "m"}):
        await accepted.wait()
    socket, mark = kept
    assert isinstance(socket, BoundedSocket)
    assert (len(socket.request.headers), mark) == (0, b"m")


async def test_a_look_that_fails_ends_what_it_watches():
    ended = asyncio.Event()

    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    def broken():
        raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        await while_live.while_live(work(), broken, every=0)
    await ended.wait()


def framed(first, content):
    """As a client sends it: masked, with nothing."""
    return bytes([first, 0x80 | len(content)]) + bytes(4) + content


FLOODS = {
    "pieces without a word": framed(0x01, b"") + framed(0x00, b"") * 5000,
    "pieces of a sign": framed(0x01, b"a") + framed(0x00, b"a") * 5000,
    "pings": framed(0x89, b"") * 5000,
    "pongs": framed(0x8A, b"") * 5000,
    "texts": framed(0x81, b"a") * 30_000,
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
async def test_who_sends_frames_without_end_is_cut_off(flood):
    gone = asyncio.Event()

    async def app(scope, receive, send):
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
        gone.set()

    async with served(app) as port, connect(f"ws://127.0.0.1:{port}") as there:
        there.transport.write(flood)
        async with asyncio.timeout(5):
            await gone.wait()


async def test_a_message_slowly_sent_in_pieces_has_an_end_too(monkeypatch):
    monkeypatch.setattr(sockets, "MOST_PIECES", 20)  # of 4096
    heard = asyncio.Queue()

    async def app(scope, receive, send):
        await send({"type": "websocket.accept"})
        while (told := await receive())["type"] != "websocket.disconnect":
            if told["type"] == "websocket.receive":
                heard.put_nowait(told["text"])
        heard.put_nowait(None)

    async with served(app) as port, connect(f"ws://127.0.0.1:{port}") as there:
        await there.send(["你"] * 19)
        there.transport.write(framed(0x01, b"") + framed(0x00, b"") * 30)
        async with asyncio.timeout(5):
            assert [await heard.get(), await heard.get()] == ["你" * 19, None]


async def test_a_message_that_does_not_end_is_not_held_for_ever_and_one_that_does_stops_the_clock():
    heard, gone = asyncio.Queue(), asyncio.Event()

    async def app(scope, receive, send):
        receive.__self__.whole_seconds = 0.05
        await send({"type": "websocket.accept"})
        while (told := await receive())["type"] != "websocket.disconnect":
            if told["type"] == "websocket.receive":
                heard.put_nowait(told["text"])
        gone.set()

    async with served(app) as port, connect(f"ws://127.0.0.1:{port}") as there:
        async with asyncio.timeout(5):
            await there.send(["a", "b"])
            assert await heard.get() == "ab"
            there.transport.write(framed(0x01, b"a"))
            await gone.wait()


async def test_whoever_takes_no_large_messages_is_sent_none():
    async def app(scope, receive, send):
        await send({"type": "websocket.accept", sockets.LARGEST: 100})
        while (await receive())["type"] != "websocket.disconnect":
            pass

    async with served(app) as port, connect(f"ws://127.0.0.1:{port}") as there:
        await there.send("a" * 100)
        await there.send("a" * 101)
        async with asyncio.timeout(5):
            await there.wait_closed()
        assert there.close_code == 1009
