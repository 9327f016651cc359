"""Connections are taken as descriptors allow: who finds none waits in the kernel's queue and is not cut off.

The event loop's own listener closes what it has no descriptor for. https://docs.libuv.org/en/v1.x/tcp.html
"""

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Callable

AT_ONCE = 64
"""Taken before others have their turn on the loop."""
SPARE = 16
"""Descriptors that only connections get, at most: whatever else ran out of them, callers are answered."""
SHARE = 8
"""…and at most one in so many of all there may be."""
PAUSE = 0.02
"""Seconds until another try, when there are none."""
NONE_LEFT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class Accepting:
    """Serves one listening socket from when it is made until `close`.

    `protocol` makes one for a connection, and is given what to call when that is lost. `descriptors`: how
    many there may be.
    """

    def __init__(
        self,
        listener: socket.socket,
        protocol: Callable[[Callable[[], None]], asyncio.BaseProtocol],
        descriptors: int,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._listener = listener
        self._protocol = protocol
        self._most_spare = min(SPARE, descriptors // SHARE)
        self._spare: list[int] = []
        self._opening: set[asyncio.Task[None]] = set()
        self._again: asyncio.TimerHandle | None = None
        self._is_closed = False
        listener.setblocking(False)
        self._begin()

    def close(self) -> None:
        """Takes no more. Those that were taken go on, and the socket is the caller's to close."""
        self._is_closed = True
        if self._again:
            self._again.cancel()
        self._loop.remove_reader(self._listener)
        while self._spare:
            os.close(self._spare.pop())

    def _lost(self) -> None:
        if len(self._spare) < self._most_spare:
            self._loop.call_soon(self._replace)  # by then its descriptor is free

    def _replace(self) -> None:
        """What a connection leaves goes to the next one, before anybody else has it."""
        if self._is_closed:
            return
        self._set_aside()
        if self._again and self._spare:
            self._again.cancel()
            self._begin()

    def _begin(self) -> None:
        self._again = None
        self._set_aside()
        self._loop.add_reader(self._listener, self._take)

    def _take(self) -> None:
        for _ in range(AT_ONCE):
            try:
                connection, _address = self._listener.accept()
            except OSError as e:
                if e.errno in NONE_LEFT and not self._give_spare():
                    self._loop.remove_reader(self._listener)
                    self._again = self._loop.call_later(PAUSE, self._begin)
                    return
                if e.errno not in NONE_LEFT:
                    return  # nobody is there, or the one who was has gone
            else:
                opening = self._loop.create_task(self._open(connection))
                self._opening.add(opening)
                opening.add_done_callback(self._opening.discard)

    async def _open(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(lambda: self._protocol(self._lost), connection)
        except OSError:
            connection.close()

    def _give_spare(self) -> bool:
        if not self._spare:
            return False
        os.close(self._spare.pop())
        return True

    def _set_aside(self) -> None:
        with contextlib.suppress(OSError):
            while len(self._spare) < self._most_spare:
                self._spare.append(os.dup(self._listener.fileno()))
