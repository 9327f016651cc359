"""Agents in a folder of their owner's, such as one in git: what they are, without what they may use."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.file import load, path_of
from runtime.agents.pasted_keys import keys
from runtime.agents.strict_json import to_bytes
from runtime.errors import BadAgent, BadSettings
from runtime.files import remove, write_whole
from runtime.lang import Text

OWNERS = ("holds", "withheld")
"""Fields that say what an agent's owner lets it use: these stay in the store, and no file gives them."""

LINK = Text(
    "「{folder}」是一个链接，不是这里面的文件夹。请换成真的文件夹。",
    "{folder!r} is a link, not a folder in it. Put a real folder there.",
)


def within(folder: Path, name: str) -> Path:
    """A folder in one that others may have made. Raises BadSettings where it leads out of it."""
    if (folder / name).is_symlink():
        raise BadSettings(LINK.fill(folder=str(folder / name)), field="FOLDER")
    return folder / name


class InFolder:
    def __init__(self, folder: Path, store: Path) -> None:
        """Raises BadSettings where it is the folder of the store itself, or none."""
        if folder.exists() and not folder.is_dir():
            raise BadSettings(
                Text("「{folder}」不是文件夹。", "{folder!r} is no folder.").fill(folder=str(folder))
            )
        if folder.resolve().is_relative_to(store.resolve()):
            raise BadSettings(
                Text(
                    "「{folder}」是鸿雁自己的文件夹，请另选一个。",
                    "{folder!r} is Hongyan's own: choose another.",
                ).fill(folder=str(folder)),
                field="FOLDER",
            )
        self._folder = folder

    def ids(self) -> Collection[str]:
        return [path.stem for path in self._folder.glob("[!.]*.json")]

    def get(self, id: str) -> Agent | None:
        if not (self._folder / f"{id}.json").is_symlink() and not (self._folder / f"{id}.json").exists():
            return None
        return handed_over(load(self._folder / f"{id}.json").agent)

    def put(self, id: str, agent: Agent) -> None:
        """Raises BadAgent for one that holds a key: whoever reads the folder would have it."""
        data = agent.to_json()
        if found := next(keys(data), None):
            field, why = found
            raise BadAgent(why, field=field)
        write_whole(path_of(id, self._folder), to_bytes(data))

    def remove(self, id: str) -> None:
        remove(path_of(id, self._folder))


def handed_over(agent: Agent) -> Agent:
    """Without what its owner lets it use, nor those in it."""
    return Agent.load(_without(agent.to_json()))


def _without(data: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in data.items() if name not in OWNERS}
    if inside := kept.get("agents"):
        kept["agents"] = {id: _without(one) for id, one in inside.items()}
    return kept
