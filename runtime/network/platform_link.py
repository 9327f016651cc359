"""A connection that is held to a platform: texts both ways, each within a bound."""

from typing import Self

import aiohttp

from runtime.network.sessions import open_session

MOST_OF_A_FRAME = 1024 * 1024
"""Bytes that may come at once."""
CONNECT = 4.0
"""Seconds until there is a connection."""
CLOSING = 4.0
"""Seconds that the other side gets to agree that it is over."""
TEXTS = (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY)


async def _refuse(_: object, __: object, told: aiohttp.TraceRequestRedirectParams) -> None:
    told.response.close()
    raise aiohttp.ClientError("redirected")


STAYS = aiohttp.TraceConfig()
"""For a session: whoever answers that we should connect elsewhere is not followed, since the first thing that
we say there is a secret. aiohttp has no other way to say so for a WebSocket."""
STAYS.on_request_redirect.append(_refuse)


class PlatformLink:
    """One WebSocket, closed at the end of `async with`."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, binary: bool = False) -> None:
        """`binary`: what is sent are bytes, and each sign of a text stands for one, both ways."""
        self._socket, self._binary = socket, binary

    @property
    def ended_with(self) -> int:
        """See transports.Line."""
        return self._socket.close_code or 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def send(self, text: str) -> None:
        """Raises OSError when it is gone."""
        try:
            if self._binary:
                return await self._socket.send_bytes(text.encode("latin-1"))
            await self._socket.send_str(text)
        except (aiohttp.ClientError, RuntimeError) as e:
            raise ConnectionError("closed") from e

    async def receive(self) -> str | None:
        """What came; None when it is over, or sent what nobody may send."""
        came = await self._socket.receive()
        if came.type not in TEXTS:
            return None
        if isinstance(came.data, str):
            return came.data
        return bytes(came.data).decode("latin-1" if self._binary else "utf-8", "replace")


def link_session() -> aiohttp.ClientSession:
    """A connection that is held has no end; only making it has."""
    return open_session(timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT), traces=[STAYS])


async def open_link(
    session: aiohttp.ClientSession,
    address: str,
    proxy: str | None,
    heartbeat: float | None = None,
    *,
    binary: bool = False,
) -> PlatformLink:
    """`heartbeat`: seconds between two pings; who does not answer them is gone. Raises OSError, also
    TimeoutError."""
    closing = aiohttp.ClientWSTimeout(ws_close=CLOSING)
    try:
        socket = await session.ws_connect(
            address, max_msg_size=MOST_OF_A_FRAME, proxy=proxy, timeout=closing, heartbeat=heartbeat
        )
    except aiohttp.ClientError as e:
        raise ConnectionError(type(e).__name__) from e
    return PlatformLink(socket, binary=binary)
