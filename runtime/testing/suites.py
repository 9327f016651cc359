"""The suites of this home, for whoever changes them: read with a revision, saved where nobody was faster."""

from pathlib import Path

from runtime.agents.beside import suite_path
from runtime.agents.file import PRIVATE, no_agent, path_of, read, revision_of
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import Conflict
from runtime.files import remove, write_whole
from runtime.lang import Text
from runtime.locks import alone
from runtime.testing.suite import Suite
from runtime.trash import DeletedElsewhere

MOVED_ON = Text(
    "测试在别处改过了，这次没有保存。请重新载入再改。",
    "The tests were changed elsewhere; not saved. Load them anew.",
)


class Suites:
    """Every method does file I/O of a few milliseconds and may be called from any thread."""

    def __init__(self, agents: Path, data: Path) -> None:
        self.agents, self._lock = agents, data / "agents.lock"

    def open(self, id: str) -> tuple[Suite, str]:
        """…and its revision; an empty one, and "", where there is none. Raises NotFound, BadAgent."""
        content = read(suite_path(id, self.agents))
        return (Suite() if content is None else Suite.load(parse(content))), revision_of(content)

    def save(self, id: str, suite: Suite, revision: str | None) -> str:
        """The new revision. `revision`: what the change started from; None: whatever it is.

        A suite that says nothing is no file. Raises NotFound for an agent that is not there, Conflict,
        NotSaved.
        """
        path = suite_path(id, self.agents)
        if not path_of(id, self.agents).exists():
            raise DeletedElsewhere(id) if revision else no_agent(id)
        written = b"" if suite == Suite() else to_bytes(suite.to_json())
        with alone(self._lock):
            if revision is not None and revision_of(read(path)) != revision:
                raise Conflict(MOVED_ON, field="revision")
            if written:
                write_whole(path, written, PRIVATE)
            else:
                remove(path)
        return revision_of(written or None)
