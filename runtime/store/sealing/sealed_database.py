"""A database whose works see it open, and whose sealed columns are sealed: see `sealed_db`."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from runtime.store.database import Database, Db, OfOne, Work
from runtime.store.database.patience import asked
from runtime.store.sealing.data_keys import Ring
from runtime.store.sealing.sealed_db import SealedDb

if TYPE_CHECKING:
    from runtime.store.control.secrets import SecretBox

T = TypeVar("T")
VARIABLE = "HONGYAN_SECRET_KEY"


def ring_of(path: Path) -> Ring:
    """By the key of the home that has its messages there."""

    def box(is_new: bool) -> "SecretBox":
        from runtime.store.control.secrets import SecretBox  # with what is slow to load

        return SecretBox.in_folder(path.parent, os.environ.get(VARIABLE, "").strip(), is_new=is_new)

    return Ring(box)


def sealed(inner: Database, path: Path) -> Database:
    """The same, as whoever works with it sees it."""
    whole: Any = SealedDatabase(inner, ring_of(path))
    database: Database = whole
    return database


class SealedDatabase:
    """Everything but what works read and write is as `inner` has it."""

    def __init__(self, inner: Database, ring: Ring) -> None:
        self._inner, self.ring = inner, ring

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("instance", "leaves"):
            setattr(self._inner, name, value)
        else:
            object.__setattr__(self, name, value)

    async def write(self, work: Work[T], *, scrub: bool = False) -> T:
        return await asked(lambda: self.post(work, scrub=scrub))

    def post(self, work: Work[T], *, scrub: bool = False) -> "asyncio.Future[T]":
        return self._inner.post(self._sealed(work), scrub=scrub)

    async def read(self, work: Work[T]) -> T:
        return await self._inner.read(lambda db: work(self._seen(db)))

    def _sealed(self, work: Work[T]) -> Work[T]:
        def sealed(db: Db) -> T:
            return work(self._seen(db))

        lane = getattr(work, "lane", None)
        return OfOne(lane, sealed) if lane else sealed

    def _seen(self, db: Db) -> Db:
        if not self.ring.is_needed(db):
            return db
        whole: Any = SealedDb(db, self.ring)
        seen: Db = whole
        return seen


@contextmanager
def seen(path: Path, within: AbstractContextManager[Db]) -> Iterator[Db]:
    """That look from beside, with what is sealed open."""
    with within as db:
        found: Any = SealedDb(db, ring_of(path))
        yield found
