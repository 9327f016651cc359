"""JSON calls to the platforms' API hosts, on one session. What a failure says about delivery is exact.

`uncertain`: the request left, so the person may have got it. Every other code: it was not taken.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any

import aiohttp

from runtime import wellformed
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.network.proxy import NO_PROXY, Proxy
from runtime.network.sessions import KeptSession, open_session

SECONDS = 8.0
"""Total for one call, the connection included."""
CONNECT = 4.0
"""Of these, until there is a connection."""
MOST_BYTES = 64 * 1024
"""Of an answer: a platform's are a few hundred."""
DEEPEST = 20
BUSY = (429, 502, 503)
"""HTTP statuses of a server, or a proxy in front of it, that did not take the request."""
NONE: Mapping[str, str] = {}
NEVER_LEFT = (
    aiohttp.ClientConnectorError,  # refused, no such host, a bad certificate, no descriptor left
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)


class Outbound:
    """Holds the session; `api(host)` is what a channel sends through."""

    def __init__(self, proxy: Proxy = NO_PROXY) -> None:
        self._proxy = proxy
        self._session = KeptSession(_session)

    def api(self, host: str) -> "PlatformApi":
        return PlatformApi(self._session.get(), host, self._proxy.of(host))

    async def close(self) -> None:
        await self._session.close()


def _session() -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(total=SECONDS, connect=CONNECT)
    return open_session(timeout=timeout, headers={"Accept-Encoding": "identity"})


class PlatformApi:
    """One host. Errors never carry the URL: its query holds the access token."""

    def __init__(self, session: aiohttp.ClientSession, host: str, proxy: str | None) -> None:
        self._session, self._proxy = session, proxy
        self._host = host.rstrip("/")

    async def call(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] = NONE,
        headers: Mapping[str, str] = NONE,
        *,
        most: int = MOST_BYTES,
    ) -> tuple[int, dict[str, Any]]:
        """The answer's status and object: of a POST of `body` as JSON, or of a GET. Raises SendFailed.

        `most`: bytes of an answer that is read.
        """
        data = None
        if body is not None:
            # some platforms take \uXXXX for literal text
            data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
            headers = {**headers, "Content-Type": "application/json; charset=utf-8"}
        status, answer = await self._ask("GET" if data is None else "POST", path, query, headers, data, most)
        if not isinstance(answer, dict):
            raise _unreadable(self._host, status)
        return status, answer

    async def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        data: bytes | None,
        most: int,
    ) -> tuple[int, Any]:
        """What came back, read; None where it cannot be. Raises SendFailed."""
        try:
            async with self._session.request(
                method,
                self._host + path,
                params=query,
                data=data,
                headers=headers,
                allow_redirects=False,
                proxy=self._proxy,
            ) as response:
                status = response.status
                content = await _read(response, most)
        except NEVER_LEFT:
            raise _unreachable(self._host) from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            # the request may have arrived: sending it again could show the same answer twice
            text = Text(
                "{host} 没有回应，不确定是否收到。", "{host} did not respond; it may have received it."
            )
            raise _uncertain(text.fill(host=self._host)) from None
        try:
            return status, await wellformed.read(content or b"", largest=most, deepest=DEEPEST)
        except ValueError:
            return status, None


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body in the clear; None when it is too long or no such compression."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(MOST_BYTES):
        body += chunk
        if len(body) > most:
            return None
    if response.headers.get("Content-Encoding", "identity").lower() == "identity":
        return bytes(body)
    opener = zlib.decompressobj(wbits=47)  # gzip or zlib, whichever it is
    try:
        opened = opener.decompress(bytes(body), most)
    except zlib.error:
        return None
    return None if opener.unconsumed_tail else opened


def _unreadable(host: str, status: int) -> SendFailed:
    text = Text(
        "{host} 的回应不是 JSON（HTTP {status}）。", "{host} did not answer JSON (HTTP {status})."
    ).fill(host=host, status=status)
    if status in BUSY or 300 <= status < 500:
        return SendFailed(text, code=f"http_{status}", retryable=status in BUSY)
    # said yes, or broke down, in a way that cannot be read: the person may have it
    return _uncertain(text)


def _uncertain(text: Text) -> SendFailed:
    return SendFailed(text, code="uncertain")


def _unreachable(host: str) -> SendFailed:
    return SendFailed(
        Text(
            "连不上 {host}，请检查服务器的网络和 DNS。",
            "Cannot reach {host}. Check the server's network and DNS.",
        ).fill(host=host),
        code="unreachable",
    )
