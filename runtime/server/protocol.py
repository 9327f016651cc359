"""uvicorn's HTTP protocol with bounds it lacks: the time a request's head may take, its size, and how long an
answer waits that nobody reads."""

import asyncio
from collections.abc import Callable

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 32 * 1024
READ = 16 * 1024
"""Bytes of an answer that a client takes in `unread_seconds`, or it is gone: it holds everybody's memory."""


class BoundedHttp(HttpToolsProtocol):
    """Closes a connection that sends nothing, drips its head, sends a head without end, or takes nothing."""

    head_seconds = 10.0
    """That a request's head may take."""
    unread_seconds = 60.0
    _deadline: asyncio.TimerHandle | None = None
    _reader: asyncio.TimerHandle | None = None
    """Looks whether what is being sent is read."""
    _head_bytes = 0
    lost: Callable[[], None] | None = None
    """Called when the connection is gone."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in the parent
        super().connection_made(transport)
        self._start_head()

    def data_received(self, data: bytes) -> None:
        is_idle = self.cycle is None or self.cycle.response_complete
        if is_idle and self._deadline is None:
            self._start_head()
        if self._deadline is not None:
            self._head_bytes += len(data)
        super().data_received(data)
        # Still no end of the head: what came so far is all head. A body after the end does not count.
        if self._deadline is not None and self._head_bytes > HEAD_BYTES:
            self._end_head()
            self.send_400_response("The request's head is too large.")

    def on_headers_complete(self) -> None:
        self._end_head()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_head()
        self._end_reader()
        super().connection_lost(exc)
        if self.lost:
            self.lost()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._look_again()

    def resume_writing(self) -> None:
        self._end_reader()
        super().resume_writing()

    def _look_again(self) -> None:
        self._end_reader()
        left = self.transport.get_write_buffer_size()
        self._reader = self.loop.call_later(self.unread_seconds, self._look, left)

    def _look(self, before: int) -> None:
        """`before`: bytes that waited then."""
        if before - self.transport.get_write_buffer_size() < READ:
            self.transport.abort()
        else:
            self._look_again()

    def _end_reader(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None

    def _start_head(self) -> None:
        self._head_bytes = 0
        self._deadline = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def _end_head(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
