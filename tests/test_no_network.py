"""Shows that the guard in conftest.py stops what it should, and only that."""

import asyncio
import socket

import aiohttp
import pytest

# Addresses that are reserved for documentation: nobody lives there.
AWAY = [("192.0.2.1", 80), ("2001:db8::1", 80), ("0.0.0.0", 80)]


@pytest.mark.parametrize("address", AWAY, ids=lambda address: address[0])
def test_another_machine_is_refused(address, no_network):
    with pytest.raises(OSError, match="may talk to"):
        socket.create_connection(address, timeout=1)
    assert no_network == [f"connected to {address[0]}, port 80"]
    no_network.clear()


def test_a_datagram_is_refused(no_network):
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        pytest.raises(OSError, match="may talk to"),
    ):
        sender.sendto(b"hello", ("192.0.2.1", 53))
    no_network.clear()


@pytest.mark.parametrize("name", ["example.com", b"example.com"])
def test_a_lookup_is_refused(name, no_network):
    with pytest.raises(OSError, match="may talk to"):
        socket.getaddrinfo(name, 80)
    assert no_network == ["looked up example.com"]
    no_network.clear()


async def test_a_swallowed_refusal_is_remembered(no_network):
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get("http://example.com/")
    assert no_network == ["looked up example.com"]
    no_network.clear()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1"])
async def test_this_machine_answers(host):
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection(host, port)
        writer.close()
        await writer.wait_closed()
