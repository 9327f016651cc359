"""Deleted agents: their files, drafts and tests, aside, until the deletion is undone."""

import re
import secrets
from pathlib import Path

from runtime.agents.beside import moved, suite_path
from runtime.agents.drafts import Drafts
from runtime.agents.file import ID, no_agent, path_of
from runtime.errors import Conflict, NotFound
from runtime.files import move
from runtime.lang import Text

TOKEN = re.compile(rf"({ID.pattern})\.[0-9a-f]{{16}}")


class Trash:
    """Whoever calls this is alone with the agents' folder. A token names one deletion."""

    def __init__(self, folder: Path, agents: Path, drafts: Drafts) -> None:
        self._folder, self._agents, self._drafts = folder, agents, drafts

    def take(self, id: str) -> str:
        """The token. Raises NotFound."""
        path = path_of(id, self._agents)
        token = f"{id}.{secrets.token_hex(8)}"
        if not path.exists():
            raise no_agent(id)
        move(self._drafts.path(id), self._folder / f"{token}.draft")
        moved(suite_path(id, self._agents), self._tests(token))
        move(path, self._folder / f"{token}.json")
        return token

    def give_back(self, token: str) -> str:
        """The id. Raises NotFound, Conflict when it is taken by now."""
        match = TOKEN.fullmatch(token)
        kept = self._folder / f"{token}.json"
        if match is None or not kept.exists():
            raise NotFound(Text("已经找不到删除的智能体了。", "The deleted agent is no longer there."))
        id = match[1]
        if path_of(id, self._agents).exists():
            raise Conflict(
                Text(
                    "已经有另一个「{id}」了，请先删除它。",
                    "There is another {id!r} by now; delete it first.",
                ).fill(id=id)
            )
        move(self._folder / f"{token}.draft", self._drafts.path(id))
        moved(self._tests(token), suite_path(id, self._agents))
        move(kept, path_of(id, self._agents))  # the last one: until it is there, all can be asked for again
        return id

    def _tests(self, token: str) -> Path:
        return self._folder / "tests" / f"{token}.json"

    def ids(self) -> set[str]:
        """Of all that is here."""
        return {path.name.partition(".")[0] for path in self._folder.glob("*.json")}
