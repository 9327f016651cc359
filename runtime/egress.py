"""The only way out to the network for tools: public addresses, bounded in time and size.

The address is judged where the socket is made, so a redirect, a second DNS answer or a strange spelling of an
address changes nothing. Proxy variables are not read: behind a proxy the judged address would be the proxy's.
"""

import asyncio
import re
import socket
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from runtime.errors import Blocked, ToolFailed
from runtime.lang import Text
from runtime.off_loop import SMALL, off_loop
from runtime.public_address import FAKE_IP, is_public, unwrapped
from runtime.reach import Allowance, Reach, permitted
from runtime.response_text import decoded, unpacked
from runtime.tools import Fetched

REDIRECTS = 5
HARMLESS = frozenset({"accept", "accept-language", "user-agent"})
"""Headers that another site may see after a redirect; all others may be secrets."""
OURS = (
    "connection", "content-length", "expect", "host", "keep-alive", "te", "trailer",
    "transfer-encoding", "upgrade",
)  # fmt: skip
"""Headers that say where and how a request goes; a caller must not."""
DEFAULT_HEADERS = {"User-Agent": "Hongyan/1", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}


@dataclass(frozen=True)
class _Request:
    method: str
    url: URL
    headers: Mapping[str, str]
    body: bytes | None


class Egress:
    """Implements tools.Http. `allow` holds what an operator permits whatever its address is.

    `tool=host:port`, or `host:port` for every tool, where the owner wrote the address (runtime/reach.py).
    """

    def __init__(
        self,
        allow: Sequence[str] = (),
        *,
        ports: Collection[int] = (80, 443),
        resolver: AbstractResolver | None = None,
    ) -> None:
        """Raises BadSettings. `ports` are open on public addresses; `resolver` replaces the system's DNS."""
        self._ports = ports
        self._allowed = tuple(map(Allowance.parse, allow))
        self._resolver = resolver
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def fetch(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 15,
        max_bytes: int = 1_000_000,
        reach: Reach = Reach(),  # noqa: B008 # frozen
    ) -> Fetched:
        """One request with its redirects. `seconds` is for everything, `max_bytes` for the unpacked body.

        Raises Blocked for what is not public or outside of `reach`, ToolFailed for what does not answer.
        A status of 400 and more is an answer.
        """
        request = _Request(method, _parse(url), _checked(headers or {}), body)
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(request, max_bytes, reach)
        except TimeoutError:
            raise _unreachable(
                request.url, f"{seconds:g} 秒内没有完成", f"no full answer in {seconds:g} s"
            ) from None
        except aiohttp.InvalidURL:
            raise _bad_url() from None
        except aiohttp.ClientError as e:
            why = str(getattr(e, "os_error", None) or e)[:200] or type(e).__name__
            raise _unreachable(request.url, why, why) from None

    async def close(self) -> None:
        """Close the connections; the next `fetch` opens new ones."""
        while self._sessions:
            _, session = self._sessions.popitem()
            await session.close()

    async def _follow(self, request: _Request, max_bytes: int, reach: Reach) -> Fetched:
        first = request.url.origin()
        for _ in range(REDIRECTS + 1):
            # Nobody but the owner leads into the own network: a redirect may stay there, not go there.
            own = request.url.origin() == first and permitted(self._allowed, request.url, reach)
            self._check(request.url, own, reach)
            async with self._session(own).request(
                request.method, request.url, headers=request.headers, data=request.body, allow_redirects=False
            ) as response:
                target = response.headers.get("Location")
                if response.status not in (301, 302, 303, 307, 308) or not target:
                    return await _read(response, max_bytes)
                request = _redirected(request, response.status, target)
        raise _unreachable(request.url, f"跳转超过 {REDIRECTS} 次", f"more than {REDIRECTS} redirects")

    def _check(self, url: URL, own: bool, reach: Reach) -> None:
        """Raises Blocked for a host that is outside of the tool's reach, and for a closed port."""
        if not reach.allows(url.raw_host or ""):
            raise Blocked(
                Text(
                    f"这个工具不能访问 {url.host}。需要的话，请在它的设置里把这个主机加进去。",
                    f"This tool may not ask {url.host}. Add the host to its settings if it should.",
                )
            )
        if not own and url.port not in self._ports:
            raise Blocked(
                Text(
                    f"不能访问端口 {url.port}，请用 80 或 443。",
                    f"Port {url.port} is closed; use 80 or 443.",
                )
            )

    def _session(self, own: bool) -> aiohttp.ClientSession:
        """Permitted hosts have connections of their own, so that nobody else travels on them."""
        if own not in self._sessions:
            resolver = self._resolver or ThreadedResolver()
            connector = aiohttp.TCPConnector(
                resolver=resolver if own else _PublicResolver(resolver),
                socket_factory=None if own else _public_socket,
                limit=100,
                limit_per_host=10,
            )
            self._sessions[own] = aiohttp.ClientSession(
                connector=connector,
                # Cookies of one agent's request must not travel with another's.
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                headers=DEFAULT_HEADERS,
                # Unpacked by ourselves: a small packed body can be a huge one.
                auto_decompress=False,
                trust_env=False,
            )
        return self._sessions[own]


