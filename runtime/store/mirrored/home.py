"""The files of a home in PostgreSQL, and a working copy of them in its folder.

What is written goes to the database first, then into the folder; what others wrote comes into the folder
within moments. Nothing that only reads asks the database. A file that somebody puts into the folder by hand
is nobody's, and put aside.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from runtime.errors import NotSaved, StoreFailed
from runtime.files import write_here
from runtime.lang import Text
from runtime.mirror import mirrored
from runtime.store.database import Db
from runtime.store.database.postgres import alone
from runtime.store.database.postgres_opening import prepared
from runtime.store.database.postgres_url import Url
from runtime.store.mirrored import keys, rows
from runtime.store.mirrored.folder import Folder, is_later
from runtime.store.mirrored.here import Here
from runtime.store.mirrored.line import Line

log = logging.getLogger(__name__)
T = TypeVar("T")

EVERY = 5.0
"""Seconds after which it is looked for what is new although nobody told."""
MOST = 200
LOCK = "data/files.lock"


class HomeMirror:
    """Of one home. See runtime.mirror.Mirror."""

    def __init__(self, home: Path, url: Url, marks: keys.Marks | None = None) -> None:
        """Raises StoreFailed, NotSaved; BadSettings where another key seals there: then nothing was taken."""
        self._folder = Folder(home)
        self._seen = 0
        self._here = Here(self._folder.home / LOCK)
        alone(lambda: prepared(url, rows.TABLES))
        self._line = Line(url)
        try:
            self._begin(marks)
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
        name = self._folder.name(path)
        if not name:
            yield
            return
        with self._here():
            former = not is_later(name)
            at = self._saved(
                path, lambda: self._line.step(lambda db: rows.put(db, name, content, former=former))
            )
            yield
            self._folder.date(path, at)

    @contextmanager
    def removing(self, path: Path, *, beside: bool) -> Iterator[None]:
        name = self._folder.name(path)
        if not name:
            yield
            return
        with self._here():
            former = not is_later(name)
            self._saved(
                path,
                lambda: self._line.step(lambda db: rows.remove(db, name, beside=beside, former=former)),
            )
            yield

    def touch(self, path: Path) -> None:
        if name := self._folder.name(path):
            self._saved(path, lambda: self._line.step(lambda db: rows.touch(db, name)))

    def bring(self, path: Path) -> bool:
        name = self._folder.name(path)
        try:
            content = self._line.look(lambda db: rows.content(db, name)) if name else None
        except StoreFailed as e:
            log.error("%s cannot be fetched: %s", path, e.text.en)
            return False
        if content is None:
            return False
        write_here(path, content, 0o600)
        return True

    def everything(self) -> Iterator[Path]:
        for name in sorted(self._line.look(rows.names)):
            path = self._folder.home / name
            if self._folder.name(path) == name:
                yield path

    def is_for_all(self, path: Path) -> bool:
        return bool(self._folder.name(path))

    def unseal(self) -> None:
        self._line.step(lambda db: rows.put_fact(db, keys.SEALS, ""))

    @contextmanager
    def locked(self, path: Path, *, wait: bool) -> Iterator[bool]:
        with ExitStack() as held:
            name = path.resolve().relative_to(self._folder.home).as_posix()
            lock = self._line.locked(name, wait=wait)
            is_ours = self._saved(path, lambda: held.enter_context(lock))
            if is_ours:
                self._saved(path, self.pull)
            yield is_ours

    def pull(self) -> None:
        """What is new there is here after this. Raises StoreFailed, NotSaved."""
        while self._pull_some():
            pass

    def _pull_some(self) -> bool:
        with self._here():
            found = self._line.look(lambda db: rows.newer(db, self._seen, MOST))
            for row in found:
                self._take(row)
                self._seen = row.revision
            return bool(found)

    def _heard(self) -> None:
        try:
            self.pull()
        except (StoreFailed, NotSaved) as e:
            log.error("what others changed is not here yet: %s", e.text.en)

    def _take(self, row: rows.Row) -> None:
        path = self._folder.path(row)
        if path is None:
            log.error("a file that belongs nowhere here is left there: %r", row.name)
        elif row.digest and self._folder.has(path, row):
            self._folder.date(path, row.at)
        else:
            is_here = path.is_file() and not path.is_symlink()
            if is_here and not is_later(row.name):
                self._put_aside_if_strange(path, row.name)
            if not row.digest:
                self._folder.drop(path)
            elif is_here or not is_later(row.name):
                content = self._line.look(lambda db: rows.content(db, row.name))
                if content is not None:
                    self._folder.write(path, content, row.at)

    def _put_aside_if_strange(self, path: Path, name: str) -> None:
        digest = rows.digest_of(path.read_bytes())
        if not self._line.look(lambda db: rows.was(db, name, digest)):
            self._folder.put_aside(path)

    def _begin(self, marks: keys.Marks | None) -> None:
        with self._here():
            self._line.step(lambda db: self._enter(db, marks))
            there = set(self._line.look(rows.names))
            for name, path in self._folder.all():
                if name not in there and not is_later(name):
                    self._put_aside_if_strange(path, name)
            self.pull()

    def _enter(self, db: Db, marks: keys.Marks | None) -> None:
        """The first one brings what it has, all of it or nothing."""
        is_new = rows.is_new(db)
        if marks:
            keys.compare(db, marks, may_make=is_new)
        if is_new:
            found = list(self._folder.all())
            for name, path in found:
                at = path.stat().st_mtime
                rows.put(db, name, path.read_bytes(), at=at, former=False)
            if found:
                log.warning("%s files of %s are in the database now", len(found), self._folder.home)

    def _saved(self, path: Path, work: Callable[[], T]) -> T:
        """Raises NotSaved."""
        try:
            return work()
        except StoreFailed as e:
            text = Text("「{file}」没有保存。{why}", "{file!r} is not saved. {why}")
            raise NotSaved(text.fill(file=path.name, why=e.text)) from e


def files_of(url: Url) -> Url:
    """Where the files are of a home whose messages are there."""
    return replace(
        url, schema=f"{url.schema}_files", shown=url.shown.replace(f"({url.schema})", f"({url.schema}_files)")
    )


@contextmanager
def home_in(url: Url, home: Path, marks: keys.Marks | None = None) -> Iterator[HomeMirror]:
    """While this lasts, the files of that home are those in the database where its messages are.

    `marks`: to tell whether its key is the one that all have. Raises StoreFailed, NotSaved, BadSettings.
    """
    mirror = HomeMirror(home, files_of(url), marks)
    with ExitStack() as held:
        held.callback(mirror.close)
        held.enter_context(mirrored(home, mirror))
        yield mirror
