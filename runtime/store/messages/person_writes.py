"""What agents keep of people, for the gateway. Every method is one durable step, see `person_values`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from runtime.store.database import Database, Db
from runtime.store.messages import people
from runtime.store.messages.people import Face
from runtime.store.messages.person_values import (
    MOST,
    By,
    drop_value,
    note_step,
    plain,
    put_value,
    retag,
    step_result,
    values_of,
)

Written = Literal["written", "other", "full"]


class PersonWrites:
    """`agent`: whose person it is. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, face: Face, seq: int, step: str) -> tuple[Mapping[str, Any], Any]:
        """What is kept, and what that step of the turn came to; None when it was not done."""

        def work(db: Db) -> tuple[Mapping[str, Any], Any]:
            done = step_result(db, seq, step)
            return plain(values_of(db, people.person_of(db, face))), done

        return await self._database.read(work)

    async def write(
        self,
        face: Face,
        agent: str,
        before: Mapping[str, Any],
        changed: Sequence[tuple[str, str, Any]],
        by: By,
        now: float,
        *,
        seq: int,
        step: str,
    ) -> Written:
        """Names, types and values, all or none. `other`: not `before` is kept, or the step is done."""

        def work(db: Db) -> Written:
            person = people.made_person(db, face, agent, now)
            if step_result(db, seq, step) is not None or plain(values_of(db, person)) != before:
                return "other"
            if len({*before, *(name for name, _, _ in changed)}) > MOST:
                return "full"
            for name, kind, value in changed:
                put_value(db, person, name, value, kind, by, now, seq)
            note_step(db, seq, step, {name: value for name, _, value in changed})
            return "written"

        return await self._database.write(work)

    async def put(self, face: Face, agent: str, name: str, kind: str, value: Any, now: float) -> bool:
        """By the operator. False: there are as many as there may be."""

        def work(db: Db) -> bool:
            person = people.made_person(db, face, agent, now)
            return put_value(db, person, name, value, kind, "operator", now)

        return await self._database.write(work)

    async def retag(
        self, face: Face, agent: str, change: Callable[[list[str]], list[str]], now: float
    ) -> list[str] | None:
        """The tags that `change` makes of those that there are; None: too much is kept of the person."""
        return await self._database.write(
            lambda db: retag(db, people.made_person(db, face, agent, now), change, now)
        )

    async def drop(self, face: Face, name: str) -> bool:
        """Whether there was one of that name. What it was is in no file any more."""

        def work(db: Db) -> bool:
            person = people.person_of(db, face)
            return person is not None and drop_value(db, person, name)

        return await self._database.write(work, scrub=True)
