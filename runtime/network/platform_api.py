"""JSON calls to the platforms' API hosts, on one session. What a failure says about delivery is exact.

`uncertain`: the request left, so the person may have got it. Every other code: it was not taken.
"""

import asyncio
import email.utils
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.network.egress import Egress
from runtime.network.platform_answer import (
    MOST_BYTES,
    TOO_LARGE,
    Came,
    Transferred,
    body_of,
    object_of,
    uncertain,
    unreadable,
)
from runtime.network.platform_link import PlatformLink, link_session, open_link
from runtime.network.proxy import NO_PROXY, Proxy
from runtime.network.sessions import KeptSession, open_session

SECONDS = 8.0
"""Total for one call, the connection included."""
CONNECT = 4.0
"""Of these, until there is a connection."""
JSON = "application/json; charset=utf-8"
NONE: Mapping[str, str] = {}
LONG = 40.0
"""Total for a call that carries a file, up or down."""
NEVER_LEFT = (
    aiohttp.ClientConnectorError,  # refused, no such host, a bad certificate, no descriptor left
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)


@dataclass(frozen=True)
class Form:
    """A form with one file, as a browser sends it (multipart/form-data)."""

    key: str
    name: str
    content: bytes
    type: str
    more: Mapping[str, str]

    def encoded(self) -> aiohttp.FormData:
        form = aiohttp.FormData(quote_fields=False)  # names as they are: that is what people are shown
        for name, value in self.more.items():
            form.add_field(name, value)
        form.add_field(self.key, self.content, filename=self.name, content_type=self.type)
        return form


class Outbound:
    """Holds the session; `api(host)` is what a channel sends through. `egress`: to servers that owners
    name."""

    def __init__(self, proxy: Proxy = NO_PROXY, egress: Egress | None = None) -> None:
        self.proxy = proxy
        self.egress = egress or Egress()
        self.closing: list[Callable[[], Awaitable[None]]] = []
        """What ends with it."""
        self._session = KeptSession(_session)
        self._links = KeptSession(link_session)

    def api(self, host: str) -> "PlatformApi":
        return PlatformApi(self._session.get(), host, self.proxy.of(host))

    async def link(self, address: str, beat: float | None = None, *, binary: bool = False) -> PlatformLink:
        """A connection that is held, see open_link. Raises OSError, also TimeoutError."""
        async with asyncio.timeout(SECONDS):
            return await open_link(self._links.get(), address, self.proxy.of(address), beat, binary=binary)

    async def close(self) -> None:
        for close in self.closing:
            await close()
        await self._session.close()
        await self._links.close()


def _session() -> aiohttp.ClientSession:
    return open_session(timeout=_seconds(None), headers={"Accept-Encoding": "identity"})


def _seconds(wanted: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=wanted or SECONDS, connect=CONNECT)


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
        """The status and the object of what is told. Raises SendFailed."""
        came = await self.told(path, body, query, headers, most=most)
        return came.status, came.data

    async def told(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] = NONE,
        headers: Mapping[str, str] = NONE,
        *,
        seconds: float | None = None,
        most: int = MOST_BYTES,
        method: str = "",
    ) -> Transferred:
        """What it answers to a POST of `body` as JSON, or to a GET, or to `method`: an object.
        `seconds`: for all of it, where the usual do not do; `most`: bytes of an answer that is read. Raises
        SendFailed."""
        data = None
        if body is not None:
            data, headers = _as_json(body), {**headers, "Content-Type": JSON}
        method, within = method or ("GET" if data is None else "POST"), _seconds(seconds)
        came = await self._ask(method, path, query, headers, data, most, within)
        return Transferred(came.status, await object_of(self._host, came, most), b"", came.headers)

    async def transfer(
        self,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] = NONE,
        headers: Mapping[str, str] = NONE,
        form: Form | None = None,
        content: bytes | None = None,
        most: int = 0,
    ) -> Transferred:
        """A call that carries a file: `form` or `content` up, or down up to `most` bytes.

        An error comes as a JSON object with HTTP 200 where a file was asked for: it is in `data`, and so is
        every answer that brings no file. Raises SendFailed, `too_large` for one that is larger.
        """
        data: bytes | aiohttp.FormData | None = content
        if form is not None:
            data = form.encoded()
        elif body is not None:
            data, headers = _as_json(body), {**headers, "Content-Type": JSON}
        method = "GET" if data is None else "POST"
        timeout = aiohttp.ClientTimeout(total=LONG, connect=CONNECT)
        came = await self._ask(method, path, query, headers, data, max(most, MOST_BYTES), timeout)
        if came.content is None:
            raise SendFailed(TOO_LARGE.fill(host=self._host), code="too_large")
        if not most or came.is_json:
            found = await object_of(self._host, came, MOST_BYTES, must=not most)
            if found is not None:
                return Transferred(came.status, found, b"", came.headers)
        if came.status >= 300:
            raise unreadable(self._host, came)
        return Transferred(came.status, {}, came.content, came.headers)

    async def clock(self) -> float | None:
        """The host's time in seconds since 1970; None when it does not say. Raises SendFailed."""
        try:
            async with self._session.get(
                self._host + "/", allow_redirects=False, proxy=self._proxy
            ) as response:
                said, status = response.headers.get("Date", ""), response.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise _unreachable(self._host) from None
        if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            raise _unreachable(self._host)  # it is the proxy that answers
        try:
            return email.utils.parsedate_to_datetime(said).timestamp()
        except (ValueError, TypeError):
            return None

    async def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        data: bytes | aiohttp.FormData | None,
        most: int = MOST_BYTES,
        within: aiohttp.ClientTimeout | None = None,
    ) -> Came:
        """What came back. Raises SendFailed."""
        try:
            async with self._session.request(
                method,
                self._host + path,
                params=query,
                data=data,
                headers=headers,
                allow_redirects=False,
                proxy=self._proxy,
                timeout=within or self._session.timeout,
            ) as response:
                status = response.status
                content = await body_of(response, most)
                said = {name.lower(): value for name, value in response.headers.items()}
        except NEVER_LEFT:
            raise _unreachable(self._host) from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            # the request may have arrived: sending it again could show the same answer twice
            text = Text(
                "{host} 没有回应，不确定是否收到。", "{host} did not respond; it may have received it."
            )
            raise uncertain(text.fill(host=self._host)) from None
        return Came(status, content, said)


def _as_json(body: Mapping[str, Any]) -> bytes:
    """Some platforms take \\uXXXX for literal text."""
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _unreachable(host: str) -> SendFailed:
    return SendFailed(
        Text(
            "连不上 {host}，请检查服务器的网络和 DNS。",
            "Cannot reach {host}. Check the server's network and DNS.",
        ).fill(host=host),
        code="unreachable",
    )
