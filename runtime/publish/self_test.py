"""Call our own public address as the platform would, and say in one sentence what is wrong with it."""

import asyncio
import secrets
import socket
import ssl
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from runtime.channels import AddressCheck, Channel, Verifies, WebRequest
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text, as_it_is, joined
from runtime.network.public_address import is_public
from runtime.network.sessions import open_session
from runtime.publish.credentials import channel_named
from runtime.publish.doctor import SELF_TEST
from runtime.publish.publications import the_publication
from runtime.settings import check_url
from runtime.store.control.control import Control

NO_CHECK = Text("这个渠道不检查回调地址。", "This channel has no address to be checked.")
PASSED = Text(
    "自检通过：公网地址能访问，签名和回显都正确。",
    "The self-test passed: the address is reachable and echoes correctly.",
)
BIGGEST = 4096
"""Bytes of an answer that are looked at."""


@dataclass(frozen=True)
class SelfTestResult:
    """One sentence about the connection."""

    ok: bool
    text: Text


class _Bad(Exception):
    """Ends the test with a sentence, in which the channel's words are put."""

    def __init__(self, text: Text, **more: object) -> None:
        super().__init__(text.en)
        self.text = text
        self.more = more


@dataclass(frozen=True)
class _Answer:
    status: int
    content_type: str
    location: str
    body: bytes


async def self_test(control: Control, publication: str, public_url: str) -> SelfTestResult:
    """Ask for the address check that the platform makes when the owner saves the settings there.

    Raises NotFound, also where the channel has no such check, and BadSettings about `public_url`.
    """
    found = the_publication(control, publication)
    kind = channel_named(found.channel)
    if not issubclass(kind, Verifies):
        raise NotFound(NO_CHECK)
    base = check_url(public_url, "public_url")
    if not base:
        raise BadSettings(
            Text(
                "请先填写公网地址，例如 https://bot.example.com。",
                "Enter the public address first, e.g. https://bot.example.com.",
            ),
            field="public_url",
        )
    channel = kind(kind.Settings.model_validate(control.channel_settings(publication)))
    assert isinstance(channel, Channel)
    try:
        await _check(channel, base, found.path)
    except _Bad as e:
        return SelfTestResult(False, channel.words.fill(e.text, **e.more))
    return SelfTestResult(True, PASSED)


async def _check(channel: Verifies, base: str, path: str) -> None:
    check = channel.address_check(SELF_TEST + secrets.token_hex(8), time.time())
    addresses = await _resolve(base)
    answer = await _ask(base + path, check.request, channel.patience)
    _check_answer(answer, check)
    if reason := unreachable(base, addresses, channel.ports):
        raise reason


async def _resolve(base: str) -> list[str]:
    parts = urlsplit(base)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, None, type=socket.SOCK_STREAM)
    except OSError:
        raise _Bad(
            Text(
                "域名 {name} 解析不到。请检查拼写，并在域名服务商处添加解析记录。",
                "The name {name} does not resolve. Check its spelling and its DNS record.",
            ),
            name=parts.hostname,
        ) from None
    return [str(entry[4][0]) for entry in found]


TOO_SLOW = Text(
    "{seconds:g} 秒内没有响应。请检查防火墙、安全组和反向代理，{platform}只等 {seconds:g} 秒。",
    "No answer within {seconds:g} s, and {platform} waits no longer. Check firewall and proxy.",
)


async def _ask(url: str, request: WebRequest, seconds: float) -> _Answer:
    try:
        async with (
            open_session(timeout=aiohttp.ClientTimeout(total=seconds), unpacks=True) as http,
            http.request(
                request.method,
                url,
                params=request.query,
                data=request.body or None,
                headers=request.headers,
                allow_redirects=False,
            ) as response,
        ):
            return _Answer(
                status=response.status,
                content_type=response.content_type,
                location=response.headers.get("location", ""),
                body=await response.content.read(BIGGEST),
            )
    except TimeoutError:
        raise _Bad(TOO_SLOW, seconds=seconds) from None
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError, ssl.SSLError) as e:
        raise _Bad(
            Text(
                "HTTPS 证书有问题（{why}）。请更换受信任且证书链完整的证书。",
                "The TLS certificate is not accepted ({why}). Install a trusted one with its full chain.",
            ),
            why=_short(e),
        ) from None
    except aiohttp.ClientConnectorError as e:
        raise _Bad(
            Text(
                "连接不上（{why}）。请确认程序已启动、端口已开放，反向代理指向它。",
                "Cannot connect ({why}). Is the program running, the port open, the proxy pointing to it?",
            ),
            why=e.strerror or _short(e),
        ) from None
    except (aiohttp.ClientError, OSError) as e:
        raise _Bad(
            Text(
                "连接中断（{why}）。请检查反向代理，以及网址该用 http 还是 https。",
                "The connection broke ({why}). Check the proxy, and whether the address is http or https.",
            ),
            why=_short(e),
        ) from None


def _check_answer(answer: _Answer, check: AddressCheck) -> None:
    if 300 <= answer.status < 400:
        raise _Bad(
            Text(
                "回调地址被跳转到 {where}。{platform}不跟随跳转，请填写最终地址，并让 /c/ 不经过登录。",
                "The callback is redirected to {where}, which {platform} does not follow: "
                "give the final address, and keep /c/ out of any login.",
            ),
            where=answer.location or Text("别处", "elsewhere"),
        )
    if answer.content_type == "text/html":
        raise _Bad(
            Text(
                "返回的是网页而不是回显。前面有登录页、防火墙验证页，或域名指向了别的网站。",
                "A web page came back instead of the echo: a login page, a firewall or another site "
                "is in front.",
            ),
        )
    if answer.status == 403:
        raise _Bad(
            Text(
                "签名校验没有通过。请确认域名指向这台服务器、发布没有下线、时钟准确。",
                "The signature was refused. Is it this server, the publication live, the clock right?",
            ),
        )
    if answer.status != 200:
        raise _Bad(
            Text(
                "返回了 HTTP {status}。请检查反向代理是否把 /c/ 转发到了本程序。",
                "HTTP {status} came back. Does the proxy forward /c/ to this program?",
            ),
            status=answer.status,
        )
    if answer.body != check.expected:
        raise _Bad(
            Text(
                "回显内容被改动了（多了引号、换行或 BOM）。请检查反向代理或网关是否改写了响应。",
                "The echo was changed (quotes, a newline, a BOM). Does a proxy or gateway rewrite responses?",
            ),
        )


def unreachable(base: str, addresses: Sequence[str], ports: Collection[int]) -> _Bad | None:
    """Why the platform, which calls these `ports` (none: any), cannot reach what we can; None when it can."""
    if not all(map(is_public, addresses)):
        return _Bad(
            Text(
                "本机能访问，但 {address} 是内网地址，{platform}访问不到。请换成公网域名。",
                "Reachable from here, but {address} is not a public address, so {platform} cannot reach it.",
            ),
            address=addresses[0],
        )
    parts = urlsplit(base)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    if ports and port not in ports:
        return _Bad(
            Text(
                "能访问，但{platform}只支持 {ports} 端口。请用反向代理换到其中一个。",
                "Reachable, but {platform} only calls the ports {ports}. Put a proxy on one of them.",
            ),
            ports=joined([as_it_is(str(one)) for one in sorted(ports)], Text(" 和 ", " and ")),
        )
    return None


def _short(error: BaseException) -> str:
    return str(error).split("] ")[-1][:120] or type(error).__name__
