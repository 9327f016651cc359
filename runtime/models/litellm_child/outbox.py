"""What the child has to say, on its way: joined into few frames, and never much of it waiting."""

import asyncio
import contextlib
from typing import Any

from runtime.models.litellm_child import frames

JOINED = 0.004
"""Seconds that a piece waits for others. An end waits for nobody."""
FRAME = 64_000
"""Bytes after which a frame is full."""
WAITING = 1_000_000
"""Bytes that may wait. Beyond it whoever speaks has to wait, and so stops reading from its provider."""


class TooMuch(Exception):
    """One piece of an answer is larger than anybody would read."""


class Outbox:
    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._items: list[bytes] = []
        self._size = 0
        self._filled = asyncio.Event()
        self._urgent = asyncio.Event()
        self._emptied = asyncio.Event()

    async def say(self, id: int, kind: str, value: Any, *, urgent: bool = False) -> int:
        """Hand it over, waiting while too much waits. Its size in bytes. Raises TooMuch."""
        item = frames.text([id, kind, value]).encode("utf-8", "surrogatepass")
        if len(item) > frames.MAX_ANSWER // 2:
            raise TooMuch(f"{len(item)} bytes")
        while self._size > WAITING:
            self._emptied.clear()
            await self._emptied.wait()
        self._items.append(item)
        self._size += len(item)
        self._filled.set()
        if urgent or self._size > FRAME:
            self._urgent.set()
        return len(item)

    async def run(self) -> None:
        """Send, for ever. Raises ConnectionError when nobody listens any longer."""
        while True:
            await self._filled.wait()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._urgent.wait(), JOINED)
            items, self._items, self._size = self._items, [], 0
            self._filled.clear()
            self._urgent.clear()
            self._emptied.set()
            for frame in _joined(items):
                self._writer.write(frames.framed(frame))
                await self._writer.drain()


def _joined(items: list[bytes]) -> list[bytes]:
    full, frame, size = [], list[bytes](), 0
    for item in items:
        if frame and size + len(item) > FRAME:
            full.append(frame)
            frame, size = [], 0
        frame.append(item)
        size += len(item)
    return [b"[" + b",".join(frame) + b"]" for frame in [*full, frame]]
