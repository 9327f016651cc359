"""Long work: how far it is, and whether somebody still waits for it.

Who does the work says `tell(3, 10)` and asks `go_on()` where stopping leaves nothing half; who waits reads
and stops. It holds in threads too, into which asyncio takes its context.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from runtime.errors import Refused
from runtime.lang import Text

STOPPED = Text("已停下。", "Stopped.")


class Work:
    """One piece of it, as who waits sees it."""

    def __init__(self) -> None:
        self.done, self.of = 0, 0
        """How many of how many; of 0, nobody knows."""
        self._stopped = threading.Event()

    def stop(self) -> None:
        """From any thread. What is under way ends at its next `go_on`."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()


_here: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def working(work: Work) -> Iterator[None]:
    """What is done inside is `work`."""
    before = _here.set(work)
    try:
        yield
    finally:
        _here.reset(before)


def tell(done: int, of: int) -> None:
    """How far it is. Nothing where nobody waits."""
    if work := _here.get():
        work.done, work.of = done, of


def go_on() -> None:
    """Raises Refused once nobody waits for it any more."""
    work = _here.get()
    if work and work.is_stopped:
        raise Refused(STOPPED, code="cut_off")
