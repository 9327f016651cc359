"""What is remembered of people, for the gateway. Every method is one durable step, see `people`."""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from runtime.errors import NotSaved
from runtime.person import Described, Joined, Known, Note, Person, Summary
from runtime.store.database import Database, Db
from runtime.store.messages import called, erasures, people, profiles
from runtime.store.messages.consents import Marks, erased_since, unmarked
from runtime.store.messages.erasing import PIECE, Erased
from runtime.store.messages.exporting import exported_person
from runtime.store.messages.people import Face

log = logging.getLogger(__name__)


async def _no_files(hashes: Collection[str]) -> None: ...


async def _nothing(erased: Mapping[str, float]) -> int:
    return 0


class Remembered:
    """`agent`: whose the memory is; `marks`: see consents.remember_erased. Raises StoreFailed."""

    def __init__(self, database: Database, marks: Marks = unmarked) -> None:
        self._database, self._marks = database, marks
        self.remove: Callable[[Collection[str]], Awaitable[None]] = _no_files
        """Takes files away, by their hashes. May raise NotSaved."""
        self.beside: Callable[[Mapping[str, float]], Awaitable[int]] = _nothing
        """Takes away what was made of them outside of the store, told of who was forgotten when, by their
        marks; it may be told again of who was forgotten long ago. May raise NotSaved."""

    async def known(self, face: Face) -> Known:
        return await self._database.read(lambda db: people.known(db, face))

    async def keep(self, face: Face, agent: str, note: Note, now: float) -> bool:
        """False: there are as many as there may be."""
        dated = replace(note, at=now)
        return await self._database.write(
            lambda db: people.keep_note(db, people.made_person(db, face, agent, now), dated)
        )

    async def drop(self, face: Face, name: str) -> bool:
        """Whether there was one of that name. What it said is in no file any more."""

        def work(db: Db) -> bool:
            person = people.person_of(db, face)
            return person is not None and people.drop_note(db, person, name)

        return await self._database.write(work, scrub=True)

    async def sum_up(self, face: Face, summary: Summary, now: float) -> None:
        await self._database.write(lambda db: people.sum_up(db, face, summary, now))

    async def start_anew(self, face: Face) -> None:
        """What the conversation came to so far counts no more."""
        await self._database.write(lambda db: people.drop_summary(db, face))

    async def asks(self, face: Face, agent: str, now: float) -> None:
        await self._database.write(lambda db: people.asks(db, face, agent, now))

    async def was_asked(self, face: Face, seq: int, now: float) -> bool:
        return await self._database.read(lambda db: people.was_asked(db, face, seq, now))

    async def files_of(self, face: Face, before_seq: int | None = None) -> list[str]:
        """Hashes of those that nobody else sent or was sent."""
        return await self._database.read(lambda db: erasures.files_of(db, face, before_seq))

    async def erase(self, face: Face, now: float, before_seq: int | None = None) -> Erased:
        """With their files, and what was made of them. A crash breaks nothing off: see finish_erasing."""
        erased = await self.begin_erasing(face, now, before_seq)
        await self.go_on_erasing(face, erased)
        return erased

    async def begin_erasing(self, face: Face, now: float, before_seq: int | None = None) -> Erased:
        """No turn is told of what is `left`, which `go_on_erasing` takes away; else as `erase`."""
        marks, files = self._marks, await self.files_of(face, before_seq)
        erased = await self._database.write(
            lambda db: erasures.begin(db, face, now, before_seq, marks, files), scrub=True
        )
        erased.files = files
        await self._remove_files()
        await self.forget_beside(now)
        return erased

    async def _remove_files(self) -> None:
        """What a disk refuses is tried again at the next start, or erasure."""
        try:
            left = await self._database.read(erasures.files_left)
            for hashes in left.values():
                await self.remove(hashes)
            if left:
                await self._database.write(lambda db: erasures.files_removed(db, left))
        except NotSaved as e:
            log.warning("files of somebody who is forgotten are still there: %s", e.text.en)

    async def forget_beside(self, since: float) -> None:
        """What was made of those who were forgotten since then; what a disk refuses is tried again later."""
        try:
            await self.beside(await self._database.read(lambda db: erased_since(db, since)))
        except NotSaved as e:
            log.warning("what was made of somebody who is forgotten is still there: %s", e.text.en)

    async def go_on_erasing(self, face: Face, erased: Erased) -> None:
        """Until all is gone, or it is stopped; between two pieces others use the store."""
        while erased.left:
            is_last = erased.left <= PIECE
            more = await self._database.write(lambda db: erasures.go_on(db, face), scrub=is_last)
            if more is None:
                return
            erased.add(more)

    async def finish_erasing(self) -> None:
        """What a crash broke off."""
        await self._remove_files()
        await self.forget_beside(0.0)
        for work in await self._database.read(erasures.every):
            await self.go_on_erasing(work.face, Erased(left=work.of))

    async def stop_erasing(self, face: Face) -> bool:
        """Whether there was anything to stop."""
        return await self._database.write(lambda db: erasures.stop(db, face), scrub=True)

    async def export(self, face: Face) -> dict[str, Any]:
        """See people_list.export."""
        return await self._database.read(lambda db: exported_person(db, face))

    async def give_code(self, face: Face, agent: str, now: float) -> str:
        return await self._database.write(lambda db: people.give_code(db, face, agent, now))

    async def take_code(self, face: Face, agent: str, code: str, now: float) -> Joined:
        return await self._database.write(lambda db: people.take_code(db, face, agent, code, now))

    async def person(self, face: Face, channel: str, seq: int) -> Person:
        """Whoever wrote that message, with what is kept of them."""
        return await self._database.read(lambda db: profiles.person(db, face, channel, seq))

    async def profile(self, face: Face, told: Described, now: float) -> None:
        """What the surface tells of them."""
        await self._database.write(lambda db: profiles.keep_profile(db, face, told, now))

    async def unite(self, face: Face, agent: str, account: str, now: float) -> bool:
        return await self._database.write(lambda db: people.unite(db, face, agent, account, now))

    async def call(self, face: Face, agent: str, account: str, now: float) -> None:
        """Only what is something else than before is written."""
        if not await self._database.read(lambda db: called.is_so(db, face, agent, account)):
            await self._database.write(lambda db: called.call(db, face, agent, account, now))

    async def part(self, face: Face, agent: str, now: float, account: str = "") -> bool:
        """`account`: as the calling program says who writes there."""
        if account:
            return await self._database.write(lambda db: called.part_called(db, face, agent, account, now))
        return await self._database.write(lambda db: people.part(db, face, agent, now))

    async def void_code(self, agent: str, code: str) -> None:
        await self._database.write(lambda db: people.void_code(db, agent, code))
