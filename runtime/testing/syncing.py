"""Suites of a folder of their owner's and of the store, each beside its agent; see agents/syncing.py."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.agents.beside import FOLDER, LARGEST, files, files_folder, suite_path
from runtime.agents.file import path_of, read, revision_of
from runtime.agents.pasted_keys import keys
from runtime.agents.strict_json import parse, to_bytes
from runtime.agents.syncing import Notes, Step, bring
from runtime.errors import BadAgent
from runtime.files import remove, write_whole
from runtime.lang import Text
from runtime.testing.suite import Suite
from runtime.testing.suites import Suites

ALONE = Text("没有它的智能体 {id}.json", "its agent {id}.json is not there")


@dataclass(frozen=True)
class WithFiles:
    """A suite, and what stands beside it, by name."""

    suite: Suite
    files: Mapping[str, bytes]

    def to_json(self) -> Mapping[str, Any]:
        """Of the files what tells whether they are alike."""
        held = {name: revision_of(content) for name, content in sorted(self.files.items())}
        return {**self.suite.to_json(), **({"held": held} if held else {})}


class SuitesInFolder:
    """`folder`: of the agents."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ids(self) -> Collection[str]:
        return [path.stem for path in (self._folder / FOLDER).glob("[!.]*.json")]

    def get(self, id: str) -> WithFiles | None:
        """None also for one that says nothing."""
        content = read(suite_path(id, self._folder))
        return None if content is None else self._whole(id, Suite.load(parse(content)))

    def put(self, id: str, whole: WithFiles) -> None:
        """Raises BadAgent for tests that hold a key: whoever reads the folder would have it."""
        told = {name: content.decode("utf-8", "ignore") for name, content in whole.files.items()}
        if found := next(keys({**whole.suite.to_json(), **told}), None):
            field, why = found
            raise BadAgent(why, field=field)
        write_whole(suite_path(id, self._folder), to_bytes(whole.suite.to_json()))
        self._put_files(id, whole.files)

    def remove(self, id: str) -> None:
        remove(suite_path(id, self._folder))
        self._put_files(id, {})

    def _whole(self, id: str, suite: Suite) -> WithFiles | None:
        there = files(files_folder(id, self._folder))
        held = {path.name: path.read_bytes() for path in there if path.stat().st_size <= LARGEST}
        return None if suite == Suite() else WithFiles(suite, held)

    def _put_files(self, id: str, wanted: Mapping[str, bytes]) -> None:
        folder = files_folder(id, self._folder)
        for path in files(folder):
            if path.name not in wanted:
                remove(path)
        for name, content in wanted.items():
            write_whole(folder / name, content)


class SuitesInStore(SuitesInFolder):
    def __init__(self, agents: Path, data: Path) -> None:
        super().__init__(agents)
        self._suites, self._got = Suites(agents, data), dict[str, str]()
        """With their revisions."""

    def get(self, id: str) -> WithFiles | None:
        suite, self._got[id] = self._suites.open(id)
        return self._whole(id, suite)

    def put(self, id: str, whole: WithFiles) -> None:
        """Raises BadAgent where there is no such agent."""
        if not path_of(id, self._folder).exists():
            raise BadAgent(ALONE.fill(id=id))
        self._suites.save(id, whole.suite, self._got.get(id, ""))
        self._put_files(id, whole.files)

    def remove(self, id: str) -> None:
        if path_of(id, self._folder).exists():
            self._suites.save(id, Suite(), self._got.get(id, ""))
            self._put_files(id, {})
        else:
            super().remove(id)


def suites_brought(
    source: SuitesInFolder, target: SuitesInFolder, notes: Notes, take: Collection[str] = (), *, delete: bool
) -> Iterator[Step]:
    """As agents are; where there never was a suite nothing is made for them. Raises NotSaved."""
    if {*source.ids(), *target.ids(), *notes.alike}:
        yield from bring(source, target, notes, take, delete=delete)
