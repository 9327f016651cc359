"""The owner is told before disk or memory run out, and when somebody waits too long, by us alone."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from runtime.lang import Text
from runtime.metrics import machine

LOOK = 60.0
"""Seconds between two looks."""
LOOKS = 2
"""In a row that have to be bad: a moment is nobody's business."""
MB = 1_000_000

log = logging.getLogger(__name__)

DISK = Text(
    "**磁盘快满了**：还剩 {left} MB。满了就收不下消息。先删旧备份和日志。",
    "**The disk is nearly full**: {left} MB are left. Once it is full no message can be taken. Remove old "
    "backups and logs first.",
)
DISK_OVER = Text("磁盘又够用了：还剩 {left} MB。", "There is disk space again: {left} MB.")
MEMORY = Text(
    "**内存快用完了**：还剩 {left} MB。关掉别的程序，或给它多一些。",
    "**Memory is nearly used up**: {left} MB are left. End other programs, or give it more.",
)
MEMORY_OVER = Text("内存又够用了：还剩 {left} MB。", "There is memory again: {left} MB.")
QUEUE = Text(
    "**有消息等了 {left} 秒还没回答**。看模型是不是变慢了；忙不过来就加进程。",
    "**A message has waited {left} seconds for its answer.** See whether a model became slow; add processes "
    "where one is not enough.",
)
QUEUE_OVER = Text("积压的都答完了。", "What waited is answered.")


@dataclass(frozen=True)
class Reading:
    """`number` is said; `is_bad` begins it and `is_well` ends it, between them all stays as it was."""

    number: int
    is_bad: bool
    is_well: bool


@dataclass(frozen=True)
class Trouble:
    began: Text
    over: Text


TROUBLES = {
    "disk": Trouble(DISK, DISK_OVER),
    "memory": Trouble(MEMORY, MEMORY_OVER),
    "queue": Trouble(QUEUE, QUEUE_OVER),
}


class Shortage:
    """Says each trouble once when it begins and once when it is over."""

    def __init__(self, tell: Callable[[Text], None]) -> None:
        self._tell = tell
        self._bad = dict.fromkeys(TROUBLES, 0)
        """How often in a row it was…"""
        self._told = dict.fromkeys(TROUBLES, False)
        """…and whether that was said."""

    def look(self, readings: Mapping[str, Reading]) -> None:
        for name, one in readings.items():
            trouble = TROUBLES[name]
            self._bad[name] = self._bad[name] + 1 if one.is_bad else 0
            if self._bad[name] >= LOOKS and not self._told[name]:
                self._told[name] = True
                log.error("%s: %s", name, trouble.began.fill(left=one.number).en)
                self._tell(trouble.began.fill(left=one.number))
            elif one.is_well and self._told[name]:
                self._told[name] = False
                self._tell(trouble.over.fill(left=one.number))


def readings(free: int, size: int, memory: machine.Memory, age: float) -> dict[str, Reading]:
    """Bytes of disk and memory, where they are known; seconds that the oldest message waits."""
    found = {"queue": Reading(round(age), age > 120, age < 30)}
    if size:
        found["disk"] = _left(free, size, 0.05, 500 * MB)
    if memory.limit:
        found["memory"] = _left(memory.available, memory.limit, 0.08, 100 * MB)
    return found


def _left(free: int, whole: int, part: float, least: int) -> Reading:
    """Bad below that part or so many bytes, well again with half as much more of both."""
    is_bad = free < part * whole or free < least
    is_well = free > 1.5 * part * whole and free > 1.5 * least
    return Reading(free // MB, is_bad, is_well)


async def watch(
    data: Path, age: Callable[[], float], tell: Callable[[Text], None], is_ours: Callable[[], bool]
) -> None:
    """For as long as the program runs. `age`: of the oldest message, in seconds; `is_ours`: whether messages
    are worked on here, by one that can tell."""
    shortage = Shortage(tell)
    while True:
        await asyncio.sleep(LOOK)
        if not is_ours():
            continue
        free, size = await asyncio.to_thread(machine.disk, data)
        memory = await asyncio.to_thread(machine.memory)
        shortage.look(readings(free, size, memory, age()))
