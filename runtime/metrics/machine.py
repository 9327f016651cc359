"""Memory by process, and what memory and disk are left; without a /proc (macOS) 0, where nothing is known."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OURS = {"runtime.models.litellm_child": "models", "runtime.knowledge.search_child": "search"}
"""Programs of ours, by which of our processes is told from another."""
MOST = 1000
"""Processes that are looked at."""
PROC = Path("/proc")
CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Memory:
    """Bytes, 0 where nothing is known. `limit`: the container's, else the machine's; `available`: now."""

    limit: int
    available: int


def memory_by_process(proc: Path = PROC) -> dict[str, int]:
    """Bytes in memory of this process, and of those that it began: self, models, search, other."""
    found = {"self": 0, "models": 0, "search": 0, "other": 0}
    found["self"] = _resident(proc / "self")
    for pid in _below(proc):
        found[_which(proc / pid)] += _resident(proc / pid)
    return found


def memory(proc: Path = PROC, cgroup: Path = CGROUP) -> Memory:
    known = _table(proc / "meminfo")
    whole, free = known.get("MemTotal:", 0) * 1024, known.get("MemAvailable:", 0) * 1024
    for limit, used, cache in (
        ("memory.max", "memory.current", "inactive_file"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "total_inactive_file"),
    ):
        most = _number(cgroup / limit)
        if 0 < most < (whole or most + 1):
            folder = (cgroup / limit).parent
            taken = _number(cgroup / used) - _table(folder / "memory.stat").get(cache, 0)
            return Memory(most, max(0, min(free or most, most - taken)))
    return Memory(whole, free)


def disk(folder: Path) -> tuple[int, int]:
    """Bytes: free for us, and the whole of it; 0 where it cannot be asked."""
    try:
        found = shutil.disk_usage(folder)
    except OSError:
        return 0, 0
    return found.free, found.total


def _below(proc: Path) -> Iterator[str]:
    """The process ids of all that this one began, and those began."""
    waiting, seen = ["self"], 0
    while waiting and seen < MOST:
        pid = waiting.pop()
        with contextlib.suppress(OSError):
            for thread in (proc / pid / "task").iterdir():
                with contextlib.suppress(OSError):
                    children = (thread / "children").read_text("ascii").split()
                    waiting += children
                    seen += len(children)
                    yield from children


def _which(process: Path) -> str:
    try:
        words = (process / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return "other"
    return next((OURS[word] for word in words if word in OURS), "other")


def _resident(process: Path) -> int:
    try:
        return int((process / "statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _number(file: Path) -> int:
    """0 where it is not there, or says "max"."""
    try:
        return int(file.read_text("ascii"))
    except (OSError, ValueError):
        return 0


def _table(file: Path) -> dict[str, int]:
    """Of lines such as `MemTotal:  1024 kB`."""
    with contextlib.suppress(OSError, ValueError):
        rows = (line.split() for line in file.read_text("ascii").splitlines())
        return {row[0]: int(row[1]) for row in rows if len(row) > 1}
    return {}
