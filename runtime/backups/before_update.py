"""A backup of what an older program made, before this one changes its tables: the way back to that program.

An older program does not start on newer tables, and puts this backup back. It is made once an update, by
whoever would take the first step; where it cannot be made, no step is taken.
"""

import logging
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from runtime.backups.making import PLAIN_END, make
from runtime.backups.places import InFolder, Place, Where, where
from runtime.backups.plan import time_of
from runtime.errors import BadSettings, HongyanError, NotSaved
from runtime.files import remove
from runtime.lang import Text
from runtime.locks import alone
from runtime.store import messages_file
from runtime.store.backup import FIRST
from runtime.store.home_files import FOLDERS, MESSAGES

log = logging.getLogger(__name__)

VARIABLE, OFF = "HONGYAN_UPDATE_BACKUP", "off"
KEPT, DAYS = 2, 30
"""How many stay in `data`, and for how many days: they hold what may have been deleted since."""
AGAIN = 3600.0
"""Seconds for which one is good for a further start, where no message came since."""
FRONT, STAMP = "before-update-", "%Y%m%dT%H%M%SZ"
NAME = re.compile(rf"{FRONT}(\d{{1,6}})-(\d{{1,18}})-(\d{{8}}T\d{{6}}Z)\.tar\.gz", re.ASCII)
_LOCK = "update.lock"
_NOT_MADE = Text(
    "这里的表是旧版本的（格式 {found}），升级以前要先备份，没有备份成：{why}\n"
    "什么都没有改动，旧版本照常能用。请腾出空间，或用 {variable} 指定别的文件夹；"
    "自己已经备份过，就设 {variable}=off。",
    "The tables here are of an older version (format {found}), and are backed up before they are changed. "
    "That failed: {why}\nNothing was changed, and the older version still works. Make room, or name another "
    "folder in {variable}; if you have a backup of your own, set {variable}=off.",
)
_A_FOLDER = Text(
    "{variable} 要写一个文件夹（以 / 结尾，不在鸿雁自己的文件夹里）、s3://桶/文件夹，或 off。",
    "{variable} is a folder with / at its end, outside of Hongyan's own, or s3://BUCKET/FOLDER, or off.",
)


@dataclass(frozen=True)
class Kept:
    """`version`: of the tables in it; `last`: number of its newest message; `at`: seconds since 1970."""

    shown: str
    version: int
    last: int
    at: float


def keep(home: Path, to: str, clock: Callable[[], float] = time.time) -> Kept | None:
    """Make it where a step is about to be taken; None: none is. `to`: see Settings.update_backup.

    Raises NotSaved, BadSettings: nothing was changed, and nothing may be.
    """
    data = home / "data"
    try:
        tidy(data, clock())
    except HongyanError as e:
        log.warning("older backups stay: %s", e.text.en)
    if to == OFF or not messages_file.older(data / MESSAGES):
        return None
    place = _place(home, to)
    with alone(data / _LOCK):
        now, version = clock(), messages_file.older(data / MESSAGES)
        if not version:
            return None  # who had the lock has taken the steps
        last = messages_file.last_number(data / MESSAGES)
        try:
            if again := _made_just_now(place.place, version, last, now):
                return again
            name = f"{FRONT}{version}-{last}-{time.strftime(STAMP, time.gmtime(now))}{PLAIN_END}"
            with _ending_cleanly():
                make(home, Where(place.place, name), None, now, format=FIRST)
        except HongyanError as e:
            raise NotSaved(_NOT_MADE.fill(found=version, why=e.text, variable=VARIABLE)) from e
        kept = Kept(place.place.shown(name), version, last, now)
        log.warning(
            "the tables are of version %s; before they change they were backed up: %s", version, kept.shown
        )
        return kept


@contextmanager
def _ending_cleanly() -> Iterator[None]:
    """Whoever is told to end, as by a probe that lost its patience, takes away what was begun."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def of(place: Place) -> Sequence[Kept]:
    """Those that lie there, the newest first. Raises HongyanError."""
    found = []
    for name in place.names():
        if (match := NAME.fullmatch(name)) and (at := time_of(match[3])) is not None:
            found.append(Kept(place.shown(name), int(match[1]), int(match[2]), at))
    return sorted(found, key=lambda one: -one.at)


def in_data(data: Path) -> Sequence[Kept]:
    return of(InFolder(data))


def tidy(data: Path, now: float) -> None:
    """Of those in `data`, what is too old or more than stay goes. Raises NotSaved."""
    for number, one in enumerate(in_data(data)):
        if number >= KEPT or now - one.at > DAYS * 86_400:
            remove(Path(one.shown))


def _made_just_now(place: Place, version: int, last: int, now: float) -> Kept | None:
    """By a start that was killed before its step, so that a start that fails again and again makes one."""
    same = [one for one in of(place) if (one.version, one.last) == (version, last)]
    return same[0] if same and 0 <= now - same[0].at < AGAIN else None


def _place(home: Path, to: str) -> Where:
    """Raises BadSettings."""
    if not to:
        return where(f"{home / 'data'}/")
    place = where(to)
    if place.name or place.place.is_within(home, FOLDERS):
        raise BadSettings(_A_FOLDER.fill(variable=VARIABLE), field=VARIABLE)
    return place
