"""A lean HTTP client for the load side: ready bytes in, status and body out."""

import asyncio
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import httptools


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class Client:
    """Loopback only. Without `keep` every request has a connection of its own, as WeChat's have."""

    def __init__(self, url: str, *, keep: bool = False) -> None:
        parts = urlsplit(url)
        if parts.hostname not in ("127.0.0.1", "localhost"):
            raise ValueError("this loads loopback only")
        self._host, self._port, self.path = parts.hostname, parts.port or 80, parts.path or "/"
        self._keep = keep
        self._idle: list[_Connection] = []

    def raw(self, method: str, path: str, body: bytes = b"", headers: str = "") -> bytes:
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nUser-Agent: Mozilla/4.0\r\n"
            f"Accept: */*\r\nConnection: {'keep-alive' if self._keep else 'close'}\r\n{headers}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def request(self, raw: bytes, seconds: float) -> Answer:
        """Raises OSError, and TimeoutError after `seconds`; then the connection is dropped."""
        connection = None
        try:
            async with asyncio.timeout(seconds):
                connection = self._reusable() or await self._connect()
                answer = await connection.ask(raw)
            if self._keep and connection.usable:
                self._idle.append(connection)
                connection = None
            return answer
        finally:
            if connection is not None:
                connection.abort()

    async def get(self, path: str, seconds: float = 5) -> Answer:
        return await self.request(self.raw("GET", path), seconds)

    def _reusable(self) -> "_Connection | None":
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        return None

    async def _connect(self) -> "_Connection":
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(_Connection, self._host, self._port)
        return connection


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None

    @property
    def usable(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def abort(self) -> None:
        if self._transport:
            self._transport.abort()

    def ask(self, raw: bytes) -> "asyncio.Future[Answer]":
        if self._transport is None:
            raise ConnectionResetError("closed")
        self._parser, self._pieces = httptools.HttpResponseParser(self), list[bytes]()
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        return self._waiting

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._fail(exc or ConnectionResetError("closed before an answer"))

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as e:
            self._fail(ConnectionError(f"not HTTP: {e}"))

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(Answer(self._parser.get_status_code(), b"".join(self._pieces)))

    def _fail(self, error: Exception) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(error)
