"""Pass on what is meant for the gateway to the process that has it; both ports answer alike.

A request is sent once; one that nobody took, or that may come twice, is tried again for a short while.
"""

import asyncio
import io
import time
from collections.abc import Iterable

import aiohttp
import yarl
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from runtime.errors import Refused
from runtime.lang import Text
from runtime.network.sessions import KeptSession, open_session
from runtime.server import relay_socket
from runtime.server.body import again, read_body
from runtime.server.door.visit import Visit
from runtime.server.gone import hung_up
from runtime.server.role import Role
from runtime.server.statuses import status_of
from runtime.side_by_side import done_before

PATHS = ("/mcp", "/ready", "/metrics", "/metrics/alerts", "/status", "/status.json")
FOLDERS = ("/agent/", "/back/", "/c/", "/v1/", "/r/", "/hooks/", "/desk/")
LARGEST = 4 * 1024 * 1024
"""Bytes: the most that any of these routes takes (turns.py), since whoever sends it was not checked yet."""
PATIENCE = 4.0
"""Seconds: a platform waits 5 for an acknowledgement."""
PAUSE = 0.1
CONNECT = aiohttp.ClientTimeout(total=None, sock_connect=2)
HOP = {b"connection", b"keep-alive", b"transfer-encoding", b"upgrade", b"te", b"trailer", b"content-length"}
"""Headers of one connection (RFC 9110, 7.6.1), and what is counted anew."""
NOBODY = Text(
    "处理消息的进程还没有准备好，请稍后再试。", "The process that works on messages is not ready; try again."
)


class Relay:
    """In front of the guard, which both processes have."""

    def __init__(self, app: ASGIApp, role: Role, patience: float = PATIENCE) -> None:
        self._app = app
        self._role = role
        self._patience = patience
        self._session = KeptSession(_session)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._role.works or scope["type"] == "lifespan" or not _is_for_gateway(Visit(scope)):
            return await self._app(scope, receive, send)
        if scope["type"] == "websocket":
            there = f"{self._role.other()}{scope['path']}"
            return await relay_socket.pass_on(self._session.get(), there, NOBODY, scope, receive, send)
        try:
            body = await read_body(Request(scope, receive), LARGEST)
        except Refused as e:
            return await JSONResponse({"error": str(e.text)}, status_of(e))(scope, receive, send)
        await self._pass_on(scope, body, receive, send)

    async def close(self) -> None:
        await self._session.close()

    async def _pass_on(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        until = time.monotonic() + self._patience
        while not self._role.works:
            other = self._role.other()
            if other:
                try:
                    return await self._ask(other, scope, body, receive, send)
                except _NotAnswered as e:
                    if not (e.may_repeat or _may_repeat(scope)):
                        break
            if time.monotonic() > until:
                break
            await asyncio.sleep(PAUSE)
        if self._role.works:
            return await self._app(scope, again(body, receive), send)
        await JSONResponse({"error": str(NOBODY)}, 503)(scope, receive, send)

    async def _ask(self, other: str, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        query = scope["query_string"].decode("latin-1")
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
        try:
            response = await self._session.get().request(
                scope["method"],
                # as it was written: a signature is in it
                yarl.URL(f"{other}{path}" + (f"?{query}" if query else ""), encoded=True),
                headers=_text(scope["headers"]),
                data=io.BytesIO(body) if body else None,
                allow_redirects=False,
                timeout=CONNECT,
            )
        except aiohttp.ClientError as e:
            raise _NotAnswered(isinstance(e, aiohttp.ClientConnectorError)) from None
        async with response:
            raw = [(name.lower(), value) for name, value in response.raw_headers]
            headers = [(name, value) for name, value in raw if name not in HOP]
            await send({"type": "http.response.start", "status": response.status, "headers": headers})
            copied = await done_before(_copy(response, send), hung_up(receive))
            if copied:
                copied.result()


class _NotAnswered(Exception):
    """The other process went away. `may_repeat`: nothing was sent yet."""

    def __init__(self, may_repeat: bool) -> None:
        super().__init__()
        self.may_repeat = may_repeat


def _may_repeat(scope: Scope) -> bool:
    """Reading changes nothing, and a platform's message that comes twice is taken once."""
    return scope["method"] in ("GET", "HEAD") or Visit(scope).path.startswith("/c/")


def _session() -> aiohttp.ClientSession:
    return open_session(aiohttp.TCPConnector(limit=0, force_close=True))


async def _copy(response: aiohttp.ClientResponse, send: Send) -> None:
    async for piece in response.content.iter_any():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _is_for_gateway(visit: Visit) -> bool:
    return visit.path in PATHS or visit.path.startswith(FOLDERS)


def _text(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers if name not in HOP]
