"""A running gateway sees when a backup is due, and lets a process of its own make it."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from runtime.backups.plan import Last, Plans, due_at
from runtime.child_process import gone
from runtime.errors import HongyanError
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
LONGEST = 12 * 3600.0
"""Seconds of one backup; one that takes longer waits for a disk or network that is gone."""
HUNG = Text(
    "备份做了 {hours:g} 小时还没完，停掉了。看看存放的地方是不是连不上了。",
    "It was not done after {hours:g} hours and was ended. See whether its place can be reached.",
)
NOT_BEGUN = Text("备份的进程起不来（{why}）。", "Its process cannot be started ({why}).")
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
        longest: float = LONGEST,
    ) -> None:
        self._home, self._place, self._tell, self._program = home, place, tell, program
        self._plans, self._longest = Plans(home / "data"), longest
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
        if self._not_before > now + REST:  # a clock that was ahead
            self._not_before = now
        if max(due, self._not_before) > now:
            return min(max(due, self._not_before), now + LOOK)
        self._not_before = now + REST
        self._running = asyncio.create_task(self._run(now))
        return now + LOOK

    async def _run(self, now: float) -> None:
        try:
            before = self._plans.last()
            code = await made_by(self._program, self._home, self._longest)
            last = self._plans.last()
        except TimeoutError:
            self._fails(HUNG.fill(hours=self._longest / 3600), self._good(), now)
        except OSError as e:  # no descriptors or no memory left
            self._fails(NOT_BEGUN.fill(why=e.strerror or str(e)), self._good(), now)
        except HongyanError as e:
            self._fails(e.text, "", now)
        else:
            self._judge(code, before, last, now)

    def _judge(self, code: int, before: Last, last: Last, now: float) -> None:
        """Told when it begins to fail, once a day while it does, and when it is over."""
        if code == 0 and last.begun == before.begun:
            return  # another instance is at it, and tells
        if code == 0 and not last.failures:
            if self._told_at is not None or before.failures:
                self._tell(OVER.fill(file=last.file))
            self._told_at = None
            return
        self._fails((last.why if last.ended is not None else None) or DIED, last.file, now)

    def _fails(self, why: Text, good: str, now: float) -> None:
        if self._told_at is None or not 0 <= now - self._told_at < DAY:
            self._told_at = now
            log.error("no backup: %s", why.en)
            self._tell(FAILED.fill(why=why, good=good or NEVER))

    def _good(self) -> str:
        """The newest that came back whole."""
        with contextlib.suppress(HongyanError):
            return self._plans.last().file
        return ""


async def made_by(program: Sequence[str], home: Path, longest: float = LONGEST) -> int:
    """The code with which it ends. Whoever stops waiting ends it: it takes away what it began.

    Raises OSError where it cannot begin, TimeoutError after so many seconds.
    """
    process = await asyncio.create_subprocess_exec(
        *program, env={**os.environ, "HONGYAN_HOME": str(home)},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        async with asyncio.timeout(longest):
            with contextlib.suppress(ValueError):  # a line without an end
                while line := await process.stderr.readline():
                    log.warning("backup: %s", line[:LINE].decode("utf-8", "replace").rstrip())
            return await process.wait()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()  # it takes away what it began, and is made at the next start
            await gone(process)


def usual_program(checkout: Path, *more: str) -> tuple[str, ...]:
    """Ends with this process."""
    return sys.executable, str(checkout / "app.py"), "backup", "--due", "--under", str(os.getpid()), *more
