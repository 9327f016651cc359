"""Providers that keep us waiting, say too much, or lead elsewhere: over sockets, through the egress guard."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from runtime.access.sso.asking.way import Trip
from runtime.access.sso.kinds import Net
from runtime.errors import Refused
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from runtime.store.control.sso_records import ProviderRecord

TRIP = Trip("state", "nonce", "v" * 43, "https://us.example/login/sso/corp/back")


@asynccontextmanager
async def serving(answer):
    """A server whose every answer `answer(port)` writes, and the way to it that an operator permits."""
    ports = []

    async def serve(reader, writer):
        try:
            await reader.readuntil(b"\r\n\r\n")
            async for piece in answer(ports[0]):
                writer.write(piece)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    ports.append(server.sockets[0].getsockname()[1])
    egress = Egress([f"sign_in=127.0.0.1:{ports[0]}"])
    told = {
        "id": "corp",
        "kind": "oidc",
        "name": "Corp",
        "issuer": f"http://127.0.0.1:{ports[0]}",
        "client_id": "us",
    }
    try:
        yield Net(egress, Outbound(), seconds=0.3).way(ProviderRecord.model_validate(told), "s3cret")
    finally:
        await egress.close()
        server.close()


def head(length, status="200 OK", more=""):
    kind = "Content-Type: application/json"
    return f"HTTP/1.1 {status}\r\n{kind}\r\nContent-Length: {length}\r\n{more}\r\n".encode()


async def huge(port):
    yield head(10**9) + b'{"issuer": "'
    while True:
        yield b"x" * 65536


async def slow(port):
    yield head(10**6) + b"{"
    while True:
        await asyncio.sleep(0.05)
        yield b" "


async def silent(port):
    await asyncio.sleep(5)
    yield b""


async def inside(port):
    yield head(0, "302 Found", "Location: http://127.0.0.1:22/\r\n")


async def metadata(port):
    yield head(0, "302 Found", "Location: http://169.254.169.254/latest/meta-data/\r\n")


async def deep(port):
    body = b'{"issuer":' + b"[" * 5000 + b"]" * 5000 + b"}"
    yield head(len(body)) + body


async def keys_inside(port):
    issuer = f"http://127.0.0.1:{port}"
    told = {"issuer": issuer, "jwks_uri": "http://127.0.0.1:22/keys"}
    body = json.dumps(
        told | {"authorization_endpoint": f"{issuer}/a", "token_endpoint": f"{issuer}/t"}
    ).encode()
    yield head(len(body)) + body


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (huge, "too large"),
        (slow, "no full answer in 0.3 s"),
        (silent, "no full answer in 0.3 s"),
        (inside, "Port 22 is closed"),
        (metadata, "not on the public internet"),
        (deep, "not answer JSON"),
        (keys_inside, "not https"),
    ],
)
async def test_it_ends_soon_and_says_why(answer, says):
    async with serving(answer) as way:
        with pytest.raises(Refused) as e:
            await asyncio.wait_for(way.address(TRIP, ""), 3)
        assert (e.value.code, says in e.value.text.en) == ("provider", True), e.value.text.en


async def test_many_who_come_at_once_ask_once():
    asked = []

    async def refuses(port):
        asked.append(port)
        yield head(2, "404 Not Found") + b"{}"

    async with serving(refuses) as way:
        found = await asyncio.gather(*(way.address(TRIP, "") for _ in range(20)), return_exceptions=True)
        assert {type(one) for one in found} == {Refused}
    assert len(asked) == 1
