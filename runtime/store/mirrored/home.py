"""The files of a home in PostgreSQL, and a working copy of them in its folder.

What is written goes to the database first, then into the folder; what others wrote comes into the folder
within moments. Nothing that only reads asks the database. A file that somebody puts into the folder by hand
is nobody's, and put aside at the next start.
"""

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from runtime.errors import Conflict, NotSaved, StoreFailed
from runtime.files import write_here
from runtime.lang import Text
from runtime.mirror import mirrored
from runtime.store.database.postgres import alone
from runtime.store.database.postgres_opening import prepared
from runtime.store.database.postgres_url import Url
from runtime.store.mirrored import rows
from runtime.store.mirrored.line import Line

log = logging.getLogger(__name__)
T = TypeVar("T")

FOLDERS = ("agents", "files", "knowledge", "data/control", "data/drafts", "data/history", "data/trash")
LATER = ("data/media",)
"""What is in these is fetched once it is asked for."""
EVERY = 5.0
"""Seconds after which it is looked for what is new although nobody told."""
MOST = 200
BELOW = tuple(f"{folder}/" for folder in (*FOLDERS, *LATER))
OWN = re.compile(r"\.(previous|broken-\d+)\.")
"""What one instance has beside a file of its own."""
ASIDE = "data/aside"


class HomeMirror:
    """Of one home. See runtime.mirror.Mirror."""

    def __init__(self, home: Path, url: Url) -> None:
        """Raises StoreFailed; Conflict where the folder has files and the database none."""
        self._home = home.resolve()
        self._seen = 0
        self._here = threading.RLock()
        """What is written here and what comes from there do not cross."""
        alone(lambda: prepared(url, rows.TABLES))
        self._line = Line(url)
        try:
            self._begin()
        except BaseException:
            self._line.close()
            raise
        self._following = threading.Thread(
            target=self._line.follow, args=(self._heard, EVERY), name="files", daemon=True
        )
        self._following.start()

    def close(self) -> None:
        """May block for as long as a look takes."""
        self._line.end()
        self._following.join()
        self._line.close()

    @contextmanager
    def keeping(self, path: Path, content: bytes) -> Iterator[None]:
        with self._here:
            if name := self._name(path):
                self._saved(path, lambda: self._line.step(lambda db: rows.put(db, name, content)))
            yield

    @contextmanager
    def removing(self, path: Path) -> Iterator[None]:
        with self._here:
            if name := self._name(path):
                self._saved(path, lambda: self._line.step(lambda db: rows.remove(db, name)))
            yield

    def touch(self, path: Path) -> None:
        if name := self._name(path):
            self._saved(path, lambda: self._line.step(lambda db: rows.touch(db, name)))

    def bring(self, path: Path) -> bool:
        name = self._name(path)
        try:
            content = self._line.look(lambda db: rows.content(db, name)) if name else None
        except StoreFailed as e:
            log.error("%s cannot be fetched: %s", path, e.text.en)
            return False
        if content is None:
            return False
        write_here(path, content, 0o600)
        return True

    @contextmanager
    def locked(self, path: Path, *, wait: bool) -> Iterator[bool]:
        with ExitStack() as held:
            lock = self._line.locked(path.resolve().relative_to(self._home).as_posix(), wait=wait)
            is_ours = self._saved(path, lambda: held.enter_context(lock))
            if is_ours:
                self._saved(path, self.pull)
            yield is_ours

    def pull(self) -> None:
        """What is new there is here after this. Raises StoreFailed, NotSaved."""
        with self._here:
            while found := self._newer():
                for row in found:
                    self._take(row)
                    self._seen = row.revision

    def _heard(self) -> None:
        try:
            self.pull()
        except (StoreFailed, NotSaved) as e:
            log.error("what others changed is not here yet: %s", e.text.en)

    def _newer(self) -> Sequence[rows.Row]:
        return self._line.look(lambda db: rows.newer(db, self._seen, MOST))

    def _take(self, row: rows.Row) -> None:
        path = self._home / row.name
        if self._name(path) != row.name:
            log.error("a file that belongs nowhere here is left there: %r", row.name)
            return
        is_here = path.is_file() and not path.is_symlink()
        if not row.digest:
            self._drop(path)
        elif is_here and rows.digest_of(path.read_bytes()) == row.digest:
            os.utime(path, (row.at, row.at))
        elif is_here or not row.name.startswith(LATER):
            content = self._line.look(lambda db: rows.content(db, row.name))
            if content is not None:
                write_here(path, content, 0o600)
                os.utime(path, (row.at, row.at))

    def _drop(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        roots = {self._home / one for one in (*FOLDERS, *LATER)}
        with suppress(OSError):  # there is something in it yet
            while (path := path.parent) not in roots:
                path.rmdir()

    def _begin(self) -> None:
        there = set(self._line.look(rows.names))
        strays = [path for path in self._all_here() if self._name(path) not in there]
        if strays and not there:
            raise Conflict(
                Text(
                    "「{home}」里已有智能体和设置，数据库里还没有。"
                    "请先运行 python app.py move --to 数据库地址。",
                    "There are agents and settings in {home!r}, and none in the database. "
                    "Run python app.py move --to URL first.",
                ).fill(home=str(self._home))
            )
        for path in strays:
            if not path.relative_to(self._home).as_posix().startswith(LATER):
                self._put_aside(path)
        self.pull()

    def _put_aside(self, path: Path) -> None:
        to = self._home / ASIDE / time.strftime("%Y-%m-%d") / path.relative_to(self._home)
        log.warning("%s is not in the database: it is put aside as %s", path, to)
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(to)

    def _all_here(self) -> Iterator[Path]:
        for folder in (*FOLDERS, *LATER):
            for path in sorted((self._home / folder).rglob("*")):
                if path.is_file() and self._name(path):
                    yield path

    def _name(self, path: Path) -> str:
        """As the database knows it; "" for what only this instance needs."""
        parent = path.parent.resolve()
        if not parent.is_relative_to(self._home):
            return ""
        name = (parent / path.name).relative_to(self._home).as_posix()
        is_own = path.name.startswith(".") or path.suffix == ".lock" or OWN.search(path.name)
        return "" if is_own or not name.startswith(BELOW) else name

    def _saved(self, path: Path, work: Callable[[], T]) -> T:
        """Raises NotSaved."""
        try:
            return work()
        except StoreFailed as e:
            text = Text("「{file}」没有保存。{why}", "{file!r} is not saved. {why}")
            raise NotSaved(text.fill(file=path.name, why=e.text)) from e


@contextmanager
def home_in(url: Url, home: Path) -> Iterator[HomeMirror]:
    """While this lasts, the files of that home are those in the database. Raises StoreFailed, Conflict."""
    mirror = HomeMirror(home, url)
    with ExitStack() as held:
        held.callback(mirror.close)
        held.enter_context(mirrored(home, mirror))
        yield mirror