class _PublicResolver(AbstractResolver):
    """Refuses a name when any of its addresses is not public."""

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        try:
            found = await self._inner.resolve(host, port, family)
        except UnicodeError:
            raise _bad_url() from None  # a label that is too long for IDNA
        for result in found:
            _judge(result["host"])
        return found

    async def close(self) -> None:
        await self._inner.close()


def _public_socket(address: tuple[Any, ...]) -> socket.socket:
    """A socket for one address that was judged: the last step before the first packet."""
    family, kind, protocol, _, where = address
    _judge(where[0])
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)
    return made


def _judge(address: str) -> None:
    if is_public(address):
        return
    if unwrapped(address) in FAKE_IP:
        raise Blocked(
            Text(
                "域名被解析成了代理软件的假地址（198.18.*）。"
                "请关闭代理的 fake-ip 模式，或把它写进 HONGYAN_EGRESS_ALLOW。",
                "The name resolves to a fake address of a proxy (198.18.*). Turn off its fake-ip mode, "
                "or add the host to HONGYAN_EGRESS_ALLOW.",
            )
        )
    raise Blocked(
        Text(
            "这个地址不在公网上，不能访问。内部服务要由管理员写进 HONGYAN_EGRESS_ALLOW。",
            "This address is not on the public internet. "
            "An operator may add internal services to HONGYAN_EGRESS_ALLOW.",
        )
    )


def _parse(url: str) -> URL:
    try:
        parsed = URL(url)
        if (
            parsed.scheme not in ("http", "https")
            or not parsed.port
            or not re.fullmatch(r"\S+", parsed.host or "")
        ):
            raise _bad_url()
    except ValueError:
        raise _bad_url() from None
    if parsed.user is not None or parsed.password is not None:
        raise Blocked(
            Text("网址里不能带用户名和密码。", "The address must not hold a user name or password.")
        )
    return parsed


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        token = re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name)
        if not token or re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
            raise Blocked(
                Text(
                    f"请求头「{name[:40]}」含有不允许的字符。",
                    f"The header {name[:40]!r} holds forbidden characters.",
                )
            )
        if name.lower() in OURS or name.lower().startswith("proxy-"):
            raise Blocked(Text(f"不能设置请求头「{name}」。", f"The header {name!r} may not be set."))
    return {name: value for name, value in headers.items() if name.lower() != "accept-encoding"}


def _redirected(request: _Request, status: int, target: str) -> _Request:
    try:
        url = _parse(str(request.url.join(URL(target))))
    except ValueError:
        raise _bad_url() from None
    following = replace(request, url=url)
    if status == 303 or (status in (301, 302) and request.method == "POST"):
        headers = {n: v for n, v in request.headers.items() if n.lower() != "content-type"}
        following = replace(following, method="GET", body=None, headers=headers)
    if url.origin() == request.url.origin():
        return following
    if following.body is not None:
        raise Blocked(
            Text(
                "对方要把内容转给另一个网站，已拒绝。",
                "The site asked to send the content on to another site; refused.",
            )
        )
    return replace(following, headers={n: v for n, v in request.headers.items() if n.lower() in HARMLESS})


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> Fetched:
    packed = bytearray()
    async for chunk in response.content.iter_any():
        packed += chunk
        if len(packed) > max_bytes:
            break
    kind = response.headers.get("Content-Type", "")
    packing = response.headers.get("Content-Encoding", "")
    if packing or len(packed) > SMALL:
        body, text = await off_loop(_opened, bytes(packed), packing, kind, max_bytes)
    else:
        body, text = _opened(bytes(packed), packing, kind, max_bytes)
    return Fetched(str(response.url), response.status, kind, text, body[:max_bytes], len(body) > max_bytes)


def _opened(packed: bytes, packing: str, kind: str, max_bytes: int) -> tuple[bytes, str]:
    """The body, with one byte more than wanted when it was cut, and its text."""
    body = unpacked(packed, packing, max_bytes + 1)
    return body, decoded(body[:max_bytes], kind)


def _bad_url() -> Blocked:
    return Blocked(
        Text(
            "网址无效，要以 http:// 或 https:// 开头。",
            "The address is not valid; it should begin with http:// or https://.",
        )
    )


def _unreachable(url: URL, why: str, why_en: str) -> ToolFailed:
    return ToolFailed(
        Text(f"访问 {url.host} 失败：{why}。", f"{url.host} could not be reached: {why_en}."), retryable=True
    )
