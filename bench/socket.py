"""A lean WebSocket for the load side: a frame out, frames in, with the time at which each came."""

import asyncio
import base64
import json
import secrets
import struct
import time
from typing import Any, cast

from bench.installation import Installation


class Socket(asyncio.Protocol):
    """Knows what a server of ours sends: whole texts and pings, unmasked (RFC 6455, 5.2)."""

    def __init__(self, head: bytes) -> None:
        self._head, self._got = head, b""
        self._transport: asyncio.Transport | None = None
        self.opened: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        """Done with the first line of what the server said."""
        self.frames: list[tuple[float, dict[str, Any]]] = []
        """When it came, by time.time(), and what it says."""
        self._came = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._head)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_result(b"closed")

    def data_received(self, data: bytes) -> None:
        self._got += data
        if not self.opened.done():
            head, found, rest = self._got.partition(b"\r\n\r\n")
            if not found:
                return
            self._got = rest
            self.opened.set_result(head.split(b"\r\n", 1)[0])
        while self._frame():
            pass

    def send(self, **said: Any) -> None:
        self._send(1, json.dumps(said).encode())

    async def told(self, type: str) -> None:
        """Until a frame of that type came."""
        while not any(said["type"] == type for _, said in self.frames):
            self._came.clear()
            await self._came.wait()

    def close(self) -> None:
        if self._transport:
            self._transport.abort()

    def _frame(self) -> bool:
        """Takes one off what came; whether there was a whole one."""
        if len(self._got) < 2:
            return False
        size, start = self._got[1], 2
        if size == 126:
            size, start = int.from_bytes(self._got[2:4]), 4
        elif size == 127:
            size, start = int.from_bytes(self._got[2:10]), 10
        if len(self._got) < start + size:
            return False
        opcode, data = self._got[0] & 15, self._got[start : start + size]
        self._got = self._got[start + size :]
        if opcode == 1:
            self.frames.append((time.time(), json.loads(data)))
            self._came.set()
        elif opcode == 9:
            self._send(10, data)
        return True

    def _send(self, opcode: int, data: bytes) -> None:
        """A mask of zeros is one, too, and costs nothing."""
        size = len(data)
        head = (
            bytes([128 | opcode, 128 | size]) if size < 126 else struct.pack("!BBH", 128 | opcode, 254, size)
        )
        if self._transport:
            self._transport.write(head + bytes(4) + data)


async def open_socket(gateway: Installation) -> Socket:
    """Raises ConnectionError for who is not let in."""
    head = (
        f"GET /agent/ws HTTP/1.1\r\nHost: 127.0.0.1:{gateway.port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {gateway.key}\r\n"
        f"Sec-WebSocket-Key: {base64.b64encode(secrets.token_bytes(16)).decode()}\r\n"
        "User-Agent: Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/138.0 Mobile\r\n\r\n"
    ).encode()
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(lambda: Socket(head), "127.0.0.1", gateway.port)
    if b" 101" not in (said := await socket.opened):
        raise ConnectionError(said)
    return socket
