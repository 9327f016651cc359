"""Two processes on one home answer alike: one works on the messages, the other passes on and takes over."""

import asyncio
import contextlib

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from starlette.responses import PlainTextResponse

from runtime.server.lock import only_one
from runtime.server.relay import PATIENCE, Relay
from runtime.server.role import Role
from runtime.settings import Settings


class World:
    """A process that does not work on the messages, and where the other one is."""

    def __init__(self, patience=PATIENCE):
        self.works = False
        self.address = ""
        self.relay = Relay(self.here, self, patience)

    def other(self):
        return self.address

    async def here(self, scope, receive, send):
        body = (await receive())["body"] if scope["method"] == "POST" else b""
        await PlainTextResponse(b"here " + body)(scope, receive, send)

    @contextlib.asynccontextmanager
    async def caller(self):
        transport = httpx.ASGITransport(self.relay)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot.example.com") as client:
            yield client
        await self.relay.close()


async def echo(request):
    said = {"method": request.method, "path": request.raw_path, "host": request.headers["Host"]}
    said |= {"key": request.headers.get("Authorization"), "body": (await request.read()).decode()}
    return web.json_response(said, status=418, headers={"X-Own": "kept", "Location": "/elsewhere"})


async def pieces(request):
    response = web.StreamResponse()
    await response.prepare(request)
    for n in range(3):
        await response.write(b"data: %d\n\n" % n)
        await asyncio.sleep(0.01)
    return response


@contextlib.asynccontextmanager
async def other_process():
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_get("/v1/pieces", pieces)
    app.router.add_route("*", "/{path:.*}", echo)
    async with TestServer(app) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.mark.parametrize(
    "path",
    [
        "/c/shop-1",
        "/agent/chat",
        "/agent/later",
        "/mcp",
        "/back/token",
        "/v1/chat/completions",
        "/r/secret",
        "/desk/claims",
        "/ready",
    ],
)
async def test_what_is_for_the_gateway_is_passed_on_as_it_came(path):
    world = World()
    async with other_process() as world.address, world.caller() as client:
        key = {"authorization": "Bearer hy-x"}
        response = await client.post(f"{path}?a=%2F+%2B&b=%E8%8C%B6", content="茶".encode(), headers=key)
    assert response.status_code == 418
    assert response.headers["x-own"] == "kept"
    assert response.json() == {
        "method": "POST",
        "path": f"{path}?a=%2F+%2B&b=%E8%8C%B6",
        "host": "bot.example.com",
        "key": "Bearer hy-x",
        "body": "茶",
    }


async def test_the_rest_is_answered_here():
    world = World()
    async with other_process() as world.address, world.caller() as client:
        for path in ("/", "/build", "/health", "/login", "/cx", "/gradio_api/queue/data"):
            assert (await client.get(path)).text == "here "


@pytest.mark.parametrize(("size", "status"), [(4 * 1024 * 1024, 418), (4 * 1024 * 1024 + 1, 413)])
async def test_of_what_a_stranger_sends_no_more_is_held_than_a_route_takes(size, status):
    world = World()
    async with other_process() as world.address, world.caller() as client:
        assert (await client.post("/agent/chat", content=b"x" * size)).status_code == status


async def test_a_stream_comes_in_its_pieces():
    world = World()
    async with other_process() as world.address, world.caller() as client:
        assert (await client.get("/v1/pieces")).text.count("data: ") == 3


async def test_what_comes_while_the_other_is_gone_waits_for_whoever_takes_over():
    world = World()
    world.address = "http://127.0.0.1:1"
    async with world.caller() as client:
        waiting = asyncio.create_task(client.post("/c/shop-1", content=b"message"))
        await asyncio.sleep(0.15)
        world.works = True
        assert (await asyncio.wait_for(waiting, 30)).text == "here message"


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:1"])
async def test_when_nobody_comes_it_is_said_in_a_sentence(address):
    world = World(patience=0.05)
    world.address = address
    async with world.caller() as client:
        response = await client.post("/c/shop-1", content=b"message")
    assert response.status_code == 503
    assert "稍后再试" in response.json()["error"]


async def test_what_may_have_been_taken_is_not_sent_twice():
    connections = []

    async def hang_up(reader, writer):
        connections.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    world = World(patience=0.3)
    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server, world.caller() as client:
        world.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        assert (await client.post("/agent/chat", content=b"{}")).status_code == 503
        assert len(connections) == 1
        assert (await client.post("/c/shop-1", content=b"{}")).status_code == 503
        assert len(connections) > 2  # a platform's message is known by its number


def test_the_builder_leaves_a_gateway_time_to_come_back(tmp_path):
    now = [0.0]
    role = Role(Settings(home=tmp_path), patience=15, clock=lambda: now[0])
    with only_one(tmp_path / "data", "gateway"):
        assert not role.take_over()
    assert not role.take_over()
    now[0] = 14.0
    with only_one(tmp_path / "data", "gateway"):
        assert not role.take_over()
    now[0] = 15.0
    assert not role.take_over()
    now[0] = 30.0
    assert role.take_over()
    role.leave()


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860"),
        ("0.0.0.0", "http://127.0.0.1:7860"),
        ("::", "http://[::1]:7860"),
        ("localhost", "http://localhost:7860"),
    ],
)
def test_the_other_process_finds_this_one(tmp_path, host, address):
    role = Role(Settings(home=tmp_path, host=host))
    assert role.take()
    assert role.other() == ""
    assert Role(Settings(home=tmp_path, port=7861)).other() == address
    role.leave()
