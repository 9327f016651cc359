"""A queue that one reads: asyncio's has room for many, which takes 2 kB of it and half of its time."""

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")


class OneReader(Generic[T]):
    """Given in the order in which it was put. Whoever puts never waits: what bounds it is elsewhere."""

    __slots__ = ("_put", "_reader", "_turned")

    def __init__(self) -> None:
        self._put: list[T] = []
        self._turned: list[T] = []
        """What was put before that, the oldest last: two lists take a tenth of a deque's memory."""
        self._reader: asyncio.Future[None] | None = None

    def empty(self) -> bool:
        return not (self._put or self._turned)

    def put_nowait(self, one: T) -> None:
        self._put.append(one)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def get_nowait(self) -> T:
        """Raises IndexError when it is empty."""
        if not self._turned:
            self._turned, self._put = self._put[::-1], []
        return self._turned.pop()

    async def get(self) -> T:
        """For one at a time."""
        while self.empty():
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        return self.get_nowait()
