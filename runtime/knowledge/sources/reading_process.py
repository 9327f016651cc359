"""Read one file in a process of its own, which is ended when it takes too much; what it says is typed."""

import asyncio
import base64
import binascii
import json
import os
import signal
import stat
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from runtime import wellformed
from runtime.child_process import kill_group
from runtime.knowledge.reading import At, Item, Pair, Scan, Section, Unread, Why

ROOT = Path(__file__).parents[3]
PROGRAM = ("-E", "-s", "-X", "utf8", "-m", "runtime.knowledge.reader")
LOOK = 0.25
"""Seconds between two looks at how long it has said nothing."""
LONGEST_LINE = 8 << 20
LONGEST_ENDING = 10
RESTARTS = 5
"""Pages that may stop the reader before the rest is given up."""


@dataclass(frozen=True)
class Bounds:
    """Of one file. `silent`: seconds of work without a word, so that a busy machine stops nothing;
    `cpu`: seconds of work in all; `memory` and `largest` in bytes."""

    silent: float = 30.0
    cpu: int = 900
    memory: int = 1 << 30
    largest: int = 300 << 20


USUAL = Bounds()


@dataclass(frozen=True)
class KindIs:
    """What the file is, by its content: a name of runtime.knowledge.reading.kinds."""

    name: str


_TYPES: dict[str, TypeAdapter[Any]] = {
    "section": TypeAdapter(Section),
    "pair": TypeAdapter(Pair),
    "at": TypeAdapter(At),
    "unread": TypeAdapter(Unread),
    "kind": TypeAdapter(str),
}
_SCAN = TypeAdapter(Scan)


async def read(
    file: Path | bytes,
    ending: str = "",
    *,
    scans: bool = False,
    bounds: Bounds = USUAL,
    program: Sequence[str] = PROGRAM,
) -> AsyncGenerator[Item | KindIs]:
    """What is in it, in its order. What cannot be read is an Unread; nothing is raised but OSError.

    `file`: where it lies, or what is in it. `ending`: of the name it was given. `scans`: pages without text
    are wanted as pictures. A page that stops the reader is told, and the rest is read without it. Closing it
    early ends the process.
    """
    first, passed = 1, 0
    skip: set[int] = set()
    for left in reversed(range(RESTARTS + 1)):
        with _opened(file) as opened:
            if isinstance(why := _refused(opened.fileno(), bounds), Unread):
                yield why
                return
            child = await _Child.start(
                opened.fileno(), _options(ending, first, skip, scans, bounds), program, bounds
            )
        try:
            async for item in child.items():
                if isinstance(item, Section | Scan | Unread) and item.page is not None:
                    passed = max(passed, item.page)
                yield item
        finally:
            await child.end()
        if child.why is None:
            return
        yield Unread(child.why, child.at)
        if child.at is None or not left:
            return
        skip.add(child.at)
        first = passed + 1


async def pictured(
    file: Path, page: int, *, bounds: Bounds = USUAL, program: Sequence[str] = PROGRAM
) -> bytes | None:
    """A page as a person sees it, as a JPEG; None where there is nothing to look at. Raises OSError."""
    with _opened(file) as opened:
        if _refused(opened.fileno(), bounds):
            return None
        told = {**_options("", page, set(), True, bounds), "shown": True}
        child = await _Child.start(opened.fileno(), told, program, bounds)
    try:
        async for item in child.items():
            if isinstance(item, Scan):
                return item.picture
        return None
    finally:
        await child.end()


def _options(ending: str, first: int, skip: set[int], scans: bool, bounds: Bounds) -> dict[str, Any]:
    """What runtime.knowledge.reader is told."""
    return {
        "parent": os.getpid(), "cpu": bounds.cpu, "memory": bounds.memory, "first": first,
        "ending": ending[:LONGEST_ENDING].lower(), "skip": sorted(skip), "scans": scans,
    }  # fmt: skip


