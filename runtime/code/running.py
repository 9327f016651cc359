"""Runs short programs in pydantic-monty: a Python in Rust, without files, network or other modules.

It runs in worker processes, so that one which never ends, or breaks the interpreter, is ended with its
worker and nobody waits for it. https://github.com/pydantic/monty
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from runtime import wellformed
from runtime.errors import TurnFailed
from runtime.lang import Text, as_it_is

if TYPE_CHECKING:
    import pydantic_monty as monty

MEMORY = 32 << 20
"""Bytes of a program's values."""
DEEPEST = 100
"""Calls inside each other."""
MOST_SECONDS = 10.0
GRACE = 2.0
"""Seconds beyond its own bound after which a program that does not stop is ended with its process."""
PRINTED = 10_000
"""Bytes of what it prints that are kept; it may print ten times as much."""
LARGEST = 200_000
"""Characters of JSON that go in, and that come out."""
LONGEST = 20_000
"""Characters of a program."""
PROCESSES = 2
REUSED = 20
"""Programs of one process, each of which begins with nothing of those before it."""
IDLE = 30.0
"""Seconds after which an unused process is ended: it holds 15 MB."""
BUSY = 10.0
"""Seconds that a program waits for a free process."""

RESULT = "import json as _json\n_json.dumps(result, ensure_ascii=False)"

TOO_LONG = Text(
    "代码超过了 {seconds:g} 秒，已停止。", "The code took longer than {seconds:g} s and was stopped."
)
TOO_MUCH = Text("代码用的内存超过了 32 MB。", "The code used more than 32 MB of memory.")
TOO_LARGE = Text("结果太大，最多 20 万个字符。", "The result is too large; 200,000 characters at most.")
GIVEN_TOO_LARGE = Text(
    "给代码的内容太大，最多 20 万个字符。", "What the code is given is too large; 200,000 characters at most."
)
NO_RESULT = Text(
    "代码没有给 result 赋值：最后写一句 result = …", "The code sets no result: end it with result = …"
)
NOT_DATA = Text(
    "result 只能是文字、数字、是否、列表和字典：{why}",
    "The result can only be text, numbers, true or false, lists and dicts: {why}",
)
ENDED = Text(
    "运行代码的进程中断了，请检查代码。", "The process that ran the code broke down; check the code."
)
TOO_BUSY = Text("现在运行的代码太多，请稍后再试。", "Too much code is running; try again later.")
AT_LINE = Text("第 {line} 行：{text}", "Line {line}: {text}")


class CodeFailed(TurnFailed):
    """`line` of the program, from 1; None when it is of no line."""

    def __init__(self, text: Text, line: int | None = None) -> None:
        super().__init__(AT_LINE.fill(line=line, text=text) if line else text, code="code")
        self.line = line


@dataclass(frozen=True)
class Ran:
    """`result`: plain JSON, what the program left in `result`."""

    result: Any
    printed: str


