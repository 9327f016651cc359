"""Agents of the store, as a folder of their owner's knows them: what they may use is kept to the store."""

import time
from collections.abc import Collection

from runtime.agents.agent import Agent
from runtime.agents.file import path_of
from runtime.agents.history import History
from runtime.agents.holding import needs
from runtime.agents.in_folder import handed_over
from runtime.agents.library import Library
from runtime.agents.powers import allowing, from_elsewhere, may
from runtime.errors import Conflict
from runtime.lang import Text

DRAFT = Text(
    "界面里还有没保存成功的改动，先改好或放弃",
    "the builder holds changes that are not saved: correct or drop them",
)


class InStore:
    """`by`: who brings what is put, see Actor."""

    def __init__(self, library: Library, history: History, by: str) -> None:
        self._library, self._history, self._by = library, history, by
        self._got: dict[str, tuple[Agent, str]] = {}
        """With their revisions."""

    def ids(self) -> Collection[str]:
        return [path.stem for path in self._library.folder.glob("[!.]*.json")]

    def get(self, id: str) -> Agent | None:
        if not path_of(id, self._library.folder).exists():
            return None
        file = self._library.get(id)
        self._got[id] = file.agent, file.revision
        return handed_over(file.agent)

    def put(self, id: str, agent: Agent) -> None:
        before, revision = self._got.get(id, (None, ""))
        if before is None:
            after = from_elsewhere(agent)
        else:
            self._refuse_draft(id)
            after = as_before(agent, before)
            self._history.keep(id, before.to_json(), time.time(), alone=True)
        self._library.save(after, revision or None)
        self._history.keep(id, after.to_json(), time.time(), by=self._by)

    def remove(self, id: str) -> None:
        self._refuse_draft(id)
        self._library.delete(id)

    def _refuse_draft(self, id: str) -> None:
        if self._library.open(id).is_draft:
            raise Conflict(DRAFT)


def as_before(agent: Agent, before: Agent) -> Agent:
    """What was allowed stays so; what it newly names of its owner's, and newly can do, is to be allowed."""
    allowed = [one.key for one in may(before) if one.allowed]
    after = allowing(from_elsewhere(agent), allowed)
    after = after.model_copy(update={"withheld": sorted({*after.withheld, *before.withheld})})
    if before.holds is None and {need.key for need in needs(agent)} <= set(allowed):
        return after.model_copy(update={"holds": None})
    return after.model_copy(update={"holds": sorted({*(after.holds or ()), *(before.holds or ())})})
