"""uvicorn's WebSocket protocol with bounds it lacks, and lighter: thousands of people may have one open."""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from runtime.one_reader import OneReader

UNREAD = 256 * 1024
"""Bytes of answers to pings that wait for a client which does not read them."""
SLICE = 8 * 1024
"""Bytes that are read at a time: 256 kB of frames of nothing would hold up everybody for 0.5 s."""
A_SECOND, WORDLESS = 25_000, 1000
"""Frames that a client may send in one, and of these such as are no whole message: for those it waits."""
TEXT, BINARY = 1, 2
MOST_PIECES = 4096
"""Of one message: an empty one adds nothing to its size, and takes memory."""
LARGEST = "hongyan.largest"
"""Beside what an application says as it accepts: bytes of a message from then on, where none is large."""


class BoundedSocket(WebSocketsSansIOProtocol):
    """Takes no flood of frames, and answers no pings without end: for these nobody waits until the client
    took what came before. Keeps no
    connection whose handshake cannot be read, as with a line of 8 kB in it, which nobody would ever close.

    A message that was begun comes to its end, or the connection does: else each holds so much for ever.

    Of an open one that nobody says anything on it keeps little: no headers twice, no queues for many readers.
    """

    whole_seconds = 20.0
    """That a message may take."""
    _deadline: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.queue = OneReader()  # type: ignore[assignment] # what uvicorn uses of it
        self.writable = Writable()  # type: ignore[assignment] # likewise
        self._came, self._wordless, self._since = 0, 0, 0.0

    def data_received(self, data: bytes) -> None:
        for start in range(0, len(data), SLICE):
            super().data_received(data[start : start + SLICE])
            if self.conn.handshake_exc is not None:
                self.transport.close()
            if self.transport.is_closing():
                return

    def handle_events(self) -> None:
        now = self.loop.time()
        if now - self._since >= 1.0:
            self._came, self._wordless, self._since = 0, 0, now
        self._came += len(self.conn.events)
        self._wordless += sum(_is_wordless(one) for one in self.conn.events)
        super().handle_events()
        is_flood = self._came > A_SECOND or self._wordless > WORDLESS
        if is_flood or len(self.frames) > MOST_PIECES:
            self.transport.abort()
        if self.frames and self._deadline is None:
            self._begin_deadline()

    def _begin_deadline(self) -> None:
        self._deadline = self.loop.call_later(self.whole_seconds, self._is_late)

    def _is_late(self) -> None:
        if self.read_paused:  # it is us who are
            self._begin_deadline()
        else:
            self.transport.abort()

    def send_receive_event_to_app(self) -> None:
        self._came_whole()
        super().send_receive_event_to_app()

    def connection_lost(self, exc: Exception | None) -> None:
        self._came_whole()
        super().connection_lost(exc)

    def _came_whole(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def handle_ping(self) -> None:
        super().handle_ping()
        if self.transport.get_write_buffer_size() > UNREAD:
            self.transport.abort()

    async def send(self, message: Any) -> None:
        await super().send(message)
        if message["type"] == "websocket.accept":
            self.conn.max_message_size = message.get(LARGEST, self.conn.max_message_size)
            self.request.headers.clear()  # the parser holds it; whoever asks has the scope's
            del self.response


def _is_wordless(event: Any) -> bool:
    """Whether it is a frame, and no whole message."""
    kind = getattr(event, "opcode", None)
    return kind is not None and not (event.fin and kind in (TEXT, BINARY))


class Writable:
    """An event that nearly always is: room for who waits is made when there is somebody."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: asyncio.Event | None = None

    def set(self) -> None:
        if self._waiting:
            self._waiting.set()
            self._waiting = None

    def clear(self) -> None:
        self._waiting = self._waiting or asyncio.Event()

    async def wait(self) -> bool:
        return await self._waiting.wait() if self._waiting else True
