"""Frozen agents, one file a version: publishing for years makes many small files and no large one."""

import contextlib
import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from runtime.errors import NotFound
from runtime.files import remove, write_whole
from runtime.lang import Text
from runtime.newest import Newest
from runtime.store.control.atomic import PRIVATE, Stamp, private_folder, stamp
from runtime.store.control.records import Version
from runtime.store.control.table import Table

NAME = re.compile(r"(?P<publication>[a-z0-9][a-z0-9_-]*)\.(?P<number>[1-9][0-9]*)\.json")
KEPT = 100
"""Versions that are remembered: those that answer now, and those that were just looked at."""

log = logging.getLogger(__name__)


class Versions:
    """Reading costs a stat (2 µs) for one that is remembered, else 0.2 ms. Writing may raise NotSaved.

    One that cannot be read is left out and left alone, and its number stays taken.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: Newest[Path, tuple[Stamp, Version]] = Newest(KEPT)

    def of(self, publication: str) -> list[Version]:
        """Oldest first."""
        found = (self.find(publication, number) for number in sorted(self._numbers(publication)))
        return [version for version in found if version]

    def find(self, publication: str, number: int) -> Version | None:
        path = self._folder / f"{publication}.{number}.json"
        if not NAME.fullmatch(path.name) or (now := stamp(path)) is None:
            return None
        known = self._read.get(path)
        if known and known[0] == now:
            return known[1]
        try:
            version = Version.model_validate(orjson.loads(path.read_bytes()))
        except (OSError, ValidationError, ValueError) as e:
            log.error("the version %s cannot be read: %s", path, e)
            return None
        self._read[path] = now, version
        return version

    def next_number(self, publication: str) -> int:
        return max(self._numbers(publication), default=0) + 1

    def put(self, version: Version) -> None:
        """Keep it, or what was noted at it. The caller keeps others from doing the same at the same time."""
        self._write(f"{version.publication}.{version.number}.json", version.model_dump(mode="json"))

    def note(self, publication: str, number: int, note: str, by: str) -> None:
        """Raises NotFound."""
        version = self.find(publication, number)
        if version is None:
            raise NotFound(Text("没有这个版本。", "There is no such version."))
        self.put(version.model_copy(update={"note": note, "noted_by": by}))

    def take_over(self, older: Path) -> None:
        """Of the one file that held them all before: each becomes its own, as it stands, then that file goes.

        Raises Unreadable, NotSaved: then it is all as before.
        """
        table = Table(older, Version)
        rows = {id: version.model_dump(mode="json") for id, version in table.all().items()}
        rows |= {id: dict(row) for id, (row, _) in table.unreadable().items()}
        for id, row in rows.items():
            if NAME.fullmatch(f"{id}.json") and not (self._folder / f"{id}.json").exists():
                self._write(f"{id}.json", row)
        for path in (older, older.with_suffix(".previous.json"), older.with_suffix(".lock")):
            remove(path)

    def _write(self, name: str, row: Mapping[str, Any]) -> None:
        content = orjson.dumps(row, option=orjson.OPT_INDENT_2)
        write_whole(private_folder(self._folder) / name, content, PRIVATE)

    def _numbers(self, publication: str) -> Iterator[int]:
        with contextlib.suppress(OSError):  # then there are none to be seen
            for path in self._folder.iterdir():
                if (match := NAME.fullmatch(path.name)) and match["publication"] == publication:
                    yield int(match["number"])
