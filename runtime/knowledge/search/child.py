"""The process that compares what texts mean (runtime/knowledge/search_child), seen from here.

It is started when it is first needed, and again when it ended. Who asks is told that it is gone, and goes on
without it.
"""

import asyncio
import contextlib
import json
import logging
import os
import socket
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.child_process import Seen
from runtime.log_id import outliving
from runtime.settings import CHECKOUT

PROGRAM = ("-m", "runtime.knowledge.search_child")
LONGEST = 8_000_000
"""Bytes of one answer."""
HANGS = 90.0
"""Seconds in which it answers; longer only when it hangs. Loading takes two, many more when it is busy."""
REST = 5.0
"""Seconds before it is started again after it ended twice in a row without an answer."""
NEEDED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "PYTHONPATH")

log = logging.getLogger(__name__)


class ChildGone(Exception):
    """It ended, or could not be started, or says that it cannot."""


class SearchChild:
    """Used on one event loop."""

    def __init__(self, program: Sequence[str] = PROGRAM) -> None:
        self._program = program
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._listening: set[asyncio.Task[None]] = set()
        """One for each process of which something is left."""
        self._waiting: deque[asyncio.Future[Mapping[str, Any]]] = deque()
        self._starting = asyncio.Lock()
        self._in_vain = 0
        self._rests_until = 0.0
        self._starts = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._writer else None

    @property
    def seen(self) -> Seen:
        return Seen(self.pid is not None, self._starts)

    async def ask(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Its answer. Raises ChildGone. Whoever gives up waiting does not stop the work."""
        line = json.dumps(question).encode() + b"\n"
        async with self._starting:
            writer = self._writer or await self._start()
            answer = asyncio.get_running_loop().create_future()
            self._waiting.append(answer)
            writer.write(line)
        with contextlib.suppress(ConnectionError):  # the answer will say so
            await writer.drain()
        found: Mapping[str, Any] = await asyncio.shield(answer)
        if error := found.get("error"):
            raise ChildGone(str(error))
        return found

    async def close(self) -> None:
        """End it, and wait until nothing of it is left."""
        self._over()
        await asyncio.gather(*self._listening, return_exceptions=True)

    async def _start(self) -> asyncio.StreamWriter:
        loop = asyncio.get_running_loop()
        if loop.time() < self._rests_until:
            raise ChildGone("it ended again and again, and is let rest")
        try:
            ours, theirs = socket.socketpair()
        except OSError as e:  # no descriptors left
            raise ChildGone(str(e)) from e
        self._starts += 1
        with theirs:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-X", "faulthandler", *self._program,
                    str(theirs.fileno()), str(os.getpid()),
                    cwd=CHECKOUT, pass_fds=[theirs.fileno()], start_new_session=True,
                    env={name: os.environ[name] for name in NEEDED if name in os.environ},
                    stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
                )  # fmt: skip
            except OSError as e:
                ours.close()
                raise ChildGone(str(e)) from e
        reader, self._writer = await asyncio.open_connection(sock=ours, limit=LONGEST)
        task = outliving(self._listen(reader, self._process))
        self._listening.add(task)
        task.add_done_callback(self._listening.discard)
        return self._writer

    async def _listen(self, reader: asyncio.StreamReader, process: asyncio.subprocess.Process) -> None:
        """Hand on its answers, in the order of asking, until it ends."""
        try:
            while line := await self._line(reader):
                said = json.loads(line)
                if not isinstance(said, dict):
                    raise ValueError("it does not keep to the form")
                self._in_vain = 0
                answer = self._waiting.popleft()
                if not answer.done():
                    answer.set_result(said)
        except (ValueError, IndexError, TimeoutError, ConnectionError) as e:
            log.warning("the search's process is ended (%s)", type(e).__name__)
        finally:
            if process is self._process:
                self._over()
            await process.wait()

    async def _line(self, reader: asyncio.StreamReader) -> bytes:
        """The next one; waits for as long as nothing is asked. Raises TimeoutError when it hangs."""
        reading = asyncio.ensure_future(reader.readline())
        try:
            while True:
                asked = bool(self._waiting)
                done, _ = await asyncio.wait({reading}, timeout=HANGS)
                if done:
                    return reading.result()
                if asked and self._waiting:
                    raise TimeoutError
        finally:
            reading.cancel()

    def _over(self) -> None:
        """Nothing comes from it any longer; the next one who asks starts another."""
        process, self._process = self._process, None
        if self._writer:
            self._writer.close()
        self._writer = None
        if process and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        if self._waiting:
            self._in_vain += 1
            if self._in_vain > 1:
                self._rests_until = asyncio.get_running_loop().time() + REST
        for answer in self._waiting:
            if not answer.done():
                answer.set_exception(ChildGone("it ended"))
                answer.exception()
        self._waiting.clear()
