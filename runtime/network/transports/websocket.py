"""A line to a WebSocket server: its texts are the frames as they are. Nobody is followed elsewhere."""

import asyncio
import logging
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from runtime.lang import Text
from runtime.network.egress import Egress
from runtime.network.transports import Server, Unopened
from runtime.network.transports.stream import IN_CLEAR, NOT_REACHED, reached, trusting

PORTS = frozenset({443, 8443})
"""Open on public addresses."""
LARGEST = 256 * 1024
"""Bytes of a frame; nothing that comes is packed, so none is larger than it looks."""
MOST_PIECES = 10_000
"""Of one frame: an empty one adds nothing to its size, and takes memory."""
SECONDS = 10.0
"""For the handshake, and for the other side to agree that it is over."""

REFUSED = Text(
    "{host} 不让连（HTTP {status}）。请核对地址和密钥。",
    "{host} does not let us in (HTTP {status}). See that address and secret are right.",
)
NO_SOCKET = Text("那里不是 WebSocket", "there is no WebSocket there")
QUIET = logging.getLogger(f"{__name__}.quiet")
"""Its records hold what people wrote."""
QUIET.disabled = True


class SocketLine:
    """Closed at the end of `async with`."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    @property
    def ended_with(self) -> int:
        return self._socket.close_code or 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def send(self, text: str) -> None:
        """Raises OSError when it is gone."""
        try:
            await self._socket.send(text)
        except WebSocketException as e:
            raise ConnectionError("closed") from e

    async def receive(self) -> str | None:
        """What came; None when it is over, or sent what nobody may send."""
        pieces: list[bytes] = []
        try:
            async for piece in self._socket.recv_streaming():
                pieces.append(piece.encode() if isinstance(piece, str) else piece)
                if len(pieces) > MOST_PIECES:
                    self._socket.transport.abort()
                    return None
        except (WebSocketException, OSError):
            return None
        return b"".join(pieces).decode("utf-8", "replace")


async def open_socket(server: Server, egress: Egress) -> SocketLine:
    """Raises OSError, of these Unopened with what the owner can do."""
    parts = urlsplit(server.url)
    secured, host = parts.scheme == "wss", parts.hostname or ""
    port = parts.port or 0
    context = await asyncio.to_thread(trusting, server) if secured else None
    judged = await reached(server, egress, PORTS)
    if context is None and not judged.own:
        judged.socket.close()
        raise Unopened(IN_CLEAR, "in_clear")
    options: dict[str, Any] = {"ssl": context, "server_hostname": host} if context else {}
    try:
        socket = await connect(
            server.url, sock=judged.socket, additional_headers=server.headers, logger=QUIET,
            compression=None, max_size=LARGEST, open_timeout=SECONDS, close_timeout=SECONDS,
            ping_interval=None, proxy=None, user_agent_header="Hongyan", **options,
        )  # fmt: skip
    except InvalidStatus as e:
        raise Unopened(REFUSED.fill(host=host, status=e.response.status_code), "refused") from None
    except (WebSocketException, EOFError, ValueError):  # of these the last: whoever sends us elsewhere
        raise Unopened(NOT_REACHED.fill(host=host, port=port, why=NO_SOCKET), "no_socket") from None
    except BaseException:
        judged.socket.close()
        raise
    return SocketLine(socket)
