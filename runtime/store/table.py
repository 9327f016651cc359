"""Records of one kind in one small TinyDB file, kept in memory until the file changes."""

import contextlib
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from pydantic import ValidationError
from tinydb import where
from tinydb.table import Table as Rows

from runtime.lang import Text
from runtime.schema import first_problem
from runtime.store.atomic import AtomicJSONStorage, Stamp, Unreadable

log = logging.getLogger(__name__)


class Record(Protocol):
    """A strict model with an id."""

    @property
    def id(self) -> str: ...

    @classmethod
    def model_validate(cls, obj: Any) -> Any: ...

    def model_dump(self, *, mode: str) -> dict[str, Any]: ...


R = TypeVar("R", bound=Record)


class Table(Generic[R]):
    """Reading costs a stat (2 µs) and sees what other processes wrote; writing costs about 1 ms.

    Every method may raise Unreadable (a damaged file); writing may raise NotSaved.
    """

    def __init__(self, path: Path, record: type[R]) -> None:
        self._path = path
        self._record = record
        self._storage = AtomicJSONStorage(path)
        self._cached: tuple[Stamp | None, dict[str, R]] | None = None

    def all(self) -> Mapping[str, R]:
        """Records by id, oldest first."""
        now = self._storage.stamp()
        if self._cached is not None and self._cached[0] == now:
            return self._cached[1]
        try:
            records = self._load()
        except Unreadable:
            if self._cached is None:
                raise
            log.exception("%s cannot be read; what was read before stays in use", self._path)
            records = self._cached[1]
        self._cached = now, records
        return records

    def get(self, id: str) -> R | None:
        return self.all().get(id)

    def put(self, record: R) -> None:
        """Insert it, or replace the one with its id."""
        with self.exclusive():
            self._rows().upsert(record.model_dump(mode="json"), where("id") == record.id)
            self._cached = None

    def remove(self, id: str) -> bool:
        """Whether there was one."""
        with self.exclusive():
            removed = self._rows().remove(where("id") == id)
            self._cached = None
        return bool(removed)

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        """Nobody else writes in between; what is read inside is the newest."""
        with self._storage.exclusive():
            yield

    def _rows(self) -> Rows:
        # A new one each time: tinydb's own remembers the next id, which another process may have taken.
        return Rows(self._storage, "records", cache_size=0)

    def _load(self) -> dict[str, R]:
        try:
            records = [self._record.model_validate(dict(row)) for row in self._rows().all()]
        except ValidationError as e:
            problem = first_problem(e)
            raise Unreadable(
                Text(
                    f"文件「{self._path}」里的「{problem.field}」{problem.text.zh}。它可能来自更新的版本，请升级或恢复备份。",
                    f"In {str(self._path)!r}, {problem.field!r}: {problem.text.en}. "
                    "It may come from a newer version: upgrade, or restore a backup.",
                )
            ) from None
        return {record.id: record for record in records}
