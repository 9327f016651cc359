"""An event loop whose clock jumps: what waits for minutes is over in milliseconds, in the same order.

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        runner.run(five_minutes())

Every asyncio.sleep, timeout and call_later obeys it without knowing. Time stands still while anything runs,
and goes to the next timer when nothing is left but to wait. Work in threads counts as running when it was
begun by run_in_executor, or when `outside` was told of it. Other clocks do not jump: give `wall` to what
takes a clock.
"""

import asyncio
import selectors
from concurrent.futures import Executor
from typing import Any

BEGINNING = 1_800_000_000.0
"""What `wall` says at first, seconds since 1970."""
SETTLE = 0.001
"""Real seconds that bytes on a loopback socket get to arrive before time jumps."""


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

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return super().select(0)
        ready = super().select(SETTLE)
        if ready:
            return ready
        if timeout is None or self._loop._running_outside:
            return super().select(None)
        self._loop._now += timeout
        return []
