"""Deleted agents: their files, drafts and tests, aside, until they are had back or nobody can any more."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from runtime.agents.beside import files_folder, moved, suite_path
from runtime.agents.by_hand import ByHand
from runtime.agents.drafts import Drafts
from runtime.agents.file import ID, PRIVATE, no_agent, path_of, revision_of
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import BadAgent
from runtime.files import move, write_whole
from runtime.lang import Text
from runtime.locks import Alone
from runtime.trash import About, Deleted, Kind, Taken, Trash

FILE, DRAFT, SUITE, FILES = "agent", "draft", "suite", "files"
FORMER = re.compile(rf"({ID.pattern})\.[0-9a-f]{{16}}\.json")
"""As a deletion was kept before there was a list of them."""
TAKEN = Text("已经有另一个「{id}」了，请先删除它。", "There is another {id!r} by now; delete it first.")
NOT_RENAMED = Text(
    "「{id}」的文件读不懂，只能以原来的编号恢复。",
    "The file of {id!r} cannot be read: it can only come back under its own id.",
)


class DeletedAgents:
    """A token names one deletion. Whoever takes or gives back is `alone`. Every method may raise NotSaved."""

    def __init__(self, data: Path, agents: Path, drafts: Drafts, by_hand: ByHand) -> None:
        self._former, self._folder = data / "trash", data / "trash" / "agents"
        self._agents, self._drafts, self._by_hand = agents, drafts, by_hand
        self._lock = Alone(data / "agents.lock")
        kind = Kind(self._places, leaves=self._leaves, forgotten=self._remember_the_id)
        self._trash = Trash(self._folder, kind)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While nobody else changes an agent, and nothing is half deleted."""
        with self._lock():
            self._settle()
            yield

    def settle_if_begun(self) -> None:
        """For who only reads: what is half deleted is waited for, or brought to its end."""
        if self._trash.begun():
            self.settle()

    def settle(self) -> None:
        """What a crash broke off comes to its end."""
        with self.alone():
            pass

    def listing(self) -> list[Deleted]:
        """What can be had back, the last one first."""
        with self.alone():
            return self._trash.listing()

    def drop(self, token: str) -> None:
        """Nobody can have it back any more."""
        with self.alone():
            self._trash.drop(token)

    def id_of(self, token: str) -> str:
        """Raises NotFound."""
        return str(self._trash.find(token).about.get("id", ""))

    def take(self, id: str, name: str = "", by: str = "") -> str:
        """The token. Raises NotFound."""
        if not path_of(id, self._agents).exists():
            raise no_agent(id)
        return self._trash.take({"id": id, "name": name or id, "by": by}, (FILE, DRAFT, SUITE, FILES))

    def give_back(self, token: str, id: str = "") -> str:
        """The id. `id`: another one that it gets. Raises NotFound, BadAgent, Conflict when it is taken."""
        deleted = self._trash.find(token)
        wanted = id or str(deleted.about.get("id", ""))
        if path_of(wanted, self._agents).exists():
            raise Taken(TAKEN.fill(id=wanted))
        if wanted != deleted.about.get("id"):
            _rename(deleted, wanted)
        self._trash.give_back(deleted, {**deleted.about, "id": wanted})
        return wanted

    def ids(self) -> set[str]:
        """Of all that were here, also of those that nobody can have back."""
        here = {str(one.about.get("id", "")) for one in self._trash.listing()}
        return here | {path.name for path in self._had.glob("*")}

    def _settle(self) -> None:
        """What a crash broke off, and what an earlier release put here."""
        self._trash.settle()
        for path in self._former.glob("*.json"):
            if match := FORMER.fullmatch(path.name):
                self._take_up(path.stem, match[1])

    @property
    def _had(self) -> Path:
        return self._folder / "had"

    def _take_up(self, former: str, id: str) -> None:
        """Only where none of that id is there can its files be taken for what they were."""
        if path_of(id, self._agents).exists():
            return
        move(self._former / f"{former}.draft", self._drafts.path(id))
        moved(self._former / "tests" / f"{former}.json", suite_path(id, self._agents))
        move(self._former / f"{former}.json", path_of(id, self._agents))
        self.take(id)

    def _places(self, about: About, names: Collection[str]) -> Mapping[str, Path]:
        id = str(about.get("id", ""))
        return {
            FILE: path_of(id, self._agents),
            DRAFT: self._drafts.path(id),
            SUITE: suite_path(id, self._agents),
            FILES: files_folder(id, self._agents),
        }

    def _leaves(self, about: About) -> None:
        self._by_hand.drop(str(about["id"]))

    def _remember_the_id(self, about: About) -> None:
        """Under it there are keys and what is kept of people: nobody gets it any more."""
        id = str(about.get("id", ""))
        if ID.fullmatch(id):
            write_whole(self._had / id, b"", PRIVATE)


def _rename(deleted: Deleted, id: str) -> None:
    """Where it lies, so that it comes back as that. Raises BadAgent, NotFound, NotSaved."""
    old = str(deleted.about.get("id", ""))
    try:
        content = deleted.files[FILE].read_bytes()
        data = parse(content)
        if not isinstance(data, dict):
            raise BadAgent(NOT_RENAMED.fill(id=old))
        renamed = to_bytes({**data, "id": id})
        if data.get("id") != id:
            write_whole(deleted.files[FILE], renamed, PRIVATE)
        draft = parse(deleted.files[DRAFT].read_bytes()) if DRAFT in deleted.files else None
    except (BadAgent, OSError, KeyError):
        raise BadAgent(NOT_RENAMED.fill(id=old)) from None
    if isinstance(draft, dict) and isinstance(draft.get("agent"), dict) and draft["agent"].get("id") != id:
        is_newest = draft.get("revision") == revision_of(content)
        revision = revision_of(renamed) if is_newest else draft.get("revision")
        told = {"revision": revision, "agent": {**draft["agent"], "id": id}}
        write_whole(deleted.files[DRAFT], to_bytes(told), PRIVATE)
