"""The proxies: one for models, one for platforms, none for what is near."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest
from aiohttp.abc import AbstractResolver

from runtime.errors import BadSettings, Blocked, ToolFailed
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from runtime.network.proxy import Proxy
from runtime.settings import Settings

AT = "http://10.0.0.9:3128"
OUT = [
    ({}, "https://api.example.com/v1", None),
    ({"HONGYAN_PROXY": AT}, "https://api.example.com/v1", AT),
    ({"HONGYAN_PROXY": "10.0.0.9:3128"}, "https://api.example.com/v1", AT),
    ({"HTTPS_PROXY": AT}, "https://api.example.com/v1", AT),
    ({"https_proxy": AT}, "http://api.example.com/v1", AT),
    ({"HTTPS_PROXY": AT, "HONGYAN_PROXY": "direct"}, "https://api.example.com/v1", None),
    ({"HONGYAN_PROXY": AT}, "http://127.0.0.1:8000/v1", None),
    ({"HONGYAN_PROXY": AT}, "http://localhost:8000/v1", None),
    ({"HONGYAN_PROXY": AT}, "http://192.168.1.2:8000/v1", None),
    ({"HONGYAN_PROXY": AT}, "http://vllm:8000/v1", None),
    ({"HONGYAN_PROXY": AT, "NO_PROXY": "example.com, other.org"}, "https://api.example.com/v1", None),
    ({"HONGYAN_PROXY": AT, "no_proxy": ".other.org"}, "https://a.other.org/", None),
    ({"HONGYAN_PROXY": AT, "NO_PROXY": "example.com"}, "https://notexample.com/", AT),
    ({"HONGYAN_PLATFORM_PROXY": AT}, "https://api.example.com/v1", None),
]


@pytest.mark.parametrize(("environ", "url", "proxy"), OUT, ids=[f"{e} {u}" for e, u, _ in OUT])
def test_models_are_asked_through_the_proxy_that_is_set(environ, url, proxy):
    assert Proxy.out(environ).of(url) == proxy


def test_platforms_have_a_setting_of_their_own():
    host = "https://api.weixin.qq.com"
    assert Proxy.platforms({"HONGYAN_PROXY": AT, "HTTPS_PROXY": AT}).of(host) is None
    assert Proxy.platforms({"HONGYAN_PLATFORM_PROXY": AT}).of(host) == AT


FAR = f"api.telegram.org={AT}, discord.com = 10.0.0.9:1"
SAID = [
    (FAR, "https://api.telegram.org", AT),
    (FAR, "https://discord.com/api", "http://10.0.0.9:1"),
    (FAR, "wss://gateway.discord.com", "http://10.0.0.9:1"),
    (FAR, "https://api.weixin.qq.com", None),
    (FAR, "https://notdiscord.com", None),
    (f"{AT},qq.com=direct", "https://api.weixin.qq.com", None),
    (f"{AT},qq.com=direct", "https://slack.com", AT),
    (f"qq.com=direct,api.weixin.qq.com={AT}", "https://api.weixin.qq.com", AT),
    (f"qq.com=direct,api.weixin.qq.com={AT}", "https://qyapi.weixin.qq.com", None),
    (f"10.0.0.7={AT}", "http://10.0.0.7:8080", None),
    ("http://mia:a=b@10.0.0.9:1", "https://slack.com", "http://mia:a=b@10.0.0.9:1"),
    ("mia:a=b@10.0.0.9:1", "https://slack.com", "http://mia:a=b@10.0.0.9:1"),
]


@pytest.mark.parametrize(("said", "host", "proxy"), SAID)
def test_each_platforms_host_may_have_its_own(said, host, proxy):
    chosen = Proxy.platforms({"HONGYAN_PLATFORM_PROXY": said})
    assert chosen.of(host) == proxy
    assert Proxy.platforms({"HONGYAN_PLATFORM_PROXY": said, "NO_PROXY": "com,org"}).of(host) is None


@pytest.mark.parametrize("said", ["Telegram=x", f"a b.com={AT}", f"={AT}", "api.telegram.org=socks5://h:1"])
def test_a_host_that_is_none_and_an_address_that_is_none_are_told(said):
    with pytest.raises(BadSettings) as caught:
        Settings.from_environment({"HONGYAN_PLATFORM_PROXY": said})
    assert caught.value.field == "HONGYAN_PLATFORM_PROXY"


@pytest.mark.parametrize("name", ["HONGYAN_PROXY", "HONGYAN_PLATFORM_PROXY"])
@pytest.mark.parametrize("value", ["socks5://127.0.0.1:1080", "http://", "http://h:99999"])
def test_what_cannot_be_used_is_told_at_the_start(name, value):
    with pytest.raises(BadSettings) as caught:
        Settings.from_environment({name: value})
    assert caught.value.field == name


@asynccontextmanager
async def recorder():
    """A proxy that answers everything itself; the first lines that it was sent."""
    seen = []

    async def answer(reader, writer):
        seen.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b'HTTP/1.1 200 X\r\ncontent-length: 14\r\nconnection: close\r\n\r\n{"errcode": 0}')
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", seen


async def test_a_platform_is_asked_through_its_own():
    async with recorder() as (url, seen):
        outbound = Outbound(Proxy(url))
        try:
            assert await outbound.api("http://api.example.com").call("/token") == (200, {"errcode": 0})
        finally:
            await outbound.close()
    assert seen[0].startswith("GET http://api.example.com/token")


PUBLIC, INSIDE = "93.184.216.34", "10.0.0.5"


class Dns(AbstractResolver):
    """One address for every name."""

    def __init__(self, address):
        self.address = address

    async def resolve(self, host, port=0, family=socket.AF_INET):
        found = {"hostname": host, "host": self.address, "port": port}
        return [{**found, "family": socket.AF_INET, "proto": 0, "flags": 0}]

    async def close(self):
        pass


@asynccontextmanager
async def tools(proxy, address=PUBLIC, **more):
    egress = Egress(resolver=Dns(address), proxy=Proxy(proxy), **more)
    try:
        yield egress
    finally:
        await egress.close()


async def test_a_tool_goes_through_the_proxy_to_the_address_that_was_judged():
    async with recorder() as (url, seen), tools(url) as egress:
        found = await egress.fetch("GET", "http://shop.example.com/a?b=1")
    first, *headers = seen[0].split("\r\n")
    assert first == f"GET http://{PUBLIC}/a?b=1 HTTP/1.1"
    assert "Host: shop.example.com" in headers
    assert found.url == "http://shop.example.com/a?b=1"


async def test_a_tools_tunnel_leads_to_the_address_that_was_judged():
    async with recorder() as (url, seen), tools(url) as egress:
        with pytest.raises(ToolFailed):  # the recorder speaks no TLS
            await egress.fetch("GET", "https://shop.example.com/")
    assert seen[0].startswith(f"CONNECT {PUBLIC}:443 ")


async def test_a_proxy_leads_nobody_into_its_own_network():
    async with recorder() as (url, seen), tools(url, INSIDE) as egress:
        with pytest.raises(Blocked):
            await egress.fetch("GET", "http://shop.example.com/")
    assert seen == []
