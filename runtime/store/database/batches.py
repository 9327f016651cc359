"""One thread that writes: what waits shares one durable commit, in the order of asking."""

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from runtime.store.database import Outside, Work

T = TypeVar("T")
BATCH = 500
"""Writes that share one commit at most."""


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
                again = self._rest([])
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
            self._commit(jobs)
            again = self._rest(jobs)
            for loop, settled in groupby(jobs, lambda job: job.loop):
                loop.call_soon_threadsafe(_settle, list(settled))


def _settle(jobs: list[Job]) -> None:
    for job in jobs:
        if job.future.cancelled():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