class Sandbox:
    """Its processes begin when they are first needed, and end when they were not for a while."""

    def __init__(self, idle: float = IDLE) -> None:
        self._patience = idle
        self.idle = asyncio.Event()
        """Set while there are no processes, after there were some."""
        self._pool: monty.AsyncMonty | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening = asyncio.Lock()
        self._users = 0
        self._ending: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None

    async def run(self, code: str, values: Mapping[str, Any], *, now: datetime, seconds: float = 1.0) -> Ran:
        """Run it with these values as its variables; it sees `now` as the time. Raises CodeFailed."""
        if len(json.dumps(values)) > LARGEST:
            raise CodeFailed(GIVEN_TOO_LARGE)
        import pydantic_monty as monty  # 10 MB, for those who have code

        out = monty.CollectString(10 * PRINTED)
        seconds = min(seconds, MOST_SECONDS)
        limits: monty.ResourceLimits = {
            "max_feed_duration_secs": seconds, "max_memory": MEMORY, "max_recursion_depth": DEEPEST,
            "max_suspensions": 1000,
        }  # fmt: skip
        policy: monty.OSPolicy = {"datetime": now, "sleep": "zero", "process_time": "zero"}
        try:
            async with self._session(limits, policy) as session:
                await session.feed_run(f"{code}\nNone", inputs=dict(values), print_callback=out)
                said = await _result(session)
        except monty.MontyCrashedError as e:
            raise CodeFailed(TOO_LONG.fill(seconds=seconds) if e.timed_out else ENDED) from None
        except monty.MontyError as e:
            raise _explained(e, seconds) from None
        except TimeoutError:
            raise CodeFailed(TOO_BUSY) from None
        if len(said) > LARGEST:
            raise CodeFailed(TOO_LARGE)
        try:
            result = wellformed.load(said)
        except ValueError as e:
            raise CodeFailed(NOT_DATA.fill(why=str(e))) from None
        return Ran(result, wellformed.text(out.output)[:PRINTED])

    async def close(self) -> None:
        """End its processes; it may be used again."""
        if self._ending:
            self._ending.cancel()
        pool, self._pool = self._pool, None
        if pool is not None:
            await self._close(pool)

    async def _close(self, pool: "monty.AsyncMonty") -> None:
        await pool.__aexit__(None, None, None)
        self.idle.set()

    @asynccontextmanager
    async def _session(
        self, limits: "monty.ResourceLimits", policy: "monty.OSPolicy"
    ) -> "AsyncIterator[monty.AsyncMontySession]":
        self._users += 1
        try:
            pool = await self._opened()
            async with pool.checkout(script_name="code.py", limits=limits, os_policy=policy) as session:
                yield session
        finally:
            self._users -= 1
            if not self._users and self._loop is not None:
                self._ending = self._loop.call_later(self._patience, self._end)

    async def _opened(self) -> "monty.AsyncMonty":
        import pydantic_monty as monty  # as above

        if self._ending:
            self._ending.cancel()
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._pool, self._users, self._opening = loop, None, 1, asyncio.Lock()
        async with self._opening:
            if self._pool is None:
                pool = monty.AsyncMonty(
                    min_processes=1, max_processes=PROCESSES, checkout_timeout=BUSY,
                    request_timeout=MOST_SECONDS + GRACE, max_checkouts_per_worker=REUSED,
                    feed_duration_limit_grace=GRACE,
                )  # fmt: skip
                await pool.__aenter__()
                self._pool = pool
                self.idle.clear()
        return self._pool

    def _end(self) -> None:
        pool = None if self._users else self._pool
        if pool is not None and self._loop is not None:
            self._pool = None  # whoever comes now begins another
            self._closing = self._loop.create_task(self._close(pool))


async def _result(session: "monty.AsyncMontySession") -> str:
    """JSON of what the program left. Raises CodeFailed, MontyError when the time is over."""
    import pydantic_monty as monty  # as above

    try:
        return str(await session.feed_run(RESULT))
    except monty.MontyRuntimeError as e:
        error = e.exception()
        if isinstance(error, NameError):
            raise CodeFailed(NO_RESULT) from None
        if isinstance(error, TypeError | ValueError | RecursionError | AttributeError):
            raise CodeFailed(NOT_DATA.fill(why=str(error)[:200])) from None
        raise


def _explained(error: "monty.MontyError", seconds: float) -> CodeFailed:
    """What went wrong, with the line of the program."""
    frames = error.traceback() if hasattr(error, "traceback") else []
    line = frames[-1].line if frames else None
    match error.exception():
        case TimeoutError():
            return CodeFailed(TOO_LONG.fill(seconds=seconds), line)
        case MemoryError():
            return CodeFailed(TOO_MUCH, line)
    shown = getattr(error, "display", lambda _: str(error))("type-msg")
    return CodeFailed(as_it_is(wellformed.text(shown)[:500]), line)
