"""Whether the messages here are the ones that were here before: not gone, not a backup's, not a copy's.

`data/installation.json` remembers which file it was, on which machine. It is written at every start and is in
no backup. What cannot be told, as on a network folder without lasting file numbers, is not judged.
"""

import json
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from runtime.errors import StoreFailed
from runtime.files import write_whole
from runtime.lang import Text
from runtime.store.database.place import movable_at, url_of
from runtime.store.messages.restored import hold
from runtime.store.messages.tables import TABLES
from runtime.store.opening import connect, failed, identity

MARKER = "installation.json"
MACHINE = Path("/etc/machine-id")
MOUNTS = Path("/proc/self/mountinfo")
LASTING = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "tmpfs", "overlay", "bcachefs"})
"""File systems on which a file keeps its number as long as it lives, also through a restart."""

ASIDE, FRESH = ".before-restore-", ".restoring-"
"""What was there before a backup was put back, and what is to be; with the same time behind it."""
HALF = Text(
    "恢复备份做到一半断了，现在这里一半新一半旧。请再运行一次 python app.py restore 备份文件；"
    "原来的文件在 {aside}* 里。",
    "A restore broke off half-way: some of what is here is new and some old. Run python app.py restore FILE "
    "again; what was here before is in {aside}*.",
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mark:
    """What is remembered. None: it cannot be told here."""

    store: int | None = None
    machine: str | None = None
    file: int | None = None

    def is_other(self, now: "Mark") -> bool:
        """Whether something that is known of both differs."""
        both = zip(asdict(self).values(), asdict(now).values(), strict=True)
        return any(None not in (before, after) and before != after for before, after in both)


class Installation:
    """The message store of one data folder, at a start."""

    def __init__(self, data: Path, machine: Path = MACHINE) -> None:
        self._path = data / "messages.db"
        self._marker = data / MARKER
        self._machine = machine
        self._is_known = False

    def check(self) -> None:
        """Before the store is opened, which would make an empty one. Raises StoreFailed when it is gone.

        What is in a database of several installations is nobody's copy: of that it is only judged whether it
        was begun while the messages of this home are in its folder yet.
        """
        self._refuse_half()
        if url := url_of(self._path):
            self._refuse_unmoved(url)
            return
        born = _born(self._path)
        self._is_known = bool(born)
        if self._marker.exists() and born is None:
            raise StoreFailed(
                Text(
                    "{path} 不见了或是空的，但这里以前有消息。"
                    "请恢复备份（python app.py restore 备份文件）；"
                    "确实要从空的开始，运行 python app.py restore --empty。",
                    "{path} is gone or empty, although there were messages. Restore a backup "
                    "(python app.py restore FILE); to go on without them, run python app.py restore --empty.",
                ).fill(path=self._path),
                code="gone",
            )

    def take(self) -> int:
        """After the store was opened, before anything is sent from it: remember it as the one that is here.

        If it is another one, or was copied here, what it holds unfinished waits for the owner's word; returns
        how many messages that are. Raises StoreFailed and NotSaved.
        """
        if url_of(self._path):
            return 0
        before = self._remembered()
        held = 0
        try:
            with closing(connect(self._path)) as db:
                now = self._now(db)
                if self._is_known if before is None else before.is_other(now):
                    db.execute("begin immediate")
                    held = hold(db)
                    db.execute("commit")
        except sqlite3.Error as e:
            raise failed(self._path, e) from e
        if held:
            log.warning("%s was restored or copied: %s unfinished messages wait", self._path, held)
        if before != now:
            self._remember(now)
        return held

    def arrived(self) -> None:
        """What is here was moved here, and not copied: it goes on. Raises StoreFailed and NotSaved."""
        try:
            with closing(connect(self._path)) as db:
                self._remember(self._now(db))
        except sqlite3.Error as e:
            raise failed(self._path, e) from e

    def forget(self) -> None:
        """The next start may find no messages."""
        self._marker.unlink(missing_ok=True)

    def _refuse_half(self) -> None:
        """Both are there only while things are moved, see put_back."""
        folders = [one for one in self._path.parents[1].iterdir() if one.is_dir()]
        begun = {left.name.removeprefix(FRESH) for one in folders for left in one.glob(f"{FRESH}*")}
        if any((one / f"{ASIDE}{stamp}").exists() for one in folders for stamp in begun):
            raise StoreFailed(HALF.fill(aside=ASIDE), code="gone")

    def _refuse_unmoved(self, url: str) -> None:
        here, there = movable_at("", self._path), movable_at(url, self._path)
        if here.mark() or here.is_empty(TABLES):
            return
        with ThreadPoolExecutor(1) as thread:  # no event loop runs in it
            if not thread.submit(there.is_empty, TABLES).result():
                return
        raise StoreFailed(
            Text(
                "{path} 里的消息还没有搬到 {there}。请去掉 HONGYAN_DATABASE_URL 运行 "
                "python app.py move --to 地址；不要它们了，就把这个文件移走。",
                "The messages of {path} are not in {there} yet. Without HONGYAN_DATABASE_URL run "
                "python app.py move --to ADDRESS; to begin without them, move that file away.",
            ).fill(path=self._path, there=there.shown),
            code="moved",
        )

    def _now(self, db: sqlite3.Connection) -> Mark:
        return Mark(identity(db), _words(self._machine), _lasting_number(self._path))

    def _remember(self, mark: Mark) -> None:
        write_whole(self._marker, json.dumps(asdict(mark)).encode(), 0o600)

    def _remembered(self) -> Mark | None:
        try:
            mark = json.loads(self._marker.read_bytes())
            return Mark(**{name: mark.get(name) for name in ("store", "machine", "file")})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, AttributeError):
            return Mark(store=0)  # no store's number: what cannot be read may have been another one


def _born(path: Path) -> int | None:
    """The number in the file's head, 0 before this program gave one; None when there is no content."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        return None
    except OSError as e:
        raise failed(path, sqlite3.OperationalError(e.strerror)) from e
    return int.from_bytes(head[68:72], "big") if head else None


def _words(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii").strip() or None
    except (OSError, ValueError):
        return None


def _lasting_number(path: Path) -> int | None:
    """The file's number, where it means something."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
        here = str(path.resolve())
        found = ("", "")
        for line in lines:
            left, _, right = line.partition(" - ")
            mount = left.split(" ")[4].replace("\\040", " ")
            inside = here == mount or here.startswith(mount.rstrip("/") + "/")
            if inside and len(mount) >= len(found[0]):
                found = mount, right.split(" ")[0]
        return path.stat().st_ino if found[1] in LASTING else None
    except (OSError, IndexError):
        return None
