"""A connection that is held goes where it was asked to go, and nowhere else."""

from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from runtime.network.platform_api import Outbound


@asynccontextmanager
async def server(answer):
    """Answers every request on this machine; its address."""
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture
async def outbound():
    made = Outbound()
    yield made
    await made.close()


async def test_what_is_said_comes_back(outbound):
    async def echo(request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(await socket.receive_str())
        return socket

    async with server(echo) as there, await outbound.link(f"ws://{there}/") as link:
        await link.send("你好")
        assert await link.receive() == "你好"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_is_followed_elsewhere(outbound, status):
    asked = []

    async def elsewhere(request):
        asked.append(request.path)
        return web.WebSocketResponse()

    async with server(elsewhere) as other:

        async def leads(_):
            return web.Response(status=status, headers={"Location": f"http://{other}/inside"})

        async with server(leads) as there:
            with pytest.raises(OSError, match="ClientError"):
                await outbound.link(f"ws://{there}/")
    assert asked == []
