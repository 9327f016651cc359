"""JSON calls to the platforms' API hosts, on one pooled session."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from runtime import wellformed
from runtime.errors import SendFailed
from runtime.lang import Text

SECONDS = 8
"""Total for one call."""

LARGEST = 1024 * 1024
"""Bytes of an API's answer; theirs have a few hundred."""

DEEPEST = 20


class Outbound:
    """Holds the session; `api(host)` is what a channel sends through."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    def api(self, host: str) -> "HttpApi":
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=SECONDS, connect=4)
            connector = aiohttp.TCPConnector(limit=200)
            self._session = aiohttp.ClientSession(
                timeout=timeout,
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                # A packed answer of a few kilobytes may be gigabytes; theirs are too small to be packed.
                headers={"Accept-Encoding": "identity"},
                auto_decompress=False,
            )
        return HttpApi(self._session, host)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


class HttpApi:
    """One host. Errors never carry the URL: its query holds the access token."""

    def __init__(self, session: aiohttp.ClientSession, host: str) -> None:
        self._session = session
        self._host = host.rstrip("/")

    async def post(self, path: str, query: Mapping[str, str], body: Mapping[str, Any]) -> dict[str, Any]:
        # the platforms take \uXXXX for literal text (errcode 40033)
        data = json.dumps(body, ensure_ascii=False).encode()
        return await self._call("POST", path, query, data)

    async def get(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        return await self._call("GET", path, query, None)

    async def _call(
        self, method: str, path: str, query: Mapping[str, str], data: bytes | None
    ) -> dict[str, Any]:
        headers = {"Content-Type": "application/json; charset=utf-8"} if data is not None else {}
        try:
            async with self._session.request(
                method, self._host + path, params=query, data=data, headers=headers, allow_redirects=False
            ) as response:
                content = await _bounded(response)
                status = response.status
        except aiohttp.ClientConnectorError:
            raise _unreachable(self._host) from None
        except (aiohttp.ClientError, TimeoutError):
            # the request may have arrived: sending it again could show the same answer twice
            raise SendFailed(
                Text(
                    f"{self._host} 没有回应，不确定是否收到。",
                    f"{self._host} did not respond; it may have received it.",
                ),
                code="uncertain",
            ) from None
        try:
            parsed = await wellformed.read(content, largest=LARGEST, deepest=DEEPEST)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise SendFailed(
                Text(
                    f"{self._host} 的回应不是 JSON（HTTP {status}）。",
                    f"{self._host} did not answer JSON (HTTP {status}).",
                ),
                # said yes in a way that cannot be read: the person may have it
                code="uncertain" if status < 300 else f"http_{status}",
                retryable=status >= 500,
            )
        return parsed


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    """The body, and of one that is too large its beginning, which is no JSON."""
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > LARGEST:
            break
    return bytes(content)


def _unreachable(host: str) -> SendFailed:
    return SendFailed(
        Text(
            f"连不上 {host}，请检查服务器的网络和 DNS。",
            f"Cannot reach {host}. Check the server's network and DNS.",
        ),
        code="unreachable",
        retryable=True,
    )
