"""A folder of agents, such as one in git, and the store of this home: each is brought to where the other is.

What both were when they last were alike is noted in the folder, by store: so it is told which of the two was
changed since. Where both were, that is told, and neither is touched.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from runtime.agents.file import revision_of
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import BadAgent, BadSettings, Conflict, NotFound
from runtime.files import write_whole
from runtime.lang import Text

NOTES = ".hongyan.json"

State = Literal["brought", "removed", "other_way", "gone", "conflict", "wrong"]

BOTH = Text(
    "文件夹里和库里都改过。先比较两边的「{id}」，再加 --take {id}：pull 用库里的，push 用文件夹里的",
    "it was changed in the folder and in the store. Compare both, then add "
    "--take {id}: pull takes the store's, push the folder's",
)
GONE = Text(
    "另一边已经没有了；加上 --delete，这边也删除", "it is gone on the other side; --delete removes it here"
)
AT = Text("{field}：{why}", "{field}: {why}")
NOTES_WRONG = Text(
    "读不了「{path}」。删掉它再来：两边不一样的都会算作冲突，不会覆盖。",
    "{path!r} cannot be read. Remove it and try again: whatever differs is a conflict then, nothing is lost.",
)


class Thing(Protocol):
    """What is brought: an agent, or its tests."""

    def to_json(self) -> Any: ...


T = TypeVar("T", bound=Thing)


class Side(Protocol[T]):
    """One of the two that are compared. Agents are as `handed_over` leaves them."""

    def ids(self) -> Collection[str]: ...

    def get(self, id: str) -> T | None:
        """Raises BadAgent, NotFound for what can be no id."""

    def put(self, id: str, thing: T) -> None:
        """In the place of what was got. Raises BadAgent, Conflict, NotSaved."""

    def remove(self, id: str) -> None:
        """What was got. Raises Conflict, NotSaved."""


@dataclass(frozen=True)
class Step:
    """What was done with one agent, or why nothing was."""

    agent: str
    state: State
    text: Text | None = None

    @property
    def is_trouble(self) -> bool:
        return self.state in ("conflict", "wrong")


class Notes:
    """What both were when they were alike, by id: a digest. `store`: whose, of those the folder knows."""

    def __init__(self, folder: Path, store: str) -> None:
        """Raises BadSettings."""
        self._path, self._store = folder / NOTES, store
        try:
            self._all = self._read()
        except (BadAgent, OSError, ValueError):
            raise BadSettings(NOTES_WRONG.fill(path=str(self._path)), field="FOLDER") from None
        self.alike = self._all.setdefault(store, {})

    def keep(self) -> None:
        """Raises NotSaved."""
        stores = {store: dict(sorted(one.items())) for store, one in sorted(self._all.items()) if one}
        written = to_bytes({"stores": stores})
        if not self._path.exists() or self._path.read_bytes() != written:
            write_whole(self._path, written)

    def _read(self) -> dict[str, dict[str, str]]:
        if not self._path.exists():
            return {}
        found = parse(self._path.read_bytes())
        stores = found.get("stores") if isinstance(found, dict) else None
        if not isinstance(stores, dict):
            raise ValueError("no stores")
        for one in stores.values():
            if not isinstance(one, dict) or not all(isinstance(digest, str) for digest in one.values()):
                raise ValueError("no digests")
        return stores


def bring(
    source: Side[T], target: Side[T], notes: Notes, take: Collection[str] = (), *, delete: bool = False
) -> Iterator[Step]:
    """One step an agent that is not alike. `take`: ids whose target gives way although it was changed, too;
    `delete`: what is gone at the source goes at the target. Raises NotSaved.
    """
    try:
        for id in sorted({*source.ids(), *target.ids(), *notes.alike}):
            try:
                step = _one(id, source, target, notes, id in take, delete=delete)
            except Conflict as e:
                step = Step(id, "conflict", e.text)
            except (BadAgent, NotFound) as e:
                step = Step(id, "wrong", AT.fill(field=e.field, why=e.text) if e.field else e.text)
            if step:
                yield step
    finally:
        notes.keep()


def _one(
    id: str, source: Side[T], target: Side[T], notes: Notes, is_taken: bool, *, delete: bool
) -> Step | None:
    new, old, before = source.get(id), target.get(id), notes.alike.get(id, "")
    there, here = digest(new), digest(old)
    if there == here:
        _note(notes, id, there)
        return None
    if here != before and not is_taken:
        return Step(id, "other_way") if there == before else Step(id, "conflict", BOTH.fill(id=id))
    if new:
        target.put(id, new)
    elif delete:
        target.remove(id)
    else:
        return Step(id, "gone", GONE)
    _note(notes, id, there)
    return Step(id, "brought" if new else "removed")


def _note(notes: Notes, id: str, digest: str) -> None:
    if digest:
        notes.alike[id] = digest
    else:
        notes.alike.pop(id, None)


def digest(thing: Thing | None) -> str:
    """ "" for none."""
    return revision_of(to_bytes(thing.to_json())) if thing else ""
