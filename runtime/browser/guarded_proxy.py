"""The only way out of the browser: a proxy on this machine that asks the egress guard for each connection.

A browser looks names up itself, follows what pages say and keeps connections: here each one is judged again,
by its host against the owner's list and by its address, which is the one that is connected to.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from runtime.errors import HongyanError
from runtime.network.egress import Egress
from runtime.network.reach import Reach
from runtime.side_by_side import done_before

HEAD = 16_384
"""Bytes of a request's head."""
MOST = 40_000_000
"""Bytes of all answers of one visit."""
MOST_BLOCKED = 100
"""Hosts that are told."""
CONNECT = 10.0
PORTS = frozenset({80, 443})
REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class GuardedProxy:
    """`blocked`: hosts that were asked for and refused."""

    def __init__(self, egress: Egress, reach: Reach) -> None:
        self._egress, self._reach = egress, reach
        self._left = MOST
        self.blocked: set[str] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[int]:
        """Its port on the loopback."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=HEAD)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), CONNECT)
            await self._pass_on(head, reader, writer)
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError):
            pass  # the page is told that there is no connection
        finally:
            writer.close()

    async def _pass_on(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, _, rest = head.decode("latin-1").partition("\r\n")
        method, target, version = first.split(" ", 2)
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        host, port = parts.hostname or "", parts.port or (443 if tunnel else 80)
        try:
            line = await asyncio.wait_for(
                self._egress.connect(host, port, open_ports=PORTS, reach=self._reach), CONNECT
            )
        except HongyanError:
            if len(self.blocked) < MOST_BLOCKED:
                self.blocked.add(host[:253])
            writer.write(REFUSED)
            return
        there_reader, there = await asyncio.open_connection(sock=line.socket)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                # One request a connection, so that each is judged.
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                kept = [
                    one for one in rest.split("\r\n") if not one.lower().startswith(("proxy-", "connection:"))
                ]
                there.write(
                    "\r\n".join([f"{method} {path} {version}", "Connection: close", *kept]).encode("latin-1")
                )
            # a server that never ends holds nothing up once the browser is gone
            await done_before(self._pipe(reader, there, counted=False), self._pipe(there_reader, writer))
        finally:
            there.close()

    async def _pipe(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, counted: bool = True
    ) -> None:
        while data := await source.read(65_536):
            if counted:
                self._left -= len(data)
                if self._left < 0:
                    raise OSError("more than one visit may bring")
            target.write(data)
            await target.drain()
        with contextlib.suppress(OSError):
            target.write_eof()
