"""The network between a gateway and its database: it can be cut, or fall silent with nobody told of it."""

import asyncio
import contextlib
import socket
import struct

AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: a close is a reset."""


class Line:
    """`async with Line(port) as line`: `line.port` leads to that one. Loopback only."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._flows = asyncio.Event()
        self._flows.set()
        self._refuses = False
        self._ends: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Line":
        self._server = await asyncio.start_server(self._joins, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.reset()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def silent(self) -> None:
        """Nothing arrives any more, and no connection ends: as behind a cable that was pulled."""
        self._flows.clear()

    def refuse(self) -> None:
        """Whatever is open is reset, and whatever comes."""
        self._refuses = True
        self.reset()

    def reset(self) -> None:
        for writer in list(self._ends):
            with contextlib.suppress(OSError, ValueError):  # it may be closed by now
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            writer.transport.abort()

    def heal(self) -> None:
        """What was sent meanwhile arrives, where its connection is there yet."""
        self._refuses = False
        self._flows.set()

    def _joins(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._joined(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        with contextlib.suppress(OSError):  # nobody listens there: whoever came here is told by the end
            if not self._refuses:
                await self._flows.wait()
                there, further = await asyncio.open_connection("127.0.0.1", self._to)
                self._ends.add(further)
                await asyncio.gather(self._carry(there, writer), self._carry(reader, further))
        self._end(writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._flows.wait()
                if writer.is_closing():  # it was reset meanwhile
                    break
                writer.write(data)
                await writer.drain()
        await self._flows.wait()  # nor is an end told while it is silent
        self._end(writer)

    def _end(self, writer: asyncio.StreamWriter) -> None:
        self._ends.discard(writer)
        writer.close()
