"""Servers of tools that are programs beside us: only those whose exact command this installation allows.

A program is started when a person's turn first asks it, is theirs alone unless it keeps nothing of anybody,
and is ended when nobody asked for a while.
"""

import asyncio
import contextlib
import itertools
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from runtime import wellformed
from runtime.child_process import kill_group
from runtime.errors import ToolFailed
from runtime.lang import Text, listed
from runtime.log_id import outliving
from runtime.mcp import protocol
from runtime.mcp.commands import Command
from runtime.mcp.protocol import MOST_BYTES, NO_ANSWER, Json

ROOT = Path(__file__).parents[2]
IDLE = 300.0
"""Seconds after which a program that nobody asks is ended."""
STARTING = 60.0
"""Seconds until it is introduced: npx and uvx fetch what they run."""
MOST_OF_ONE = 8
"""Of one program, for as many people…"""
SPARED = 20.0
"""…before the one that was not asked for longest is ended for another person, after so many seconds."""
PATIENCE = 3.0
"""Seconds that it has to end by itself."""

NOT_ALLOWED = Text(
    "这台服务器没有允许名为「{name}」的 MCP 程序（已允许：{known}）。请管理员写进 HONGYAN_MCP_COMMANDS。",
    "This installation allows no MCP program called {name!r} (allowed: {known}). "
    "An operator adds it to HONGYAN_MCP_COMMANDS.",
)
NO_START = Text("MCP 程序「{name}」没有启动：{why}", "The MCP program {name!r} did not start: {why}")
ENDED = Text("MCP 程序「{name}」中途退出了。", "The MCP program {name!r} ended half-way.")
TOO_SLOW = Text(
    "MCP 程序「{name}」{seconds:g} 秒没有回答。", "The MCP program {name!r} gave no answer for {seconds:g} s."
)
BUSY = Text(
    "MCP 程序「{name}」同时用的人太多，请过一会儿再试。",
    "Too many people use the MCP program {name!r} at this moment; try again in a while.",
)
NONE = Text("没有", "none")


class Programs:
    """`commands`: what may be run, by name. `spared`, `idle`: seconds, as the constants of these names."""

    def __init__(
        self,
        commands: Mapping[str, Command],
        *,
        most_of_one: int = MOST_OF_ONE,
        spared: float = SPARED,
        idle: float = IDLE,
    ) -> None:
        self._commands = dict(commands)
        self._most_of_one, self._spared, self._idle = most_of_one, spared, idle
        self._running: dict[tuple[str, str], _Program] = {}
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def names(self) -> Sequence[str]:
        return sorted(self._commands)

    async def peer(self, name: str, whose: str = "") -> "_Program":
        """The program, introduced, which answers nobody but that person. Raises ToolFailed."""
        if name not in self._commands:
            known = listed(self.names) if self._commands else NONE
            raise ToolFailed(NOT_ALLOWED.fill(name=name[:60], known=known))
        command = self._commands[name]
        key = (name, "" if command.is_shared else whose)
        self._running = {one: program for one, program in self._running.items() if not program.is_over}
        program = self._running.get(key)
        if program is None:
            self._make_room(name)
            program = self._running[key] = _Program(name, command.words, self._idle)
        program.touch()
        await program.ready()
        return program

    def _make_room(self, name: str) -> None:
        """Raises ToolFailed when all of them are in use."""
        same = [(one.used, key) for key, one in self._running.items() if key[0] == name]
        if len(same) < self._most_of_one:
            return
        used, oldest = min(same)
        program = self._running[oldest]
        if program.is_asked or asyncio.get_running_loop().time() - used < self._spared:
            raise ToolFailed(BUSY.fill(name=name))
        del self._running[oldest]
        program.is_over = True
        ending = asyncio.create_task(program.end())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """End all that run."""
        programs = [*self._running.values()]
        self._running.clear()
        ends = [*(program.end() for program in programs), *self._ending]
        await asyncio.gather(*ends, return_exceptions=True)


