"""What was said and proposed, kept over a reload and a restart: one file an agent."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runtime.agents.file import PRIVATE, path_of, read, revision_of
from runtime.agents.strict_json import parse, to_bytes
from runtime.describing.proposals import Proposed
from runtime.errors import BadAgent, Conflict, NotFound
from runtime.files import write_whole
from runtime.lang import Text
from runtime.locks import Alone
from runtime.trash import GONE, About, Deleted, Kind, Trash

MOST_SAID = 100
"""Exchanges that are kept; older ones are forgotten."""
KEPT = "description.json"
BEGUN = Text(
    "这里已经有新的对话了，旧的放不回来。", "A new conversation has begun; the old one cannot come back."
)


@dataclass
class Kept:
    """`said`: exchanges as the page shows them; `made`: what is undecided; `next`: the number of the next."""

    said: list[dict[str, Any]] = field(default_factory=list)
    made: Sequence[Proposed] = ()
    next: int = 1
    asked: Mapping[str, Any] | None = None
    publish: bool = False
    tested: Sequence[Mapping[str, Any]] = ()


class Descriptions:
    """File I/O of a few milliseconds; from any thread."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "describing"
        self._trash = Trash(data / "trash" / "describing", Kind(self._places))
        self._lock = Alone(data / "describing.lock")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock():
            self._trash.settle()
            yield

    def settle(self) -> None:
        """What a crash broke off comes to its end. Raises NotSaved."""
        if self._trash.begun():
            with self._alone():
                pass

    def open(self, id: str) -> Kept:
        """Nothing where none is kept, or it cannot be read. Raises NotFound for what is no id."""
        path = path_of(id, self._folder)
        try:
            content = read(path)
            data = parse(content) if content is not None else {}
            return Kept(**{**data, "made": [Proposed(**one) for one in data.get("made", [])]})
        except (BadAgent, TypeError, AttributeError):
            return Kept()  # a conversation that cannot be read any more is begun anew

    def revision(self, id: str) -> str:
        """Names what is kept; "" where that is nothing. Raises NotFound."""
        return revision_of(read(path_of(id, self._folder)))

    def save(self, id: str, kept: Kept) -> str:
        """The new revision. Raises NotSaved."""
        data = {**vars(kept), "said": kept.said[-MOST_SAID:], "made": [one.to_json() for one in kept.made]}
        content = to_bytes(data)
        write_whole(path_of(id, self._folder), content, PRIVATE)
        return revision_of(content)

    def clear(self, id: str, name: str = "", *, by: str = "") -> str:
        """A token for `restore`; "" where there is nothing. Raises NotSaved."""
        with self._alone():
            if not path_of(id, self._folder).exists():
                return ""
            return self._trash.take({"id": id, "name": name or id, "by": by}, [KEPT])

    def restore(self, token: str, id: str = "") -> str:
        """Undo `clear`; return the agent's id, which is `id` where that is said. Raises NotSaved, NotFound;
        Conflict where somebody has begun anew."""
        with self._alone():
            deleted = self._trash.find(token)
            found = str(deleted.about.get("id", ""))
            if id and found != id:
                raise NotFound(GONE)
            if self.open(found).said:
                raise Conflict(BEGUN)
            self._trash.give_back(deleted)
            return found

    def id_of(self, token: str) -> str:
        """Of the agent that it is about. Raises NotFound."""
        return str(self._trash.find(token).about.get("id", ""))

    def deleted(self) -> list[Deleted]:
        """What can be had back, the last one first. Raises NotSaved."""
        with self._alone():
            return self._trash.listing()

    def drop_deleted(self, token: str) -> None:
        """Nobody can have it back any more. Raises NotSaved."""
        with self._alone():
            self._trash.drop(token)

    def _places(self, about: About, names: Collection[str]) -> Mapping[str, Path]:
        return {KEPT: path_of(str(about.get("id", "")), self._folder)}
