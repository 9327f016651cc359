"""A running gateway sees when a backup is due, and lets a process of its own make it."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from runtime.backups.plan import Last, Plans, due_at
from runtime.lang import Text

log = logging.getLogger(__name__)

REST = 600.0
"""Seconds after a process ended in which none is started again: another instance may be at it."""
LOOK = 60.0
DAY = 24 * 3600.0
LINE = 400
FAILED = Text(
    "**备份失败**\n{why}\n一小时后再试。上一份完好的备份：{good}",
    "**The backup failed**\n{why}\nIt is tried again in an hour. The last good one: {good}",
)
NEVER = Text("还没有", "none yet")
OVER = Text("**备份恢复正常**\n{file}", "**Backups are well again**\n{file}")
DIED = Text(
    "备份的进程中途没了（内存不够？）。", "The process that made it ended unexpectedly (out of memory?)."
)


class Watching:
    """See alarm.Due. `place`: the zone of its hour; `tell`: the owner."""

    def __init__(
        self,
        home: Path,
        place: Callable[[], str],
        tell: Callable[[Text], object],
        program: Sequence[str],
    ) -> None:
        self._home, self._place, self._tell, self._program = home, place, tell, program
        self._plans = Plans(home / "data")
        self._running: asyncio.Task[None] | None = None
        self._not_before = 0.0
        self._told_at: float | None = None
        """When the owner was told that it fails."""

    async def run_due(self, now: float) -> float | None:
        """Starts it, and does not wait for it. Raises Unreadable."""
        plan = self._plans.plan()
        if self._running and not self._running.done():
            return now + LOOK
        if plan is None:
            return None
        due = due_at(plan, self._plans.last(), self._place(), now)
        if max(due, self._not_before) > now:
            return min(max(due, self._not_before), now + LOOK)
        self._not_before = now + REST
        self._running = asyncio.create_task(self._run(now))
        return now + LOOK

    async def _run(self, now: float) -> None:
        before = self._plans.last()
        process = await asyncio.create_subprocess_exec(
            *self._program, env={**os.environ, "HONGYAN_HOME": str(self._home)},
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        try:
            assert process.stderr is not None
            with contextlib.suppress(ValueError):  # a line without an end
                while line := await process.stderr.readline():
                    log.warning("backup: %s", line[:LINE].decode("utf-8", "replace").rstrip())
            code = await process.wait()
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.terminate()  # it takes away what it began, and is made at the next start
                await process.wait()
        self._judge(code, before, self._plans.last(), now)

    def _judge(self, code: int, before: Last, last: Last, now: float) -> None:
        """Told when it begins to fail, once a day while it does, and when it is over."""
        if code == 0 and last.begun == before.begun:
            return  # another instance is at it, and tells
        if code == 0 and not last.failures:
            if self._told_at is not None or before.failures:
                self._tell(OVER.fill(file=last.file))
            self._told_at = None
            return
        if self._told_at is None or now - self._told_at >= DAY:
            self._told_at = now
            why = (last.why if last.ended is not None else None) or DIED
            self._tell(FAILED.fill(why=why, good=last.file or NEVER))


def usual_program(checkout: Path) -> tuple[str, ...]:
    """Ends with this process."""
    return sys.executable, str(checkout / "app.py"), "backup", "--due", "--under", str(os.getpid())
