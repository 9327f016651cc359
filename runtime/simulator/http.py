"""A very small HTTP/1.1 server for fakes: one plain function answers, far cheaper than what asks it."""

import asyncio
import functools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import httptools


@dataclass
class Request:
    method: str = "GET"
    path: str = "/"
    query: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    address: str = "127.0.0.1"
    headers: dict[str, str] = field(default_factory=dict)
    """Names in lower case."""

    def json(self) -> dict[str, Any]:
        """Its body, an object. Raises ValueError for any other."""
        found = json.loads(self.body or b"{}")
        if not isinstance(found, dict):
            raise ValueError("no object")
        return found


@dataclass
class Response:
    """`after`: seconds before it is sent; None for never. `then` is called when it was, `lost` when nobody
    was there any more."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    after: float | None = 0.0
    then: Callable[[], None] | None = None
    lost: Callable[[], None] | None = None
    encoding: str = ""
    """What it says that its compression is."""
    cut: bool = False
    """The connection ends in the middle of it."""
    headers: dict[str, str] = field(default_factory=dict)
    send: Callable[[], None] | None = None
    """Sends one that waits, at once; there once somebody waits for it."""

    @classmethod
    def json(cls, data: Any, status: int = 200, after: float | None = 0.0) -> "Response":
        return cls(json.dumps(data, ensure_ascii=False).encode(), status, after=after)

    def encoded(self) -> bytes:
        head = f"HTTP/1.1 {self.status} X\r\ncontent-type: {self.kind}\r\ncontent-length: {len(self.body)}"
        head += "".join(f"\r\n{name}: {value}" for name, value in self.headers.items())
        if self.encoding:
            head += f"\r\ncontent-encoding: {self.encoding}"
        body = self.body[: len(self.body) // 2] if self.cut else self.body
        return f"{head}\r\n\r\n".encode() + body


Handler = Callable[[Request], Response]


class Server:
    """`async with Server(handler) as server: server.url`. Loopback only; port 0 takes any that is free."""

    def __init__(self, handler: Handler, port: int = 0) -> None:
        self._handler = handler
        self._wanted = port
        self.connections: set[_Connection] = set()

    async def __aenter__(self) -> "Server":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self._handler, self.connections), "127.0.0.1", self._wanted, backlog=4096
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in list(self.connections):
            connection.abort()
        # a transport closes one turn of the loop after it was told to
        await asyncio.sleep(0)


class _Connection(asyncio.Protocol):
    def __init__(self, handler: Handler, connections: "set[_Connection]") -> None:
        self._handler = handler
        self._connections = connections
        self._transport: asyncio.Transport | None = None
        self._waiting: Response | None = None

    def abort(self) -> None:
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass
        self._parser = httptools.HttpRequestParser(self)
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self._transport = None
        if self._waiting and self._waiting.lost:
            self._waiting.lost()
        self._waiting = None

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.abort()

    def on_message_begin(self) -> None:
        self._request, self._pieces = Request(), list[bytes]()

    def on_url(self, url: bytes) -> None:
        parts = urlsplit(url.decode("latin-1"))
        self._request.path, self._request.query = parts.path, dict(parse_qsl(parts.query))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._request.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        request = self._request
        request.method, request.body = self._parser.get_method().decode(), b"".join(self._pieces)
        if self._transport and (peer := self._transport.get_extra_info("peername")):
            request.address = peer[0]
        self._keep = self._parser.should_keep_alive()
        self._waiting = response = self._handler(request)
        response.send = functools.partial(self._send, response)
        if response.after == 0:
            self._send(response)
        elif response.after is not None:
            asyncio.get_running_loop().call_later(response.after, self._send, response)

    def _send(self, response: Response) -> None:
        if self._transport is None or self._transport.is_closing() or self._waiting is not response:
            return
        self._waiting = None
        self._transport.write(response.encoded())
        if response.cut or not self._keep:
            self._transport.close()
        if response.then:
            response.then()
