"""Suites of a folder of their owner's and of the store, each beside its agent; see agents/syncing.py."""

from collections.abc import Collection, Iterator
from pathlib import Path

from runtime.agents.beside import FOLDER, suite_path
from runtime.agents.file import path_of, read
from runtime.agents.strict_json import parse, to_bytes
from runtime.agents.syncing import Notes, Step, bring
from runtime.errors import BadAgent
from runtime.files import remove, write_whole
from runtime.lang import Text
from runtime.testing.suite import Suite
from runtime.testing.suites import Suites

ALONE = Text("没有它的智能体 {id}.json", "its agent {id}.json is not there")


class SuitesInFolder:
    """`folder`: of the agents."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ids(self) -> Collection[str]:
        return [path.stem for path in (self._folder / FOLDER).glob("[!.]*.json")]

    def get(self, id: str) -> Suite | None:
        """None also for one that says nothing."""
        content = read(suite_path(id, self._folder))
        return None if content is None else some(Suite.load(parse(content)))

    def put(self, id: str, suite: Suite) -> None:
        write_whole(suite_path(id, self._folder), to_bytes(suite.to_json()))

    def remove(self, id: str) -> None:
        remove(suite_path(id, self._folder))


class SuitesInStore(SuitesInFolder):
    def __init__(self, agents: Path, data: Path) -> None:
        super().__init__(agents)
        self._suites, self._got = Suites(agents, data), dict[str, str]()
        """With their revisions."""

    def get(self, id: str) -> Suite | None:
        suite, self._got[id] = self._suites.open(id)
        return some(suite)

    def put(self, id: str, suite: Suite) -> None:
        """Raises BadAgent where there is no such agent."""
        if not path_of(id, self._folder).exists():
            raise BadAgent(ALONE.fill(id=id))
        self._suites.save(id, suite, self._got.get(id, ""))

    def remove(self, id: str) -> None:
        if path_of(id, self._folder).exists():
            self._suites.save(id, Suite(), self._got.get(id, ""))
        else:
            super().remove(id)


def suites_brought(
    source: SuitesInFolder, target: SuitesInFolder, notes: Notes, take: Collection[str] = (), *, delete: bool
) -> Iterator[Step]:
    """As agents are; where there never was a suite nothing is made for them. Raises NotSaved."""
    if {*source.ids(), *target.ids(), *notes.alike}:
        yield from bring(source, target, notes, take, delete=delete)


def some(suite: Suite) -> Suite | None:
    return None if suite == Suite() else suite
