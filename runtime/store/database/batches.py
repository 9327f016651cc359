"""One thread that writes: what waits shares one durable commit, in the order of asking."""

import asyncio
import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from runtime.errors import StoreFailed
from runtime.lang import Text
from runtime.store.database import Outside, Work

T = TypeVar("T")
BATCH = 500
"""Writes that share one commit at most."""
AGAIN = 5.0
"""Seconds until what is done at rest is tried again after a failure."""
FAILED = Text("没有保存（{why}）。", "Not saved ({why}).")

log = logging.getLogger(__name__)


@dataclass
class Job:
    work: Work[Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    scrub: bool = False
    result: Any = None
    error: BaseException | None = None


class Batches:
    """`commit` does the work of some jobs, each with its result or error, and may `fill` them. `rest` is
    called after each time, and again after the seconds that it returns, until it returns None or more is to
    be written."""

    def __init__(
        self,
        name: str,
        outside: Outside,
        commit: Callable[[list[Job]], None],
        rest: Callable[[list[Job]], float | None],
    ) -> None:
        self._outside, self._commit, self._rest = outside, commit, rest
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_forever, name=f"write {name}", daemon=True)
        self._writer.start()

    def post(self, work: Work[T], *, scrub: bool) -> "asyncio.Future[T]":
        loop = asyncio.get_running_loop()
        job = Job(work, loop.create_future(), loop, scrub)
        self._outside(job.future)
        self._jobs.put(job)
        return job.future

    def close(self) -> None:
        """Finish what is queued."""
        self._jobs.put(None)
        self._writer.join()

    def _next(self, again: float | None) -> Job | None:
        while again is not None:
            try:
                return self._jobs.get(timeout=again)
            except queue.Empty:
                again = self._rested([])
        return self._jobs.get()

    def fill(self, jobs: list[Job]) -> None:
        """Add what waits. Called once the lock is had: more came while it was waited for."""
        while len(jobs) < BATCH:
            try:
                following = self._jobs.get_nowait()
            except queue.Empty:
                return
            if following is None:
                self._jobs.put(None)
                return
            jobs.append(following)

    def _write_forever(self) -> None:
        again: float | None = None
        while (first := self._next(again)) is not None:
            jobs = [first]
            self._committed(jobs)
            again = self._rested(jobs)
            for loop, settled in groupby(jobs, lambda job: job.loop):
                with contextlib.suppress(RuntimeError):  # whoever asked is gone with their loop
                    loop.call_soon_threadsafe(_settle, list(settled))

    # Without its thread nothing would be written until the next start: whatever fails, it goes on.

    def _committed(self, jobs: list[Job]) -> None:
        try:
            self._commit(jobs)
        except Exception as e:  # a bug, or a system that refuses: who asked is told
            log.exception("a write failed")
            for job in jobs:
                job.result, job.error = None, StoreFailed(FAILED.fill(why=repr(e)[:200]), code="disk")

    def _rested(self, jobs: list[Job]) -> float | None:
        try:
            return self._rest(jobs)
        except Exception:  # the same, and nobody waits for it
            log.exception("what was deleted is not taken out of the file just now")
            return AGAIN


def _settle(jobs: list[Job]) -> None:
    for job in jobs:
        if job.future.cancelled():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
