"""The files of a home in PostgreSQL, and a working copy of them in its folder.

What is written goes to the database first, then into the folder; what others wrote comes into the folder
within moments. Nothing that only reads asks the database. A file that somebody puts into the folder by hand
is nobody's, and put aside.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from runtime.crash import crashpoint
from runtime.errors import NotSaved, StoreFailed
from runtime.files import write_here
from runtime.lang import Text
from runtime.mirror import mirrored
from runtime.store.database import Db
from runtime.store.database.postgres import alone
from runtime.store.database.postgres_opening import prepared
from runtime.store.database.postgres_url import Url
from runtime.store.mirrored import keys, rows
from runtime.store.mirrored.bucket_url import NotBrought, bucket_url
from runtime.store.mirrored.contents import Contents
from runtime.store.mirrored.folder import Folder, is_later
from runtime.store.mirrored.here import Here
from runtime.store.mirrored.line import Line

if TYPE_CHECKING:
    from runtime.store.mirrored.bucket import Bucket

log = logging.getLogger(__name__)
T = TypeVar("T")

EVERY = 1.5
"""Seconds after which it is looked for what is new although nobody told."""
MOST = 200
LOCK = "data/files.lock"
NOT_SAVED = Text("「{file}」没有保存。{why}", "{file!r} is not saved. {why}")
NOTHING_SAVED = Text("没有保存。{why}", "It is not saved. {why}")


class HomeMirror:
    """Of one home. See runtime.mirror.Mirror."""

    def __init__(
        self, home: Path, url: Url, marks: keys.Marks | None = None, bucket: "Bucket | None" = None
    ) -> None:
        """Raises StoreFailed, NotSaved; BadSettings where another key seals there: then nothing was taken."""
        self._folder = Folder(home)
        self._seen = 0
        self._here = Here(self._folder.home / LOCK)
        alone(lambda: prepared(url, rows.TABLES))
        self._line = Line(url)
        self._contents = Contents(self._line, bucket, url.schema)
        self._missing = dict[str, rows.Row]()
        """What could not be brought from the bucket yet."""
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
        key = self._saved(path, lambda: self._contents.bring(content))  # before anybody waits for us
        crashpoint("object_brought")
        former = not is_later(name)
        with self._here():
            put = partial(rows.put, name=name, content=content, key=key, former=former)
            at = self._saved(path, lambda: self._line.step(put))
            crashpoint("file_kept")
            yield
            self._folder.date(path, at)

    @contextmanager
    def removing(self, path: Path, *, beside: bool) -> Iterator[None]:
        name = self._folder.name(path)
        if not name:
            yield
            return
        with self._here():
            removing = partial(rows.remove, name=name, beside=beside, former=not is_later(name))
            self._saved(path, lambda: self._line.step(removing))
            yield

    def touch(self, path: Path) -> None:
        if name := self._folder.name(path):
            self._saved(path, lambda: self._line.step(lambda db: rows.touch(db, name)))

    def bring(self, path: Path) -> bool:
        name = self._folder.name(path)
        try:
            content = self._contents.get(name) if name else None
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
            is_ours = self._saved(None, lambda: held.enter_context(lock))
            if is_ours:
                self._saved(None, self.pull)
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
            self._bring_missing()
            self._contents.collect()
        except (StoreFailed, NotSaved) as e:
            log.error("what others changed is not here yet: %s", e.text.en)

    def _bring_missing(self) -> None:
        """What is large is waited for by nobody who saves."""
        with self._here():
            missing = list(self._missing.values())
        for row in missing:
            try:
                content = self._contents.get(row.name)
            except NotBrought as e:
                log.error("%r is not here yet: %s", row.name, e.text.en)
                return
            with self._here():
                path = self._folder.path(row)
                if self._missing.get(row.name) == row and path:  # nothing newer came meanwhile
                    del self._missing[row.name]
                    if content is not None:
                        self._folder.write(path, content, row.at)

    def _take(self, row: rows.Row) -> None:
        self._missing.pop(row.name, None)
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
            elif is_later(row.name):
                self._folder.drop(path)  # as others have it now, it is fetched once it is asked for
            elif row.is_large:
                self._missing[row.name] = row
            else:
                content = self._contents.get(row.name)
                if content is not None:
                    self._folder.write(path, content, row.at)

    def _put_aside_if_strange(self, path: Path, name: str) -> None:
        digest = rows.digest_of(path.read_bytes())
        if not self._line.look(lambda db: rows.was(db, name, digest)):
            self._folder.put_aside(path)

    def _begin(self, marks: keys.Marks | None) -> None:
        with self._here():
            is_new = self._line.step(lambda db: self._may_enter(db, marks))
            self._contents.check()
            if is_new:
                self._bring_all()
            there = set(self._line.look(rows.names))
            for name, path in self._folder.all():
                if name not in there and not is_later(name):
                    self._put_aside_if_strange(path, name)
            self.pull()
        self._bring_missing()

    def _may_enter(self, db: Db, marks: keys.Marks | None) -> bool:
        """Whether there are no files yet. Raises BadSettings."""
        is_new = rows.is_new(db)
        if marks:
            keys.compare(db, marks, may_make=is_new)
        return is_new

    def _bring_all(self) -> None:
        """The first one brings what it has, all of it or nothing."""
        found = [(name, path, self._contents.bring(path.read_bytes())) for name, path in self._folder.all()]

        def put_all(db: Db) -> bool:
            is_first = rows.is_new(db)
            for name, path, key in found if is_first else ():
                at = path.stat().st_mtime
                rows.put(db, name, path.read_bytes(), key=key, at=at, former=False)
            crashpoint("files_entered")
            return is_first

        if not found:
            return
        if self._line.step(put_all, is_long=True):
            log.warning("%s files of %s are in the database now", len(found), self._folder.home)

    def _saved(self, path: Path | None, work: Callable[[], T]) -> T:
        """`path`: what is being saved, where that is known. Raises NotSaved."""
        try:
            return work()
        except StoreFailed as e:
            text = NOT_SAVED.fill(file=path.name, why=e.text) if path else NOTHING_SAVED.fill(why=e.text)
            raise NotSaved(text) from e


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
    mirror = HomeMirror(home, files_of(url), marks, _bucket())
    with ExitStack() as held:
        held.callback(mirror.close)
        held.enter_context(mirrored(home, mirror))
        yield mirror


def _bucket() -> "Bucket | None":
    """Of the large files, where the environment names one. Raises BadSettings."""
    if (at := bucket_url(os.environ)) is None:
        return None
    from runtime.store.mirrored.bucket import Bucket  # requests takes 50 ms

    return Bucket(at)
