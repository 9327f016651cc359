"""What was made of real conversations goes with whoever spoke in them: tests, their files, what runs came to,
chats in which they were played; also where it was deleted and can be had back.

Each file is changed whole, and what is done is done again without harm: whoever comes after a crash ends it.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.agents.beside import FOLDER
from runtime.agents.file import PRIVATE, read
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import BadAgent
from runtime.files import listed, remove, write_whole
from runtime.locks import Alone
from runtime.made_of import WRITTEN, is_of_forgotten
from runtime.testing import kept_runs
from runtime.testing.suite import FILE_NAME
from runtime.trying.kept_chats import forget_of

NO_FILE = "📎"
"""What a line says that had only a file which is gone."""
MOST_LINE_FILES = 9

Json = dict[str, Any]
Erased = Mapping[str, float]
"""When who was forgotten, by their marks."""


@dataclass(frozen=True)
class Forgetting:
    """`agents`, `data`: of a home, or of a backup that is put back."""

    agents: Path
    data: Path

    def forget(self, erased: Erased) -> int:
        """How many tests and chats went. Takes a millisecond a file, more for one that changes. Raises
        NotSaved."""
        if not erased:
            return 0
        with Alone(self.data / "agents.lock")():
            went = sum(_of_suite(path, [path.with_suffix("")], erased) for path in self._suites())
            for path in self._deleted():
                beside = [one for one in listed(path.parent, "*.kept") if one.is_dir()]
                went += _of_suite(path, beside, erased)
        for path in listed(self.data / kept_runs.FOLDER, "*/[0-9]*.json"):
            _changed(path, lambda run: _of_run(run, erased))
        for path in self._described():
            _changed(path, lambda told: _of_talk(told, erased))
        return went + forget_of(self.data, erased)

    def _suites(self) -> list[Path]:
        return listed(self.agents / FOLDER, "[!.]*.json")

    def _deleted(self) -> list[Path]:
        """As the bin calls what it has: which of them is a suite, its content says."""
        return [path for path in listed(self.data / "trash" / "agents", "*/*.kept") if path.is_file()]

    def _described(self) -> list[Path]:
        """Talks with the agent that builds others, which proposes tests."""
        deleted = listed(self.data / "trash" / "describing", "*/*.kept")
        return [*listed(self.data / "describing", "*.json"), *deleted]


def _of_suite(path: Path, folders: Sequence[Path], erased: Erased) -> int:
    """How many of its tests went; their files first, by which a crash is told."""
    held = _held(path)
    cases, came = (held.get("cases", []), held.get("came", {})) if isinstance(held, dict) else (None, None)
    if not isinstance(cases, list) or not isinstance(came, dict):
        return 0
    left = [one for one in cases if not is_of_forgotten(one, erased)]
    others = {name: one for name, one in came.items() if not is_of_forgotten(one, erased)}
    if len(left) == len(cases) and len(others) == len(came):
        return 0
    gone = {name for name in {*came} - {*others} if re.fullmatch(FILE_NAME, name)}
    for folder in folders:
        for name in gone:
            remove(folder / name)
    for line in (line for case in left for line in case.get("lines", ())):
        _lacks(line, gone)
    rest = {**{name: one for name, one in held.items() if name not in ("cases", "came")}, "cases": left}
    if left or others or rest.get("gate"):
        write_whole(path, to_bytes({**rest, **({"came": others} if others else {})}), PRIVATE)
    else:
        remove(path)
    return len(cases) - len(left)


def _lacks(line: Json, gone: Collection[str]) -> None:
    """Of somebody else's test that has the same file."""
    files = line.get("files", [])
    if lost := [name for name in files if name in gone]:
        line["files"] = [name for name in files if name not in gone]
        line["lacks"] = [*line.get("lacks", []), *lost][:MOST_LINE_FILES]
        line["says"] = line.get("says") or NO_FILE


def _of_run(run: Any, erased: Erased) -> bool:
    cases = run.get("cases") if isinstance(run, dict) else None
    if not isinstance(cases, dict):
        return False
    gone = [id for id, one in cases.items() if is_of_forgotten(one, erased)]
    for id in gone:
        del cases[id]
    return bool(gone)


def _of_talk(told: Any, erased: Erased) -> bool:
    made = told.get("made") if isinstance(told, dict) else None
    if not isinstance(made, list):
        return False
    told["made"] = [one for one in made if not is_of_forgotten(_proposed(one), erased)]
    return len(told["made"]) < len(made)


def _proposed(one: Any) -> Any:
    edit = one.get("edit") if isinstance(one, dict) else None
    return edit.get("case") if isinstance(edit, dict) else None


def _changed(path: Path, change: Callable[[Any], bool]) -> None:
    if (held := _held(path)) is not None and change(held):
        write_whole(path, to_bytes(held), PRIVATE)


def _held(path: Path) -> Any:
    """None for what names nobody, and what cannot be read, which nobody sees either."""
    try:
        content = read(path) or b""
        return parse(content) if WRITTEN in content else None
    except BadAgent:
        return None
