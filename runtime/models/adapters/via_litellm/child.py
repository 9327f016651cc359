"""One process that runs litellm (models/litellm_child), seen from here: start it, ask it, notice its end."""

import asyncio
import contextlib
import itertools
import logging
import os
import re
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from runtime.log_id import ABOUT, about
from runtime.models.adapters.via_litellm import cores
from runtime.models.litellm_child import frames
from runtime.newest import Newest
from runtime.settings import CHECKOUT

PROGRAM = ("-m", "runtime.models.litellm_child")
LOADING = 60.0
"""Seconds that it may take to begin, less those in which others had the cores: 3 on a quiet machine."""
BEAT = 1.0
"""Seconds between two looks at it while it works."""
MISSED = 15
"""Looks in a row at which it had said nothing, though it had a core: then it hangs. Looks, not seconds: we
may have stood still."""
OFF_LOOP = 64_000
"""Bytes from which a frame is parsed in a thread."""
LINE = 2_000
"""Characters of one line of its log."""
MARKED = re.compile(rf"{frames.MARK}(\d{{1,15}}){frames.MARK}", re.ASCII)
REMEMBERED = 1000
"""Questions whose messages are known; their lines may come after their answers."""

log = logging.getLogger("litellm")


@dataclass(frozen=True)
class Pace:
    """Seconds between two looks at it, seconds that it may take to begin, and what tells in how many of them
    a process wanted a core and had none."""

    beat: float = BEAT
    loading: float = LOADING
    waited: Callable[[int], float] = cores.waited


class ChildDied(Exception):
    """It ended, or had to be ended; whether what was asked reached the provider, nobody knows."""


class Failed(BaseModel):
    """See runtime.models.litellm_child.failures."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["", "unknown_model", "no_key", "recording", "sound", "comparing"] = ""
    variable: str = Field("", max_length=200)
    name: str = Field("", max_length=200)
    status: int = Field(0, ge=0, lt=1000)
    said: str = Field("", max_length=20_000)
    body: str = Field("", max_length=20_000)
    headers: dict[str, str] = {}


class End(BaseModel):
    cost: float | None = Field(None, ge=0, allow_inf_nan=False)


Kind = Literal["ready", "pong", "said", "end", "failed"]
_FRAME = TypeAdapter(list[tuple[int, Kind, Any]])


@dataclass(frozen=True)
class Piece:
    """Of an answer: a completion or a chunk of one, in OpenAI's form but as hostile as its provider."""

    said: Mapping[str, Any]


Item = Piece | End | Failed | None
"""None: the child is gone."""


