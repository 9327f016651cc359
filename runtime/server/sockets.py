"""uvicorn's WebSocket protocol with two bounds it lacks."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

UNREAD = 256 * 1024
"""Bytes of answers to pings that wait for a client which does not read them."""


class BoundedSocket(WebSocketsSansIOProtocol):
    """Answers no pings without end: for these nobody waits until the client took what came before. Keeps no
    connection whose handshake cannot be read, as with a line of 8 kB in it, which nobody would ever close."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None:
            self.transport.close()

    def handle_ping(self) -> None:
        super().handle_ping()
        if self.transport.get_write_buffer_size() > UNREAD:
            self.transport.abort()
