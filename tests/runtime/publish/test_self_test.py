"""Our own public address, called as the platform would."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest

from runtime.agents.agent import Agent
from runtime.channels import WebRequest, registry
from runtime.errors import BadSettings, NotFound
from runtime.publish import publish, self_test
from runtime.publish.self_test import unreachable
from runtime.store.control.control import Control

ACCOUNT = {"app_id": "wx1234567890abcdef", "app_secret": "s3cr3t0000000000", "original_id": "gh_abcdef123456"}
AGENT = Agent.load({"id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]})


@pytest.fixture
def control(tmp_path):
    return Control.in_folder(tmp_path)


@pytest.fixture
def publication(control):
    return publish(control, AGENT, "wechat", ACCOUNT).publication


@asynccontextmanager
async def site(answer):
    """A server on this machine; `answer` takes the query and gives status line, headers and body."""

    async def serve(reader, writer):
        head = (await reader.read(65536)).decode("latin-1")
        if not head.startswith("GET"):
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return writer.close()
        query = parse_qs(urlsplit(head.split()[1]).query)
        status, headers, body = answer({name: values[0] for name, values in query.items()})
        length = f"content-length: {len(body)}\r\nconnection: close\r\n"
        writer.write(f"HTTP/1.1 {status}\r\n{length}{headers}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@dataclass(frozen=True)
class Case:
    id: str
    status: str
    headers: str
    body: bytes
    zh: str
    en: str


CASES = [
    Case("login redirect", "302 Found", "location: /login", b"", "跳转到 /login", "redirected to /login"),
    Case("web page", "200 OK", "content-type: text/html", b"<html>", "登录页", "login page"),
    Case("refused", "403 Forbidden", "content-type: text/plain", b"", "签名", "signature"),
    Case("proxy without a target", "502 Bad Gateway", "content-type: text/plain", b"", "502", "502"),
    Case("quoted echo", "200 OK", "content-type: application/json", b'"1"', "被改动", "changed"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
async def test_what_is_wrong_is_said_in_one_sentence(control, publication, case):
    async with site(lambda query: (case.status, case.headers, case.body)) as url:
        finding = await self_test(control, publication, url)
    assert not finding.ok
    assert case.zh in finding.text.zh
    assert case.en in finding.text.en


async def test_the_request_is_one_that_the_channel_accepts(control, publication):
    kind = registry()["wechat"]
    channel = kind(kind.Settings.model_validate(control.channel_settings(publication)))
    asked = []

    def answer(query):
        asked.append(channel.receive(WebRequest("GET", query), 0).response)
        return "200 OK", "content-type: text/plain", asked[0].body.encode()

    async with site(answer) as url:
        finding = await self_test(control, publication, f"{url}/")
    assert asked
    # All is well but that this machine is not reachable for the platform.
    assert "内网地址" in finding.text.zh


async def test_a_closed_port_is_told(control, publication):
    async with site(lambda query: ("200 OK", "", b"")) as url:
        pass
    finding = await self_test(control, publication, url)
    assert "连接不上" in finding.text.zh


async def test_a_server_that_does_not_speak_tls_is_told(control, publication):
    async with site(lambda query: ("200 OK", "", b"")) as url:
        finding = await self_test(control, publication, url.replace("http", "https"))
    assert not finding.ok
    assert "https" in finding.text.en or "TLS" in finding.text.en


@pytest.mark.parametrize(
    ("base", "address", "wrong"),
    [
        ("https://bot.example.com", "8.8.8.8", ""),
        ("https://bot.example.com:443", "2001:4860:4860::8888", ""),
        ("https://bot.example.com:8443", "8.8.8.8", "80"),
        ("http://bot.example.com", "10.0.0.8", "10.0.0.8"),
        ("http://bot.example.com", "fe80::1%eth0", "fe80"),
    ],
)
def test_what_only_the_platform_cannot_reach_is_told(base, address, wrong):
    reason = unreachable(base, [address], {80, 443})
    assert (reason is not None) == bool(wrong)
    assert wrong in (str(reason.text.fill(**reason.more, platform="P")) if reason else "")


@pytest.mark.parametrize("url", ["", "bot.example.com", "ftp://x"])
async def test_without_a_good_address_there_is_no_test(control, publication, url):
    with pytest.raises(BadSettings):
        await self_test(control, publication, url)


async def test_an_unknown_publication_is_told(control):
    with pytest.raises(NotFound):
        await self_test(control, "no-such", "https://bot.example.com")
