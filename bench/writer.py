"""A model that writes on time: `python -m bench.writer PORT`. Each piece of an answer is when it was written.

A process of its own, so that what it costs weighs on neither side that is measured.
"""

import asyncio
import json
import sys
import time
from typing import cast

import uvloop

EVERY = 0.05
"""Seconds between two pieces of an answer."""
PIECES = 300
SHORT, FEW = b"short", 3
"""Whoever asks so gets that many."""
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
END = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class Writer(asyncio.Protocol):
    """One connection, one request after another."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._got, self._left = cast(asyncio.Transport, transport), b"", 0

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, found, body = self._got.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0].strip()
        if not found or len(body) < int(length or b"0"):
            return
        self._got = b""
        if not head.startswith(b"POST"):
            self._transport.write(END)
            return
        self._transport.write(HEAD)
        self._left = FEW if SHORT in body else PIECES
        self._write()

    def _write(self) -> None:
        if self._transport.is_closing():
            return
        self._left -= 1
        delta = {"content": f"这是第 {time.time():.4f} 秒写的。"} if self._left else {}
        self._say({"delta": delta, "index": 0, "finish_reason": None if self._left else "stop"})
        if self._left:
            asyncio.get_running_loop().call_later(EVERY, self._write)
        else:
            self._chunk(b"data: [DONE]\n\n")
            self._transport.write(b"0\r\n\r\n")

    def _say(self, choice: dict[str, object]) -> None:
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "bench"}
        self._chunk(b"data: " + json.dumps({**chunk, "choices": [choice]}).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self._transport.write(b"%x\r\n%b\r\n" % (len(data), data))


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Writer, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
