"""A WebSocket that is meant for the gateway, passed on to the process that has it, frame by frame."""

from contextlib import suppress

import aiohttp
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from runtime.lang import Text
from runtime.server.door.visit import Visit
from runtime.side_by_side import done_before

KEPT = ("authorization", "origin", "accept-language", "user-agent", "host", "x-forwarded-for")
AWAY = 1012
"""Closes it where the other process went away: come again (RFC 6455, 7.4.1; IANA's registry)."""


async def pass_on(
    session: aiohttp.ClientSession, url: str, absent: Text, scope: Scope, receive: Receive, send: Send
) -> None:
    """`absent`: said where nobody is there."""
    socket, headers = WebSocket(scope, receive, send), Headers(scope=scope)
    try:
        other = await session.ws_connect(
            url,
            headers={name: headers[name] for name in KEPT if name in headers},
            protocols=[one for one in Visit(scope).subprotocols if one],
            max_msg_size=0,  # the other process bounds what comes, and this one is sent what it wrote
        )
    except aiohttp.WSServerHandshakeError as e:
        await socket.send_denial_response(JSONResponse({"error": str(absent)}, e.status))
        return
    except (aiohttp.ClientError, OSError):
        await socket.send_denial_response(JSONResponse({"error": str(absent)}, 503))
        return
    async with other:
        await socket.accept(other.protocol)
        await done_before(_there(socket, other), _back(socket, other))


async def _there(socket: WebSocket, other: aiohttp.ClientWebSocketResponse) -> None:
    """Until the client is gone."""
    while (frame := await socket.receive())["type"] == "websocket.receive":
        text = frame.get("text")
        await (other.send_bytes(frame.get("bytes") or b"") if text is None else other.send_str(text))


async def _back(socket: WebSocket, other: aiohttp.ClientWebSocketResponse) -> None:
    """Until the other process ends it, or is gone."""
    with suppress(WebSocketDisconnect):
        async for frame in other:
            if frame.type is aiohttp.WSMsgType.TEXT:
                await socket.send_text(frame.data)
        await socket.close(other.close_code or AWAY)
