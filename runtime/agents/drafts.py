"""What was edited and cannot be saved yet: one file an agent, with the file that it was made from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.agents.file import PRIVATE, path_of, read, revision_of
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import Conflict
from runtime.files import remove, write_whole
from runtime.lang import Text


@dataclass(frozen=True)
class Kept:
    """`revision` is the agent's file that the draft was made from, `name` this draft's own."""

    data: dict[str, Any]
    revision: str
    name: str


class Drafts:
    """File I/O only; whoever calls holds the lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, id: str) -> Path:
        """Raises NotFound when it cannot be an id."""
        return path_of(id, self._folder)

    def find(self, id: str) -> Kept | None:
        """Raises BadAgent when the file cannot be read."""
        content = read(self.path(id))
        if content is None:
            return None
        draft = parse(content)
        return Kept(draft["agent"], draft["revision"], revision_of(content))

    def keep(self, id: str, data: dict[str, Any], revision: str) -> str:
        """Return its name. Raises NotSaved."""
        written = to_bytes({"revision": revision, "agent": {**data, "id": id}})
        write_whole(self.path(id), written, PRIVATE)
        return revision_of(written)

    def drop(self, id: str) -> None:
        """Raises NotSaved."""
        remove(self.path(id))

    def expect(self, id: str, name: str | None, agent: str) -> None:
        """Raises Conflict when the draft on disk is another than `name`; None: it does not matter which."""
        if name is not None and revision_of(read(self.path(id))) != name:
            raise changed(agent)


def changed(name: str) -> Conflict:
    """What an edit is told that started from something else than what is there."""
    return Conflict(
        Text(
            "「{name}」在别处改过了，这次没有保存。请载入最新的，或另存一份。",
            "{name!r} was changed elsewhere; not saved. Load the latest or save a copy.",
        ).fill(name=name)
    )