def _opened(file: Path | bytes) -> Any:
    if isinstance(file, bytes):
        return _in_memory(file)
    return os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")


def _in_memory(content: bytes) -> Any:
    """On Linux it stands on no disk; elsewhere under no name."""
    if sys.platform == "linux":
        made: Any = os.fdopen(os.memfd_create("read"), "w+b")
    else:
        made = tempfile.TemporaryFile()  # noqa: SIM115 # whoever gets it closes it
    made.write(content)
    made.seek(0)
    return made


def _refused(descriptor: int, bounds: Bounds) -> Unread | None:
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        return Unread("no_file")
    if about.st_size > bounds.largest:
        return Unread("too_large", detail=str(bounds.largest >> 20))
    return None


class _Child:
    """One run of the reading process."""

    def __init__(self, process: asyncio.subprocess.Process, bounds: Bounds) -> None:
        self._process, self._bounds = process, bounds
        self.why: Why | None = "died"
        """Why it came to no end; None: it did."""
        self.at: int | None = None
        self._stopped: Why | None = None
        self._heard = 0
        self._watching = asyncio.create_task(self._watch())
        self._complaint = asyncio.create_task(self._complain())

    @classmethod
    async def start(
        cls, descriptor: int, options: dict[str, Any], program: Sequence[str], bounds: Bounds
    ) -> "_Child":
        process = await asyncio.create_subprocess_exec(
            sys.executable, *program, json.dumps(options),
            cwd=ROOT, env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}, stdin=descriptor,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=LONGEST_LINE,
            start_new_session=True,
        )  # fmt: skip
        return cls(process, bounds)

    async def items(self) -> AsyncGenerator[Item | KindIs]:
        """Until it ends, by itself or not."""
        assert self._process.stdout is not None
        while True:
            try:
                line = await self._process.stdout.readline()
                if not line:
                    break
                name, *said = json.loads(line)
                if name == "end":
                    self.why = None
                    return
                item = _item(name, said[0])
            except (ValueError, IndexError, TypeError, ValidationError, binascii.Error):
                break  # it does not keep to the form
            self._heard += 1
            if isinstance(item, At):
                self.at = item.page
            yield item
        kill_group(self._process)
        code = await self._process.wait()
        complaint = await self._complaint
        if self._stopped or code == -signal.SIGXCPU:
            self.why = self._stopped or "time"
        elif b"memory allocation" in complaint or b"MemoryError" in complaint or b"bad_alloc" in complaint:
            self.why = "memory"

    async def end(self) -> None:
        """Nothing of it is left."""
        kill_group(self._process)
        self._watching.cancel()
        await asyncio.gather(self._process.wait(), self._complaint, self._watching, return_exceptions=True)

    async def _watch(self) -> None:
        """By its work since it last said something: that it does not get a core is not its fault."""
        heard, since = -1, 0.0
        while True:
            await asyncio.sleep(LOOK)
            worked = _worked(self._process.pid)
            if heard != self._heard:
                heard, since = self._heard, worked
            elif worked - since > self._bounds.silent:
                self._stopped = "time"
                kill_group(self._process)
                return

    async def _complain(self) -> bytes:
        """Of its standard error the last; a library that writes there must not wait for us."""
        assert self._process.stderr is not None
        kept = b""
        while piece := await self._process.stderr.read(4096):
            kept = (kept + piece)[-4096:]
        return kept


def _worked(pid: int) -> float:
    """Seconds of a core that it has had."""
    try:
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0


def _item(name: str, said: Any) -> Item | KindIs:
    """Raises ValueError, ValidationError: hostile bytes may have taken that process over."""
    if name == "scan":
        picture = base64.b64decode(said["picture"], validate=True)
        return _SCAN.validate_python({**wellformed.data({**said, "picture": ""}), "picture": picture})
    item = _TYPES[name].validate_python(wellformed.data(said))
    return KindIs(item) if name == "kind" else item
