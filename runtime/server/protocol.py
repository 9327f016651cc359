"""uvicorn's HTTP protocol with two bounds it lacks: the time a request's head may take, and its size."""

import asyncio
from collections.abc import Callable

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 32 * 1024


class BoundedHttp(HttpToolsProtocol):
    """Closes a connection that sends nothing, drips its head, or sends a head without end."""

    head_seconds = 10.0
    """That a request's head may take."""
    _deadline: asyncio.TimerHandle | None = None
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
        super().connection_lost(exc)
        if self.lost:
            self.lost()

    def _start_head(self) -> None:
        self._head_bytes = 0
        self._deadline = self.loop.call_later(self.head_seconds, self.timeout_keep_alive_handler)

    def _end_head(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
