"""Call our own public address as the platform would, and say in one sentence what is wrong with it."""

import asyncio
import secrets
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from runtime.channels import SELF_TEST
from runtime.channels._tencent.crypto import signature
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.network.public_address import is_public
from runtime.publish.publications import the_publication
from runtime.settings import check_url
from runtime.store.control.control import Control

DEADLINE = 5
"""Seconds after which the platform hangs up."""
PASSED = Text(
    "自检通过：公网地址能访问，签名和回显都正确。",
    "The self-test passed: the address is reachable and echoes correctly.",
)
BIGGEST = 4096
"""Bytes of an answer that are looked at."""


@dataclass(frozen=True)
class Finding:
    """One sentence about the connection."""

    ok: bool
    text: Text


class _Bad(Exception):
    """Ends the test with a sentence."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


@dataclass(frozen=True)
class _Answer:
    status: int
    content_type: str
    location: str
    body: bytes


async def self_test(control: Control, publication: str, public_url: str) -> Finding:
    """Ask for the address check that the platform makes when the owner saves the settings there.

    Works for surfaces with a token that echo `echostr`. Raises NotFound, and BadSettings about `public_url`.
    """
    path = the_publication(control, publication).path
    base = check_url(public_url, "public_url")
    if not base:
        raise BadSettings(
            Text(
                "请先填写公网地址，例如 https://bot.example.com。",
                "Enter the public address first, e.g. https://bot.example.com.",
            ),
            field="public_url",
        )
    token = str(control.channel_settings(publication).get("token", ""))
    query = _challenge(token)
    try:
        addresses = await _resolve(base)
        answer = await _ask(base + path, query)
        _check_answer(answer, query["echostr"])
    except _Bad as e:
        return Finding(False, e.text)
    if reason := unreachable(base, addresses):
        return Finding(False, reason)
    return Finding(True, PASSED)


def _challenge(token: str) -> dict[str, str]:
    timestamp, nonce = str(int(time.time())), SELF_TEST + secrets.token_hex(8)
    return {
        "signature": signature(token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "echostr": str(secrets.randbelow(10**18)),
    }


async def _resolve(base: str) -> list[str]:
    parts = urlsplit(base)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, None, type=socket.SOCK_STREAM)
    except OSError:
        raise _Bad(
            f"域名 {parts.hostname} 解析不到。请检查拼写，并在域名服务商处添加解析记录。",
            f"The name {parts.hostname} does not resolve. Check its spelling and its DNS record.",
        ) from None
    return [str(entry[4][0]) for entry in found]


async def _ask(url: str, query: Mapping[str, str]) -> _Answer:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=DEADLINE)) as http,
            http.get(url, params=query, allow_redirects=False) as response,
        ):
            return _Answer(
                status=response.status,
                content_type=response.content_type,
                location=response.headers.get("location", ""),
                body=await response.content.read(BIGGEST),
            )
    except TimeoutError:
        raise _Bad(
            f"{DEADLINE} 秒内没有响应。请检查防火墙、安全组和反向代理，微信只等 5 秒。",
            f"No answer within {DEADLINE} s; WeChat waits no longer. Check firewall and proxy.",
        ) from None
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError, ssl.SSLError) as e:
        raise _Bad(
            f"HTTPS 证书有问题（{_short(e)}）。请更换受信任且证书链完整的证书。",
            f"The TLS certificate is not accepted ({_short(e)}). Install a trusted one with its full chain.",
        ) from None
    except aiohttp.ClientConnectorError as e:
        raise _Bad(
            f"连接不上（{e.strerror or _short(e)}）。请确认程序已启动、端口已开放，反向代理指向它。",
            f"Cannot connect ({e.strerror or _short(e)}). "
            "Is the program running, the port open, the proxy pointing to it?",
        ) from None
    except (aiohttp.ClientError, OSError) as e:
        raise _Bad(
            f"连接中断（{_short(e)}）。请检查反向代理，以及网址该用 http 还是 https。",
            f"The connection broke ({_short(e)}). Check the proxy, and whether the address is http or https.",
        ) from None


def _check_answer(answer: _Answer, echo: str) -> None:
    if 300 <= answer.status < 400:
        raise _Bad(
            f"回调地址被跳转到 {answer.location or '别处'}。"
            "微信不跟随跳转，请填写最终地址，并让 /c/ 不经过登录。",
            f"The callback is redirected to {answer.location or 'elsewhere'}. WeChat does not follow: "
            "give the final address, and keep /c/ out of any login.",
        )
    if answer.content_type == "text/html":
        raise _Bad(
            "返回的是网页而不是回显。前面有登录页、防火墙验证页，或域名指向了别的网站。",
            "A web page came back instead of the echo: a login page, a firewall or another site is in front.",
        )
    if answer.status == 403:
        raise _Bad(
            "签名校验没有通过。请确认域名指向这台服务器、发布没有下线、时钟准确。",
            "The signature was refused. Is it this server, the publication live, the clock right?",
        )
    if answer.status != 200:
        raise _Bad(
            f"返回了 HTTP {answer.status}。请检查反向代理是否把 /c/ 转发到了本程序。",
            f"HTTP {answer.status} came back. Does the proxy forward /c/ to this program?",
        )
    if answer.body != echo.encode():
        raise _Bad(
            "回显内容被改动了（多了引号、换行或 BOM）。请检查反向代理或网关是否改写了响应。",
            "The echo was changed (quotes, a newline, a BOM). Does a proxy or gateway rewrite responses?",
        )


def unreachable(base: str, addresses: Sequence[str]) -> Text | None:
    """Why the platform cannot reach what we can; None when it can."""
    if not all(map(is_public, addresses)):
        return Text(
            f"本机能访问，但 {addresses[0]} 是内网地址，微信访问不到。请换成公网域名。",
            f"Reachable from here, but {addresses[0]} is not a public address, so WeChat cannot reach it.",
        )
    if urlsplit(base).port not in (None, 80, 443):
        return Text(
            "能访问，但微信只支持 80（http）和 443（https）端口。请用反向代理换到这两个端口。",
            "Reachable, but WeChat only calls ports 80 (http) and 443 (https). Put a proxy on one of them.",
        )
    return None


def _short(error: BaseException) -> str:
    return str(error).split("] ")[-1][:120] or type(error).__name__
