"""Whose work is being done at this instant, where a death leaves it to be read.

Many turns are open when a process dies, and all but one only wait for somebody. The number of the message
whose step the event loop takes, or whose call a thread runs, stands in a mapped file: that costs a memory
write, and outlives the process whatever ends it. A kill from outside finds nobody's number mostly, or another
each time.
"""

import contextvars
import functools
import logging
import mmap
import os
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

THREADS = 32
"""Whose calls are told apart."""
PLACES = 1 + THREADS
"""Numbers in the file: the event loop's, then the threads'."""
SIZE = PLACES * 8

_current: contextvars.ContextVar[int] = contextvars.ContextVar("message", default=0)


class Blame:
    """One process at a time. Where the file cannot be had, nobody is ever blamed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._numbers = memoryview(bytearray(SIZE)).cast("q")

    def open(self) -> set[int]:
        """Begin to keep it. Returns whose work was being done when the process before this one died."""
        self._numbers = _mapped(self._path)
        left_behind = {number for number in self._numbers if number}
        for place in range(PLACES):
            self._numbers[place] = 0
        return left_behind

    async def watch(self, seq: int, work: Coroutine[Any, Any, T]) -> T:
        """Do the work of a message. What it has others do, in tasks, is watched by `step`."""
        before = _current.set(seq)
        try:
            return await _Steps(self._numbers, seq, work)
        finally:
            _current.reset(before)

    async def step(self, work: Coroutine[Any, Any, T]) -> T:
        """Part of the work of the message in whose context it is called, in a task of its own."""
        return await _Steps(self._numbers, _current.get(), work)

    def threads(self) -> ThreadPoolExecutor:
        """For calls that do not block the event loop."""
        return _Threads(self._numbers)


class _Steps(Generic[T]):
    """Awaits `work`, and says so only while it runs and not while it waits."""

    def __init__(self, numbers: "memoryview[int]", seq: int, work: Coroutine[Any, Any, T]) -> None:
        self._numbers = numbers
        self._seq = seq
        self._work = work

    def __await__(self) -> Generator[Any, Any, T]:
        numbers, seq, work = self._numbers, self._seq, self._work
        go_on: Callable[[Any], Any] = work.send
        given: Any = None
        while True:
            before, numbers[0] = numbers[0], seq
            try:
                wanted = go_on(given)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return] # a coroutine ends by it
            finally:
                numbers[0] = before
            try:
                given = yield wanted
                go_on = work.send
            except BaseException as e:  # noqa: BLE001 # a cancellation too belongs to the work
                given, go_on = e, work.throw


class _Threads(ThreadPoolExecutor):
    def __init__(self, numbers: "memoryview[int]") -> None:
        super().__init__(min(THREADS, (os.cpu_count() or 1) + 4), "work")
        self._numbers = numbers
        self._free = list(range(1, PLACES))

    def submit(self, call: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        return super().submit(self._marked, _current.get(), functools.partial(call, *args, **kwargs))

    def _marked(self, seq: int, call: Callable[[], T]) -> T:
        place = self._free.pop()
        self._numbers[place] = seq
        try:
            return call()
        finally:
            self._numbers[place] = 0
            self._free.append(place)


def _mapped(path: Path) -> "memoryview[int]":
    """The file is written whole first: a page that the disk has no room for must not be touched later."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            found = os.pread(descriptor, SIZE, 0).ljust(SIZE, b"\0")
            os.pwrite(descriptor, found, 0)
            return memoryview(mmap.mmap(descriptor, SIZE)).cast("q")
        finally:
            os.close(descriptor)
    except OSError as e:
        log.warning("it is not kept whose work runs: %s", e)
        return memoryview(bytearray(SIZE)).cast("q")
