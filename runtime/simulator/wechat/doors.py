"""Ways to a callback: an HTTP address, or an ASGI application in this process."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp

from runtime.simulator.wechat.wire import Push

Scope = MutableMapping[str, Any]
Application = Callable[
    [Scope, Callable[[], Awaitable[Scope]], Callable[[Scope], Awaitable[None]]], Awaitable[None]
]


class Door(Protocol):
    """Where WeChat knocks. Raises OSError when nobody opens."""

    async def __call__(self, push: Push) -> tuple[int, str]:
        """Status and body."""
        ...


class HttpDoor:
    """A callback address; every push is a connection of its own, as WeChat's are."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def __call__(self, push: Push) -> tuple[int, str]:
        connector = aiohttp.TCPConnector(force_close=True)
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector, timeout=aiohttp.ClientTimeout(total=None)
                ) as session,
                session.request(
                    push.method, self._url, params=push.query, data=push.body or None, allow_redirects=False
                ) as response,
            ):
                return response.status, await response.text()
        except aiohttp.ClientError as e:
            raise ConnectionError(str(e)) from e


class AsgiDoor:
    """A path of an application that runs in this process; its lifespan is the caller's business."""

    def __init__(self, application: Application, path: str) -> None:
        self._application = application
        self._path = urlsplit(path).path

    async def __call__(self, push: Push) -> tuple[int, str]:
        status, pieces = 500, list[bytes]()
        body: list[Scope] = [{"type": "http.request", "body": push.body, "more_body": False}]

        async def receive() -> Scope:
            if body:
                return body.pop()
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: Scope) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                pieces.append(message.get("body", b""))

        await self._application(self._scope(push), receive, send)
        return status, b"".join(pieces).decode()

    def _scope(self, push: Push) -> Scope:
        headers = [(b"host", b"wechat.test"), (b"content-length", str(len(push.body)).encode())]
        return {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
            "method": push.method, "scheme": "https", "path": self._path, "raw_path": self._path.encode(),
            "root_path": "", "query_string": push.query_string.encode(), "client": ("127.0.0.1", 40000),
            "server": ("wechat.test", 443), "headers": [*headers, (b"content-type", b"text/xml")],
        }  # fmt: skip
