"""A very small WebSocket server for fakes: each connection is a coroutine of whoever plays the platform."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Self

from aiohttp import WSMsgType, web


class Wire:
    """One connection of a client."""

    def __init__(self, socket: web.WebSocketResponse, query: Mapping[str, str]) -> None:
        self._socket = socket
        self.query = query
        """Of the address that the client opened."""

    async def send(self, said: str | bytes) -> None:
        """To a client that is gone: nothing."""
        try:
            await (self._socket.send_bytes(said) if isinstance(said, bytes) else self._socket.send_str(said))
        except (ConnectionError, RuntimeError):
            return

    async def receive(self) -> str | None:
        """None when the client is gone."""
        came = await self._socket.receive()
        return str(came.data) if came.type == WSMsgType.TEXT else None

    async def receive_bytes(self) -> bytes | None:
        """The same of a client that sends bytes."""
        came = await self._socket.receive()
        return bytes(came.data) if came.type == WSMsgType.BINARY else None

    async def close(self, code: int = 1000) -> None:
        await self._socket.close(code=code)


Play = Callable[[Wire], Awaitable[None]]


class SocketServer:
    """On a free port of this machine, or on `port`."""

    def __init__(self, play: Play, host: str = "127.0.0.1", port: int = 0) -> None:
        self._play = play
        self._place = host, port
        self._open: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await self._runner.setup()
        await web.TCPSite(self._runner, *self._place).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"ws://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.drop()
        assert self._runner
        await self._runner.cleanup()

    async def drop(self) -> None:
        """End every connection, as a network does."""
        for socket in list(self._open):
            await socket.close(code=1001)

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(timeout=1.0)
        try:
            await socket.prepare(request)
        except ConnectionResetError:
            return socket  # it died while it knocked
        self._open.add(socket)
        try:
            await self._play(Wire(socket, request.query))
        finally:
            self._open.discard(socket)
            await socket.close()
        return socket
