"""The user's agents: one JSON file each, in a folder that may also be edited by hand and kept in git."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from runtime.agents.agent import Agent
from runtime.agents.beside import copied, suite_path
from runtime.agents.by_hand import ByHand
from runtime.agents.deleted import DeletedAgents
from runtime.agents.drafts import Drafts, changed
from runtime.agents.elsewhere import refuse
from runtime.agents.file import (
    PRIVATE,
    AgentFile,
    content_of,
    load,
    no_agent,
    other_id,
    path_of,
    read,
    refuse_device,
    revision_of,
    slug,
)
from runtime.agents.nesting import gathered, handed_on, parted
from runtime.agents.prompts_held import taken_in
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import BadAgent, NotFound
from runtime.files import write_whole
from runtime.lang import Text
from runtime.schema import Problem
from runtime.trash import DeletedElsewhere

BLANK = "blank"
"""The starter that is not shown among the others: an agent with nothing decided yet."""


@dataclass(frozen=True)
class Broken:
    """A file that is not an agent; `id` is its name without `.json`."""

    id: str
    reason: Text
    changed: float


class Listing(NamedTuple):
    agents: list[AgentFile]
    broken: list[Broken]


@dataclass(frozen=True)
class Opened:
    """An agent as it is being edited: raw JSON, valid or not.

    `revision` is the file it was made from: pass it to `save`. `file_changed` says that the file has moved on
    since the draft was kept, so that saving will raise Conflict. `draft` names the draft; "" when none.
    """

    data: dict[str, Any]
    revision: str
    problems: Sequence[Problem]
    is_draft: bool = False
    file_changed: bool = False
    draft: str = ""


class Library:
    """Every method does file I/O of a few milliseconds and may be called from any thread.

    Names from outside are matched against the id pattern before they become part of a path.
    Processes may share the folder: one writes at a time, and a change in between is noticed by its revision.
    """

    def __init__(self, folder: Path, starters: Path, data: Path | None = None) -> None:
        """`data` holds drafts and deleted agents; `data/` beside the agents' folder when not given."""
        data = data or folder.parent / "data"
        self.folder = folder
        self._starters = starters
        self._drafts = Drafts(data / "drafts")
        self._by_hand = ByHand(data / "by_hand")
        self.deleted = DeletedAgents(data, folder, self._drafts, self._by_hand)
        self._alone = self.deleted.alone

    def list(self) -> Listing:
        """All agents, last changed first, and the files that are none: they hide nothing."""
        self.deleted.settle_if_begun()
        listing = Listing([], [])
        for path in self.folder.glob("[!.]*.json"):
            try:
                changed = path.lstat().st_mtime
            except FileNotFoundError:
                continue
            try:
                listing.agents.append(load(path))
            except BadAgent as e:
                listing.broken.append(Broken(path.stem, e.text, changed))
            except NotFound:
                continue
        listing.agents.sort(key=lambda file: (-file.changed, file.agent.id))
        listing.broken.sort(key=lambda file: file.id)
        return listing

    def get(self, id: str) -> AgentFile:
        """The saved agent. Raises NotFound, BadAgent."""
        return load(path_of(id, self.folder))

    def whole(self, id: str) -> Agent:
        """The saved agent, with those that it uses. Raises NotFound, BadAgent."""
        return gathered(self.get(id).agent, self.folder.parent)

    def with_others(self, id: str) -> Agent:
        """The saved agent, with those that it uses where these are there. Raises NotFound, BadAgent."""
        return handed_on(self.get(id).agent, self.folder.parent)

    def ready(self, id: str) -> Agent:
        """The agent to publish. Raises NotFound, BadAgent, also when changes wait that could not be saved."""
        if self.open(id).is_draft:
            raise BadAgent(
                Text(
                    "编排里还有没保存成功的改动，请先到「编排」改好，再发布。",
                    "There are changes that could not be saved. Correct them on the Build page first.",
                )
            )
        return self.get(id).agent

    def export(self, id: str) -> str:
        """The saved agent to hand on: what of ours it may use stays here. Raises NotFound, BadAgent."""
        return to_bytes(self.with_others(id).to_hand_on()).decode("utf-8")

    def open(self, id: str) -> Opened:
        """The draft if one is kept, else the file, even when it does not validate.

        Raises NotFound; BadAgent when the file is not a JSON object at all.
        """
        path = path_of(id, self.folder)
        content = read(path)
        if kept := self._drafts.find(id):
            moved_on = kept.revision != revision_of(content)
            return Opened(kept.data, kept.revision, Agent.check(kept.data), True, moved_on, kept.name)
        if content is None:
            raise no_agent(id)
        data = parse(content)
        if not isinstance(data, dict):
            raise BadAgent(Text("文件里应是一个 JSON 对象。", "The file should contain a JSON object."))
        problems = Agent.check(data)
        if data.get("id") != id and "id" in data:
            problems.append(Problem("id", other_id(id, data["id"])))
        return Opened({**data, "id": id}, revision_of(content), problems)

    # Writing

    def save(
        self,
        agent: Agent,
        revision: str | None = None,
        draft: str | None = None,
        *,
        written: Mapping[str, Any] | None = None,
    ) -> str:
        """Write the agent and drop its draft; return the new revision. `written`: the agent as somebody wrote
        it, in whose order of keys it stays; a file that says or said just that is that, byte for byte.

        `revision` is what the edit started from, None for an agent that must not exist yet; `draft` the draft
        it started from, None when that does not matter. Raises Conflict when one of them is another by now,
        NotSaved when the disk refuses; nothing is written then.
        """
        path = path_of(agent.id, self.folder)
        with self._alone():
            content = read(path)
            if content is None and not revision:
                refuse_device(agent.id)
            if revision_of(content) != (revision or ""):
                raise DeletedElsewhere(agent.name) if content is None else changed(agent.name)
            self._drafts.expect(agent.id, draft, agent.name)
            new = content_of(agent, written, content, self._by_hand.find(agent.id))
            if new != content:
                self._by_hand.keep(agent.id, content)
                write_whole(path, new, PRIVATE)
            self.drop_draft(agent.id)
        return revision_of(new)

    def keep_draft(self, id: str, data: dict[str, Any], revision: str, draft: str | None = None) -> str:
        """Keep what cannot be saved yet; `revision` is the file it was made from. Return the draft's name.

        With `draft`, the one it was made from, it raises Conflict when that or the file is another by now.
        Raises NotSaved.
        """
        name = str(data.get("name") or id)
        with self._alone():
            content = read(path_of(id, self.folder))
            if content is None and revision:
                raise DeletedElsewhere(name)  # it may come back, and then with the draft that it had
            if draft is not None and revision_of(content) != revision:
                raise changed(name)
            self._drafts.expect(id, draft, name)
            return self._drafts.keep(id, data, revision)

    def drop_draft(self, id: str) -> None:
        """Forget the draft; the file stays."""
        self._drafts.drop(id)

    def create(self, starter: str | None = None, lang: str = "zh", name: str = "") -> AgentFile:
        """A new agent from a starter; None: from a blank one. Raises NotFound, NotSaved."""
        source = self.starter(starter or BLANK, lang)
        with self._alone():
            fresh = self._free_id(slug(name) or (source.id if starter else "agent"))
            made = self._save_new(source, fresh, name.strip() or source.name)
            tests = suite_path(source.id, self._starters).with_suffix(f".{_lang(lang)}.json")
            copied(tests, suite_path(made.agent.id, self.folder))
            return made

    def duplicate(self, id: str) -> AgentFile:
        """A copy under a new id and name. Raises NotFound, BadAgent, NotSaved."""
        source = self.get(id).agent
        suffix = Text(" 副本", " copy").to(source.language)
        with self._alone():
            made = self._save_new(source, self._free_id(id), source.name[: 60 - len(suffix)] + suffix)
            copied(suite_path(id, self.folder), suite_path(made.agent.id, self.folder))
            return made

    def rename(self, id: str, name: str) -> AgentFile:
        """Change the name, in the draft too; the id and with it every link stay. Raises as `save`."""
        with self._alone():
            file = self.get(id)
            agent = Agent.load({**file.agent.to_json(), "name": name.strip()})
            draft = self._drafts.find(id)
            revision = self.save(agent, file.revision)
            if draft:
                base = revision if draft.revision == file.revision else draft.revision
                self.keep_draft(id, {**draft.data, "name": agent.name}, base)
            return self.get(id)

    def import_(self, text: str, judged: Callable[[Agent], Agent] = lambda agent: agent) -> Agent:
        """Add an agent from somebody else's file, under a new id when its own is taken. `judged`: what of it.

        Raises BadAgent that names the first thing that is wrong; nothing is left out silently. Runs nothing.
        """
        refuse(text)
        agent = judged(Agent.load(parse(text)))
        with self._alone():
            return self._save_new(agent, self._free_id(agent.id), agent.name, foreign=True).agent

    def delete(self, id: str, name: str = "", *, by: str = "") -> str:
        """Put the file, broken or not, and its draft aside; return a token for `restore`. Raises NotFound."""
        with self._alone():
            return self.deleted.take(id, name, by)

    def restore(self, token: str, *, renamed: bool = False) -> str:
        """Undo `delete`; return the id. `renamed`: it comes back beside another one that has its id by now.

        Raises NotFound, BadAgent, Conflict when the id is taken by now.
        """
        with self._alone():
            wanted = self._free_id(self.deleted.id_of(token)) if renamed else ""
            return self.deleted.give_back(token, wanted)

    # Starters

    def starters(self, lang: str = "zh") -> Sequence[Agent]:
        """What one can begin with, in one language."""
        suffix = f".{_lang(lang)}.json"
        ids = sorted(path.name.removesuffix(suffix) for path in self._starters.glob(f"*{suffix}"))
        return [self.starter(id, lang) for id in ids if id != BLANK]

    def starter(self, id: str, lang: str = "zh") -> Agent:
        """Raises NotFound."""
        path = path_of(id, self._starters).with_suffix(f".{_lang(lang)}.json")
        return load(path, id).agent

    def _save_new(self, source: Agent, id: str, name: str, *, foreign: bool = False) -> AgentFile:
        whole, others = parted(source, self._free_id, foreign=foreign)
        for agent in (*others, Agent.load({**whole.to_json(), "id": id, "name": name})):
            self.save(taken_in(agent, self.folder.parent))
        return self.get(id)

    def _free_id(self, wanted: str) -> str:
        """One that nobody had: under a deleted one's there are keys and what is kept of people."""
        stem = re.sub(r"-\d+$", "", wanted)
        number, id = 1, wanted
        had = self.deleted.ids()
        while id in had or path_of(id, self.folder).exists() or self._drafts.path(id).exists():
            number += 1
            id = f"{stem[:58]}-{number}"
        return id


def _lang(lang: str) -> str:
    return "zh" if lang == "zh" else "en"
