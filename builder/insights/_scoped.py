"""The desk of somebody who may read the conversations of chosen agents alone: nothing else is on it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from runtime.person import Known
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.database import Row
from runtime.store.messages.failing import Failing
from runtime.store.messages.figures import Figures, Slot
from runtime.store.messages.handed import Handed
from runtime.store.messages.insights import Found, Insights, Todo, Wanted, Whole
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import Door, PeopleList
from runtime.store.messages.ratings import Rating


class SomePublications:
    """What the pages ask control for, of those alone."""

    def __init__(self, control: Control, agents: Collection[str]) -> None:
        self._control, self._agents = control, agents
        self.home = control.home

    def publication(self, id: str) -> Publication | None:
        found = self._control.publication(id)
        return found if found and found.agent in self._agents else None

    def publications(self) -> list[Publication]:
        return [one for one in self._control.publications() if one.agent in self._agents]

    def frozen_agent(self, id: str, version: int) -> Mapping[str, Any]:
        """Raises NotFound."""
        return self._control.frozen_agent(id if self.publication(id) else "", version)

    def __getattr__(self, name: str) -> Any:
        """What is of a publication that one has already, or of none."""
        return getattr(self._control, name)


class SomeInsights(Insights):
    """Of these publications alone, whatever is asked."""

    def __init__(self, whole: Insights, within: frozenset[str]) -> None:
        super().__init__(whole.path, whole.seconds)
        self._within = within

    def publications(self) -> list[str]:
        return [one for one in super().publications() if one in self._within]

    def figures(self, slots: Sequence[Slot]) -> dict[int, Figures]:
        return super().figures([one for one in slots if one.publication in self._within])

    def people(self, slots: Sequence[Slot]) -> dict[str, int]:
        return super().people([one for one in slots if one.publication in self._within])

    def failures(self, wanted: Wanted) -> list[tuple[str, int]]:
        mine = self._mine(wanted)
        return super().failures(mine) if mine.publications else []

    def failing(self, now: float) -> Sequence[Failing]:
        return [one for one in super().failing(now) if one.publication in self._within]

    def find(self, wanted: Wanted, limit: int, offset: int = 0) -> Found:
        mine = self._mine(wanted)
        return super().find(mine, limit, offset) if mine.publications else Found([], 0)

    def message(self, seq: int) -> Whole | None:
        return super().message(seq) if self._has(seq) else None

    def ratings(self, publications: Sequence[str], since: float, until: float) -> list[Rating]:
        mine = [one for one in publications if one in self._within]
        return super().ratings(mine, since, until) if mine else []

    def conversation(self, seq: int, limit: int) -> list[Row]:
        return super().conversation(seq, limit) if self._has(seq) else []

    def handed(self, seq: int, now: float) -> Handed | None:
        return super().handed(seq, now) if self._has(seq) else None

    def newest_of(self, seq: int) -> int:
        return super().newest_of(seq) if self._has(seq) else 0

    def todo(self, kind: Todo, since: float, within: Collection[str] | None = None) -> Found:
        return super().todo(kind, since, self._within)

    def _mine(self, wanted: Wanted) -> Wanted:
        asked = wanted.publications or tuple(sorted(self._within))
        return replace(wanted, publications=tuple(one for one in asked if one in self._within))

    def _has(self, seq: int) -> bool:
        with self.reading() as db:
            row = db.execute("select publication from messages where seq=?", (seq,)).fetchone()
            return row is not None and row["publication"] in self._within


class SomePeople(PeopleList):
    """What others' agents know of the same person is theirs."""

    def __init__(self, whole: PeopleList, within: frozenset[str]) -> None:
        super().__init__(whole.path)
        self._within = within

    def known(self, face: Face) -> Known | None:
        found = super().known(face) if face.publication in self._within else None
        return replace(found, elsewhere=()) if found else None

    def doors(self, face: Face) -> list[Door]:
        return [one for one in super().doors(face) if one.publication in self._within]

    def export(self, face: Face) -> dict[str, Any]:
        found = super().export(face)
        mine = [one for one in found["surfaces"] if one["publication"] in self._within]
        return {**found, "surfaces": mine, "files": found["files"] if mine == found["surfaces"] else []}
