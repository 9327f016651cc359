"""Records of one kind in one small TinyDB file, kept in memory until the file changes."""

import contextlib
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from pydantic import ValidationError
from tinydb import where
from tinydb.table import Document
from tinydb.table import Table as Rows

from runtime.errors import NotSaved, Unreadable
from runtime.lang import Text
from runtime.schema import first_problem
from runtime.store.control.atomic import AtomicJSONStorage, BeyondHelp, Stamp, damaged

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

    Every method may raise Unreadable (a damaged file); writing may raise NotSaved. A record that cannot be
    read is left out and left alone, unless it `must` be read: then it makes the file unreadable. `anew`: what
    is in it can be had again, so that a file beyond help is put aside and begun with what is known of it.
    """

    def __init__(self, path: Path, record: type[R], *, must: bool = False, anew: bool = False) -> None:
        self._path = path
        self._record = record
        self._must, self._anew = must, anew
        self._unreadable: dict[str, tuple[Mapping[str, Any], Text]] = {}
        self._storage = AtomicJSONStorage(path)
        self._cached: tuple[Stamp | None, dict[str, R]] | None = None

    @property
    def name(self) -> str:
        return self._path.stem

    def all(self) -> Mapping[str, R]:
        """Records by id, oldest first."""
        now = None
        try:
            now = self._storage.stamp()
            if self._cached is not None and self._cached[0] == now:
                return self._cached[1]
            if now is None and self._cached is not None and self._cached[1]:
                now = self._write_again()
            try:
                records = self._load()
            except BeyondHelp:
                with contextlib.suppress(NotSaved):  # then it stays unreadable
                    now = self._storage.stamp() if self._begun_anew() else now
                records = self._load()
        except (Unreadable, NotSaved) as e:
            if self._cached is None:
                raise
            log.error("%s cannot be read; what was read before stays in use: %s", self._path, e.text.en)
            records = self._cached[1]
        self._cached = now, records
        return records

    def get(self, id: str) -> R | None:
        return self.all().get(id)

    def unreadable(self) -> Mapping[str, tuple[Mapping[str, Any], Text]]:
        """Records as they stand in the file, and what is wrong with them, by id."""
        self.all()
        return self._unreadable

    def place(self, id: str) -> int:
        """Among the others, from 1 on; 0 where there is none."""
        row = self._rows().get(where("id") == id)
        return row.doc_id if isinstance(row, Document) else 0

    def put(self, record: R, *, place: int = 0) -> None:
        """Insert it, or replace the one with its id. `place`: where it was, as `remove` told it."""
        with self.exclusive():
            self._usable()
            rows, row = self._rows(), record.model_dump(mode="json")
            is_free = (
                place > 0 and not rows.contains(doc_id=place) and not rows.contains(where("id") == record.id)
            )
            rows.insert(Document(row, place)) if is_free else rows.upsert(row, where("id") == record.id)
            self._cached = None

    def remove(self, id: str) -> int:
        """Its place among the others, from 1 on; 0 where there was none."""
        with self.exclusive():
            self._usable()
            removed = self._rows().remove(where("id") == id)
            self._cached = None
        return removed[0] if removed else 0

    def leave_no_former(self) -> None:
        """What was there before the newest change is in no file any more."""
        with self.exclusive():
            if (data := self._storage.read()) is not None:
                self._storage.write(data)

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        """Nobody else writes in between; what is read inside is the newest."""
        with self._storage.exclusive():
            yield

    def _rows(self) -> Rows:
        # A new one each time: tinydb's own remembers the next id, which another process may have taken.
        return Rows(self._storage, "records", cache_size=0)

    def _load(self) -> dict[str, R]:
        records: dict[str, R] = {}
        unreadable: dict[str, tuple[Mapping[str, Any], Text]] = {}
        for row in self._all_rows():
            try:
                record = self._record.model_validate(dict(row))
            except ValidationError as e:
                text = _wrong(self._path, row, e)
                if self._must:
                    raise Unreadable(text) from None
                id = str(row.get("id", "?"))
                if id not in self._unreadable:
                    log.error("a record cannot be read: %s", text.en)
                if self._cached is not None and id in self._cached[1]:
                    records[id] = self._cached[1][id]  # spoiled while running: it goes on as it was
                else:
                    unreadable[id] = dict(row), text
            else:
                records[record.id] = record
        self._unreadable = unreadable
        return records

    def _all_rows(self) -> list[dict[str, Any]]:
        try:
            return [dict(row) for row in sorted(self._rows().all(), key=lambda row: row.doc_id)]
        except (AttributeError, KeyError, TypeError, ValueError) as e:  # JSON, but no table of tinydb's
            raise damaged(self._path, str(e), BeyondHelp) from e

    def _usable(self) -> None:
        """Raises BeyondHelp, where tinydb would stumble over it."""
        if self._anew:
            self._begun_anew()
        else:
            self._all_rows()

    def _begun_anew(self) -> bool:
        """Whether it was beyond help, and is not any more. Raises NotSaved."""
        if not self._anew or not self._is_beyond_help():
            return False
        with self.exclusive():
            if self._is_beyond_help():  # nobody was quicker
                self._storage.begin_anew(self._known())
        return True

    def _is_beyond_help(self) -> bool:
        try:
            self._all_rows()
        except BeyondHelp as e:
            log.error("it begins without what is not known of it: %s", e.text.en)
            return True
        return False

    def _known(self) -> dict[str, dict[str, Any]]:
        """What was read of it before, as it is written."""
        records = self._cached[1].values() if self._cached else ()
        return {"records": {str(n): record.model_dump(mode="json") for n, record in enumerate(records, 1)}}

    def _write_again(self) -> Stamp | None:
        """Somebody removed the file: what it held is still known, and newer than its previous version."""
        log.error("%s was removed while running; it is written again", self._path)
        with self.exclusive():
            if self._storage.stamp() is None:
                self._storage.write(self._known())
        return self._storage.stamp()


def _wrong(path: Path, row: Mapping[str, Any], error: ValidationError) -> Text:
    why = first_problem(error).sentence()
    id = row.get("id", "?")
    return Text(
        "文件「{path}」里「{id}」的 {why}它可能来自更新的版本，请升级或恢复备份。",
        "In {path!r}, {id!r}, {why} It may come from a newer version: upgrade, or restore a backup.",
    ).fill(path=str(path), id=id, why=why)