class _Program:
    """Implements Peer. Several may ask at once."""

    def __init__(self, name: str, command: Sequence[str], idle: float) -> None:
        self._name, self._command, self._idle = name, command, idle
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._asked = asyncio.Event()
        self.is_over = False
        self.used = 0.0
        """When it was last wanted, by the loop's clock."""
        self._start = outliving(self._started(), f"mcp {name}")
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_asked(self) -> bool:
        return bool(self._waiting)

    def touch(self) -> None:
        self.used = asyncio.get_running_loop().time()
        self._asked.set()

    async def ready(self) -> None:
        """Raises ToolFailed when it cannot be started; whoever comes next tries anew."""
        # Who gives up waiting does not stop the start for the others.
        await asyncio.shield(self._start)

    async def ask(self, method: str, params: Mapping[str, Any], seconds: float) -> Json:
        if self.is_over or self._process is None or self._process.stdin is None:
            raise ToolFailed(ENDED.fill(name=self._name))
        id = next(self._ids)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[id] = answer
        self._asked.set()
        try:
            async with asyncio.timeout(seconds):
                self._process.stdin.write(protocol.request(id, method, params) + b"\n")
                await self._process.stdin.drain()
                return await answer
        except TimeoutError:
            raise ToolFailed(TOO_SLOW.fill(name=self._name, seconds=seconds)) from None
        except (ConnectionError, RuntimeError):
            raise ToolFailed(ENDED.fill(name=self._name)) from None
        finally:
            self._waiting.pop(id, None)
            self._asked.set()

    async def end(self) -> None:
        """Nothing of it is left: it is asked to end by its closed input, and then made to."""
        self.is_over = True
        for task in (self._start, *self._tasks):
            if task is not asyncio.current_task():
                task.cancel()
        process = self._process
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), PATIENCE)
            kill_group(process)
            await process.wait()
        self._fail()

    async def _started(self) -> None:
        """Raises ToolFailed."""
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-E", "-s", "-m", "runtime.mcp.launch", str(os.getpid())),
                *self._command,
                cwd=ROOT,
                env={name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=MOST_BYTES,
                start_new_session=True,
            )
        except OSError as e:
            self.is_over = True
            raise ToolFailed(NO_START.fill(name=self._name, why=e.strerror or type(e).__name__)) from None
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._mind())]
        try:
            protocol.version_of(await self.ask("initialize", protocol.INTRODUCTION, STARTING))
        except ToolFailed as e:
            await self.end()
            raise ToolFailed(NO_START.fill(name=self._name, why=e.text)) from None
        assert self._process.stdin is not None
        self._process.stdin.write(protocol.notice("notifications/initialized") + b"\n")

    async def _listen(self) -> None:
        """Until it says no more, or something that is no line of JSON-RPC of bounded length."""
        assert self._process is not None
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError):  # a line without an end
            while line := await self._process.stdout.readline():
                await self._take(line)
        self.is_over = True
        self._fail()
        kill_group(self._process)
        await self._process.wait()

    async def _take(self, line: bytes) -> None:
        try:
            said = await wellformed.read(line, deepest=protocol.DEEPEST)
        except ValueError:
            return  # programs print what they like beside
        id = said.get("id") if isinstance(said, dict) and "method" not in said else None
        answer = self._waiting.get(id) if isinstance(id, int) and not isinstance(id, bool) else None
        if answer is None or answer.done():
            return
        try:
            result = protocol.answer_in([said], id or 0)
        except ToolFailed as e:
            answer.set_exception(e)
        else:
            if result is None:
                answer.set_exception(ToolFailed(NO_ANSWER))
            else:
                answer.set_result(result)

    async def _mind(self) -> None:
        """End it when nobody asked for a while."""
        while True:
            self._asked.clear()
            try:
                await asyncio.wait_for(self._asked.wait(), self._idle)
            except TimeoutError:
                if not self._waiting:
                    break
        await self.end()

    def _fail(self) -> None:
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ToolFailed(ENDED.fill(name=self._name)))
