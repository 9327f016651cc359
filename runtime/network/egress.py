"""The only way out to the network for tools: public addresses, bounded in time and size.

The address is judged where the socket is made, so a redirect, a second DNS answer or a strange spelling of an
address changes nothing. Through a proxy the name is looked up here and the proxy is given the judged address.
"""

import asyncio
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any, NamedTuple

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from runtime.errors import Blocked, ToolFailed
from runtime.lang import Text, listed
from runtime.network.fetched import Fetched
from runtime.network.outgoing import Outgoing, bad_url, checked, parsed, redirected
from runtime.network.proxy import NO_PROXY, Proxy
from runtime.network.public_address import FAKE_IP, is_public, unwrapped
from runtime.network.reach import Allowance, Reach, permitted
from runtime.network.response_text import decoded, unpacked
from runtime.network.sessions import open_session
from runtime.network.why import NO_SUCH_HOST, why
from runtime.off_loop import SMALL, off_loop

REDIRECTS = 5
Enough = Callable[[bytearray], bool]
DEFAULT_HEADERS = {"User-Agent": "Hongyan/1", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}


class Line(NamedTuple):
    """A connection; `own`: into the own network, where an operator permits it."""

    socket: socket.socket
    own: bool


class Egress:
    """Implements tools.Http. `allow` holds what an operator permits whatever its address is.

    `tool=host:port`, or `host:port` for every tool, where the owner wrote the address (network/reach.py).
    """

    def __init__(
        self,
        allow: Sequence[str] = (),
        *,
        ports: Collection[int] = (80, 443),
        resolver: AbstractResolver | None = None,
        proxy: Proxy = NO_PROXY,
    ) -> None:
        """Raises BadSettings. `ports` are open on public addresses; `resolver` replaces the system's DNS."""
        self._proxy = proxy
        self._ports = ports
        self._allowed = tuple(map(Allowance.parse, allow))
        self._resolver = resolver
        self._sessions: dict[str, aiohttp.ClientSession] = {}

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
        enough: Enough | None = None,
    ) -> Fetched:
        """One request with its redirects. `seconds` is for everything, `max_bytes` for the unpacked body.

        `enough`: asked with what came so far whether more is wanted, for servers that leave a stream open.

        Raises Blocked for what is not public or outside of `reach`, ToolFailed for what does not answer.
        A status of 400 and more is an answer.
        """
        request = Outgoing(method, parsed(url), checked(headers or {}), body)
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(request, max_bytes, reach, enough)
        except TimeoutError:
            raise _unreachable(request.url, TOO_SLOW.fill(seconds=seconds)) from None
        except aiohttp.InvalidURL:
            raise bad_url() from None
        except aiohttp.ClientError as e:
            raise _unreachable(request.url, _why(e)) from None

    async def connect(self, host: str, port: int, *, open_ports: Collection[int], reach: Reach) -> Line:
        """A connection to a public address, of whatever protocol; nothing was sent over it yet.

        Raises Blocked for what is not public or outside of `reach`, OSError for what does not answer.
        """
        url = URL.build(scheme="http", host=host, port=port)
        own = permitted(self._allowed, url, reach)
        self._check(url, own, reach, open_ports)
        resolver: AbstractResolver = self._resolver or ThreadedResolver()
        found = await (resolver if own else _PublicResolver(resolver)).resolve(host, port)
        first = found[0]
        kind = socket.AF_INET6 if ":" in first["host"] else socket.AF_INET
        where = (kind, socket.SOCK_STREAM, 0, "", (first["host"], port))
        line = _any_socket(where) if own else _public_socket(where)
        try:
            await asyncio.get_running_loop().sock_connect(line, (first["host"], port))
        except BaseException:
            line.close()
            raise
        return Line(line, own)

    def permits(self, url: str, reach: Reach) -> bool:
        """Whether an operator lets that into the own network. Raises Blocked for what is no address."""
        return permitted(self._allowed, parsed(url), reach)

    async def close(self) -> None:
        """Close the connections; the next `fetch` opens new ones."""
        while self._sessions:
            _, session = self._sessions.popitem()
            await session.close()

    async def _follow(
        self, request: Outgoing, max_bytes: int, reach: Reach, enough: Enough | None
    ) -> Fetched:
        if enough:  # what is packed cannot be looked into while it comes
            request = replace(request, headers={**request.headers, "Accept-Encoding": "identity"})
        first = request.url.origin()
        for _ in range(REDIRECTS + 1):
            # Nobody but the owner leads into the own network: a redirect may stay there, not go there.
            own = request.url.origin() == first and permitted(self._allowed, request.url, reach)
            self._check(request.url, own, reach)
            async with self._sent(request, own, await self._through(request.url, own)) as response:
                target = response.headers.get("Location")
                if response.status not in (301, 302, 303, 307, 308) or not target:
                    return await _read(response, str(request.url), max_bytes, enough)
                request = redirected(request, response.status, target)
        raise _unreachable(request.url, REDIRECTED.fill(redirects=REDIRECTS))

    async def _through(self, url: URL, own: bool) -> URL | None:
        """The same address by number, when it is asked through the proxy: what was judged is what is reached.

        Raises Blocked.
        """
        if own or not self._proxy.of(str(url)):
            return None
        resolver = _PublicResolver(self._resolver or ThreadedResolver())
        first, *_ = await resolver.resolve(url.raw_host or "", url.port or 443)
        return url.with_host(first["host"])

    def _sent(
        self, request: Outgoing, own: bool, by_number: URL | None
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        options: dict[str, Any] = {"data": request.body, "allow_redirects": False}
        if by_number is None:
            session = self._session("own" if own else "public")
            return session.request(request.method, request.url, headers=request.headers, **options)
        return self._session("proxy").request(
            request.method,
            by_number,
            headers={**request.headers, "Host": _authority(request.url)},
            proxy=self._proxy.of(str(request.url)),
            server_hostname=request.url.raw_host if request.url.scheme == "https" else None,
            **options,
        )

    def _check(self, url: URL, own: bool, reach: Reach, open_ports: Collection[int] = ()) -> None:
        """Raises Blocked for a host that is outside of the tool's reach, and for a closed port."""
        open_ports = open_ports or self._ports
        if not reach.allows(url.raw_host or ""):
            raise Blocked(
                Text(
                    "这个工具不能访问 {host}。需要的话，请在它的设置里把这个主机加进去。",
                    "This tool may not ask {host}. Add the host to its settings if it should.",
                ).fill(host=url.host)
            )
        if not own and url.port not in open_ports:
            ports = listed(map(str, sorted(open_ports)))
            raise Blocked(
                Text(
                    "不能访问端口 {port}，请用 {ports}。",
                    "Port {port} is closed; use one of {ports}.",
                ).fill(port=url.port, ports=ports)
            )

    def _session(self, way: str) -> aiohttp.ClientSession:
        """Permitted hosts have connections of their own, so that nobody else travels on them."""
        if way not in self._sessions:
            resolver = self._resolver or ThreadedResolver()
            connector = aiohttp.TCPConnector(
                resolver=_PublicResolver(resolver) if way == "public" else resolver,
                socket_factory=_public_socket if way == "public" else None,
                limit=100,
                limit_per_host=10,
            )
            self._sessions[way] = open_session(connector, headers=DEFAULT_HEADERS)
        return self._sessions[way]


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
            raise bad_url() from None  # a label that is too long for IDNA
        for result in found:
            _judge(result["host"])
        return found

    async def close(self) -> None:
        await self._inner.close()


def _any_socket(address: tuple[Any, ...]) -> socket.socket:
    family, kind, protocol, _, _ = address
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)
    return made


