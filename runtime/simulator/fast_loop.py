"""An event loop whose clock jumps: what waits for minutes is over in milliseconds, in the same order.

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        runner.run(five_minutes())

Every asyncio.sleep, timeout and call_later obeys it without knowing. Time stands still while anything runs,
and goes to the next timer when nothing is left but to wait. Work in threads counts as running when it was
begun by run_in_executor, or when `outside` was told of it. Other clocks do not jump: give `wall` to what
takes a clock.
"""

import asyncio
import contextlib
import fcntl
import selectors
import socket
import sys
import termios
from concurrent.futures import Executor
from typing import Any

BEGINNING = 1_800_000_000.0
"""What `wall` says at first, seconds since 1970."""
SETTLE = 0.001
"""Real seconds that bytes on a loopback socket get to arrive before time jumps, where it is not known that
they did."""


class FastLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._now = 0.0
        self.ahead = 0.0
        """Seconds by which somebody set the wall clock."""
        self._running_outside = 0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return self._now

    def wall(self) -> float:
        """Seconds since 1970."""
        return BEGINNING + self._now + self.ahead

    def run_in_executor(self, executor: Executor | None, func: Any, *args: Any) -> asyncio.Future[Any]:  # type: ignore[override] # typeshed's TypeVarTuple gains nothing here
        future = super().run_in_executor(executor, func, *args)
        self.outside(future)
        return future

    def outside(self, work: asyncio.Future[Any]) -> None:
        """Time stands still until this is done, by a thread that the loop knows nothing of."""
        self._running_outside += 1
        work.add_done_callback(self._came_back)

    def _came_back(self, _: object) -> None:
        self._running_outside -= 1


class _Jumping(selectors.DefaultSelector):
    def __init__(self, loop: FastLoop) -> None:
        super().__init__()
        self._loop = loop
        self._changed = True
        """A connection may be on its way, or the end of one."""

    def register(self, *args: Any) -> selectors.SelectorKey:
        self._changed = True
        return super().register(*args)

    def modify(self, *args: Any) -> selectors.SelectorKey:
        self._changed = True
        return super().modify(*args)

    def unregister(self, *args: Any) -> selectors.SelectorKey:
        self._changed = True
        return super().unregister(*args)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return super().select(0)
        ready = super().select(0 if self._all_arrived() else SETTLE)
        if ready:
            return ready
        if timeout is None or self._loop._running_outside:
            return super().select(None)
        self._loop._now += timeout
        return []

    def _all_arrived(self) -> bool:
        """Whether whatever was sent from here is known to be at the other end."""
        if self._changed or sys.platform != "linux":
            self._changed = False
            return False
        sockets = [key.fd for key in self.get_map().values()]
        if any(map(_unacknowledged, sockets)):
            for number in sockets:
                _acknowledge(number)
            return not any(map(_unacknowledged, sockets))
        return True


def _unacknowledged(number: int) -> bool:
    """Whether that socket sent something that the other end did not say it has (tcp(7), SIOCOUTQ)."""
    try:
        return fcntl.ioctl(number, termios.TIOCOUTQ, bytes(4)) != bytes(4)
    except OSError:  # no connection
        return False


def _acknowledge(number: int) -> None:
    """Say now what came, rather than up to 40 ms later (tcp(7), TCP_QUICKACK)."""
    with contextlib.suppress(OSError):
        end = socket.socket(fileno=number)
        with contextlib.suppress(OSError):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        end.detach()