class Child:
    """Used on one event loop. `redact` takes secrets out of what it logs."""

    def __init__(self, process: asyncio.subprocess.Process, reader: asyncio.StreamReader,
                 writer: asyncio.StreamWriter, redact: Callable[[str], str], pace: Pace) -> None:  # fmt: skip
        self._process, self._reader, self._writer, self._redact = process, reader, writer, redact
        self._pace = pace
        self._questions: dict[int, asyncio.Queue[Item]] = {}
        self._ids = itertools.count(1)
        self._about = Newest[int, int](REMEMBERED)
        self.frames_heard = 0
        self._ready = asyncio.Event()
        self.ended = asyncio.Event()
        self.asked = 0
        """Questions so far."""
        self._tasks = [
            asyncio.create_task(work) for work in (self._listen(), self._watch(), self._read_log())
        ]

    @classmethod
    async def start(
        cls,
        environment: Mapping[str, str],
        redact: Callable[[str], str],
        program: Sequence[str] = PROGRAM,
        pace: Pace = Pace(),
    ) -> "Child":
        """A child that has loaded litellm. Raises ChildDied when it did not come that far."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-X", "faulthandler", *program,
                str(theirs.fileno()), str(os.getpid()),
                cwd=CHECKOUT, env=environment, pass_fds=[theirs.fileno()],
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
        reader, writer = await asyncio.open_connection(sock=ours)
        child = cls(process, reader, writer, redact, pace)
        try:
            await child._load()
        except asyncio.CancelledError:
            await child.close()
            raise
        if child.ended.is_set():
            await child.close()
            raise ChildDied
        return child

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def busy(self) -> bool:
        return bool(self._questions)

    def memory(self) -> int:
        """Bytes of it that are in memory."""
        try:
            statm = Path(f"/proc/{self.pid}/statm")
            return int(statm.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            return 0

    async def ask(self, question: Mapping[str, Any], *, large: bool) -> AsyncGenerator[Piece | End | Failed]:
        """What comes, until End or Failed. Raises ChildDied. Closing it early takes the question back.

        `large`: putting it into a frame takes long enough to be done in a thread.
        """
        id, queue = next(self._ids), asyncio.Queue[Item]()
        whole = {"ask": id, **question}
        frame = await asyncio.to_thread(frames.pack, whole) if large else frames.pack(whole)
        if self.ended.is_set():
            raise ChildDied
        # The queue needs no bound: it gets what one read of the socket brought, then the reader of it runs.
        self._questions[id], self._about[id] = queue, ABOUT.get()
        self.asked += 1
        try:
            self._writer.write(frame)
            with contextlib.suppress(ConnectionError):  # the queue will say so
                await self._writer.drain()
            while True:
                item = await queue.get()
                if item is None:
                    raise ChildDied
                yield item
                if not isinstance(item, Piece):
                    return
        finally:
            if self._questions.pop(id, None) is not None and not self.ended.is_set():
                self._writer.write(frames.pack({"cancel": id}))

    def kill(self) -> None:
        """End it now; every question gets ChildDied."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        self._over()

    async def close(self) -> None:
        """Kill it, and wait until nothing of it is left."""
        self.kill()
        await self._process.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _load(self) -> None:
        """Until it has begun, or has ended."""
        now = asyncio.get_running_loop().time
        began = now()
        while not self._ready.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ready.wait(), self._pace.beat)
            if not self._ready.is_set() and now() - began - self._pace.waited(self.pid) > self._pace.loading:
                log.warning("litellm was not loaded within %.0f s", self._pace.loading)
                self.kill()

    def _over(self) -> None:
        self.ended.set()
        self._ready.set()
        self._writer.close()
        for queue in self._questions.values():
            queue.put_nowait(None)
        self._questions.clear()

    async def _listen(self) -> None:
        try:
            while (data := await frames.read(self._reader, frames.MAX_ANSWER)) is not None:
                self.frames_heard += 1
                items = await asyncio.to_thread(_items, data) if len(data) > OFF_LOOP else _items(data)
                for id, item in items:
                    self._hear(id, item)
        except frames.BadFrame as e:
            log.error("litellm's process does not keep to the form: %s", e)
        finally:
            self.kill()

    def _hear(self, id: int, item: Item) -> None:
        if id == 0:
            self._ready.set()
        elif isinstance(item, Piece):
            if queue := self._questions.get(id):
                queue.put_nowait(item)
        elif queue := self._questions.pop(id, None):
            queue.put_nowait(item)

    async def _watch(self) -> None:
        """Whether it still moves, while somebody waits for it."""
        missed, heard, waited = 0, 0, 0.0
        while not self.ended.is_set():
            await asyncio.sleep(self._pace.beat)
            if not self.busy:
                missed = 0
                continue
            before, waited = waited, self._pace.waited(self.pid)
            if heard != self.frames_heard:
                missed = 0
            elif waited - before < self._pace.beat / 2:
                missed += 1
            heard = self.frames_heard
            if missed >= MISSED:
                log.warning("litellm's process does not move; it is ended")
                self.kill()
            elif self._ready.is_set():
                self._writer.write(frames.pack({"ping": 1}))

    def log_line(self, line: str) -> None:
        """Of the message whose question it is about, if it says one."""
        marked = MARKED.match(line)
        words = line[marked.end() :] if marked else line
        with about(self._about.get(int(marked[1]), 0) if marked else 0):
            log.warning("%s", self._redact(words[:LINE]))

    async def _read_log(self) -> None:
        """Its standard error, line by line, so that it never waits for somebody to read it."""
        stream, rest = self._process.stderr, ""
        while stream and (data := await stream.read(4096)):
            *lines, rest = (rest + data.decode("utf-8", "replace")).split("\n")
            for line in lines:
                self.log_line(line)
            rest = rest[:LINE]


def _items(data: bytes) -> list[tuple[int, Item]]:
    """What a frame holds, typed. Raises frames.BadFrame."""
    try:
        return [(id, _item(kind, value)) for id, kind, value in _FRAME.validate_python(frames.unpack(data))]
    except ValidationError as e:
        raise frames.BadFrame(str(e.errors(include_input=False, include_url=False)[:1])) from None


def _item(kind: Kind, value: Any) -> Item:
    if kind == "said":
        return Piece(value if isinstance(value, dict) else {})
    if kind == "end":
        return End.model_validate(value)
    return Failed.model_validate(value) if kind == "failed" else None