def _public_socket(address: tuple[Any, ...]) -> socket.socket:
    """A socket for one address that was judged: the last step before the first packet."""
    _judge(address[4][0])
    return _any_socket(address)


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


def _authority(url: URL) -> str:
    return url.raw_authority if url.explicit_port else url.raw_host or ""


async def _read(response: aiohttp.ClientResponse, url: str, max_bytes: int, enough: Enough | None) -> Fetched:
    packed = bytearray()
    async for chunk in response.content.iter_any():
        packed += chunk
        if len(packed) > max_bytes or (enough and enough(packed)):
            break
    kind = response.headers.get("Content-Type", "")
    packing = response.headers.get("Content-Encoding", "")
    if packing or len(packed) > SMALL:
        body, text = await off_loop(_opened, bytes(packed), packing, kind, max_bytes)
    else:
        body, text = _opened(bytes(packed), packing, kind, max_bytes)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Fetched(url, response.status, kind, text, body[:max_bytes], len(body) > max_bytes, headers)


def _opened(packed: bytes, packing: str, kind: str, max_bytes: int) -> tuple[bytes, str]:
    """The body, with one byte more than wanted when it was cut, and its text."""
    body = unpacked(packed, packing, max_bytes + 1)
    return body, decoded(body[:max_bytes], kind)


TOO_SLOW = Text("{seconds:g} 秒内没有完成", "no full answer in {seconds:g} s")
REDIRECTED = Text("跳转超过 {redirects} 次", "more than {redirects} redirects")


def _why(e: aiohttp.ClientError) -> Text:
    if isinstance(e, aiohttp.ClientConnectorDNSError):
        return NO_SUCH_HOST
    return why(getattr(e, "os_error", None) or e)


def _unreachable(url: URL, why: Text) -> ToolFailed:
    text = Text("访问 {host} 失败：{why}。", "{host} could not be reached: {why}.")
    return ToolFailed(text.fill(host=url.host, why=why), retryable=True)
