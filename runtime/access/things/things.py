"""The registry read before and after a deed: rows of the small tables, and files of the home."""

import contextlib
import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.access.things.kinds import DELETED, KINDS, Kind, about_of
from runtime.access.things.lines import Line, differing, flat
from runtime.errors import Unreadable
from runtime.store.control.control import Control
from runtime.store.control.table import Table

LARGEST = 2_000_000
"""Bytes of a file that are compared; of a larger one nothing is told but that it changed."""
MOST = 5_000
"""Values of what was asked and answered, in which names are looked for…"""
LONGEST = 400
"""…and characters of one."""
NAME = re.compile(r"[\w@.:/+-]{1,200}")
OF_ROW = ("id", "name", "prefix", "agent", "publication", "account", "user")
"""By what a row is named."""
QUIET = frozenset({"seen", "contacts"})
"""Tables that change by themselves, or say what somebody has read."""
OURS = Control.__module__.rpartition(".")[0]
Rows = Mapping[str, Mapping[str, Any]]
Files = Mapping[tuple[str, str], bytes]
"""By kind and id."""


@dataclass(frozen=True)
class Seen:
    """How all of it was. `named`: what the deed was asked with; None: everything is its own."""

    rows: Rows
    files: Files
    there: Mapping[str, frozenset[str]]
    """Ids of each kind of file, read or not."""
    named: frozenset[str] | None


class Things:
    """Reading takes some milliseconds where files are many: ask from a thread. It raises nothing."""

    def __init__(self, control: Control) -> None:
        self._control, self._home = control, control.home

    def seen(self, named: Collection[str] | None) -> Seen:
        places = {kind.name: self._places(kind) for kind in (*KINDS, DELETED)}
        names = None if named is None else frozenset(named) | _held(places[DELETED.name], named)
        files: dict[tuple[str, str], bytes] = {}
        for name, found in places.items():
            mine = found.keys() if names is None or not names & found.keys() else names & found.keys()
            files |= {(name, id): content for id in mine if (content := _read(found[id])) is not None}
        there = {name: frozenset(found) for name, found in places.items()}
        return Seen(self._rows(), files, there, names)

    def changed(self, seen: Seen, answered: Collection[str], by: str) -> tuple[list[str], list[str]]:
        """What it was and what it is, a line each. `answered`: names in its answer; `by`: who did it."""
        names = None if seen.named is None else seen.named | frozenset(answered)
        found = [*self._of_rows(seen.rows, names, by), *self._of_files(KINDS, seen, names)]
        if not found:
            found = list(self._of_files((DELETED,), seen, None))
        alone = len({thing for thing, _ in found}) == 1
        before: list[str] = []
        after: list[str] = []
        for thing, line in found:
            name = _shown(line.name if alone else f"{thing} {line.name}")
            before += [] if line.was is None else [f"{name}: {line.was}"]
            after += [] if line.now is None else [f"{name}: {line.now}"]
        return before, after

    def _rows(self) -> Rows:
        """As they are in memory: records do not change. Of a damaged file there is nothing."""
        found: dict[str, Mapping[str, Any]] = {}
        for name, table in tables_of(self._control).items():
            if name not in QUIET:
                with contextlib.suppress(Unreadable):
                    found[name] = dict(table.all())
        return found

    def _of_rows(self, before: Rows, names: frozenset[str] | None, by: str) -> Iterator[tuple[str, Line]]:
        for table, rows in self._rows().items():
            former = before.get(table, {})
            for id in dict.fromkeys((*former, *rows)):
                was, now = former.get(id), rows.get(id)
                if was == now or not _is_ours(was, now, names, by):
                    continue
                thing = f"{table} {_called(now or was)}"
                for line in differing(*({} if one is None else _row(one) for one in (was, now))):
                    yield thing, line

    def _of_files(
        self, kinds: Sequence[Kind], seen: Seen, names: frozenset[str] | None
    ) -> Iterator[tuple[str, Line]]:
        for kind in kinds:
            places, former = self._places(kind), {id for name, id in seen.files if name == kind.name}
            known = former | (places.keys() - seen.there[kind.name])
            for id in sorted(known if names is None else known & names):
                was = seen.files.get((kind.name, id))
                now = _read(places[id]) if id in places else None
                if was != now:
                    for line in kind.told(was, now):
                        yield f"{kind.name} {id}", line

    def _places(self, kind: Kind) -> dict[str, Path]:
        """By id; of several places the last."""
        found = itertools.chain.from_iterable(sorted(self._home.glob(one)) for one in kind.places)
        return {kind.id(path): path for path in found if not path.name.startswith(".")}


def tables_of(control: Control) -> Mapping[str, Table[Any]]:
    """Every one there is, by its file's name, also of control's parts: none is forgotten that comes later."""
    parts = (control, *(one for one in vars(control).values() if type(one).__module__.startswith(OURS)))
    found = [one for part in parts for one in vars(part).values() if isinstance(one, Table)]
    return {one.name: one for one in found}


def _held(deleted: Mapping[str, Path], named: Collection[str]) -> frozenset[str]:
    """What the tokens among those names stand for."""
    found = [_read(deleted[token]) for token in deleted.keys() & set(named)]
    return frozenset().union(*(names_in(about_of(content)) for content in found))


def _is_ours(was: Any, now: Any, names: frozenset[str] | None, by: str) -> bool:
    """What somebody else wrote in the same moment says so."""
    writer = getattr(now, "by", "")
    if names is None or _is_alone(now or was):
        return writer in ("", by)
    return bool(names & _names_of(now or was)) and writer in ("", by)


def _is_alone(record: Any) -> bool:
    """There is one of a kind, which nobody names."""
    return not type(record).model_fields["id"].is_required()


def _names_of(record: Any) -> set[str]:
    return {str(value) for name in OF_ROW if (value := getattr(record, name, ""))}


def _called(record: Any) -> str:
    """What may be shown of a key; else its id."""
    return str(getattr(record, "prefix", "") or record.id)


def _row(record: Any) -> dict[str, str]:
    hidden = {name for name, field in type(record).model_fields.items() if not field.repr}
    told: dict[str, Any] = record.model_dump(mode="json", exclude=hidden)
    kept = flat(told)
    kept |= {name: f"\0{value!r}" for name in hidden if (value := getattr(record, name))}
    if not kept:
        return {"it": "there"}
    return kept


def _read(path: Path) -> bytes | None:
    """None for what is not there; of a large one what tells whether it changed."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
            return content if len(content) <= LARGEST else repr(path.stat()).encode()
    except OSError:
        return None


HASH = re.compile(r"[0-9a-f]{16,}")


def _shown(name: str) -> str:
    return HASH.sub(lambda found: found[0][:8], name)


def names_in(value: object) -> set[str]:
    """Whatever in it could name a thing."""
    found: set[str] = set()
    left, seen = [value], 0
    while left and seen < MOST:
        one = left.pop()
        seen += 1
        if isinstance(one, str) and len(one) <= LONGEST:
            found.add(one)
            found.update(NAME.findall(one))
            found.update(re.findall(r"[\w-]+", one))
        elif isinstance(one, Mapping):
            left.extend(itertools.islice(one.values(), MOST))
        elif isinstance(one, list | tuple):
            left.extend(one[:MOST])
        elif hasattr(one, "value") and hasattr(one, "undo"):  # a Notice
            left.extend((one.value, one.undo))
    return found
