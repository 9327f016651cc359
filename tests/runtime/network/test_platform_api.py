"""What a platform's API answers, read within bounds."""

import gzip
import json
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from runtime.errors import SendFailed
from runtime.network.platform_api import Outbound


@asynccontextmanager
async def platform(body, status=200, **headers):
    """An API on this machine that answers everything alike."""

    async def answer(_):
        return web.Response(body=body, status=status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    outbound = Outbound()
    try:
        yield outbound.api(f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await outbound.close()
        await runner.cleanup()


async def test_an_answer_is_read():
    async with platform(b'\xef\xbb\xbf{"errcode": 0, "errmsg": "ok \\ud83d"}') as api:
        assert await api.call("/send", {"a": 1}) == (200, {"errcode": 0, "errmsg": "ok \ufffd"})


BOMB = gzip.compress(b"[" * 50_000_000)
HOSTILE = {
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep in the object": b'{"access_token": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
    "50 MB": b'{"errcode": 0, "x": "' + b"x" * 50_000_000 + b'"}',
    "a bomb": b'{"errcode": [' + b"[]," * 300_000 + b"1]}",
    "a long number": b'{"errcode": ' + b"9" * 1_000_000 + b"}",
    "HTML": b"<html>502 Bad Gateway</html>",
    "nothing": b"",
    "a list": json.dumps([1]).encode(),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
async def test_what_cannot_be_read_is_a_failed_send_and_holds_nobody_up(body, stall):
    async with platform(body) as api:
        async with stall() as longest:
            with pytest.raises(SendFailed, match="JSON"):
                await api.call("/token")
        assert longest() < 0.2


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
async def test_a_packed_answer_is_not_opened(encoding, stall):
    async with platform(BOMB, **{"Content-Encoding": encoding}) as api:
        async with stall() as longest:
            with pytest.raises(SendFailed, match="JSON"):
                await api.call("/send", {})
        assert longest() < 0.2
