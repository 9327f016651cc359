"""Who is signed in on a page or in an app of ours: what each may go on by, as hashes.

A family is what one signing in began. Each time it goes on it gets another token for the next time, and what
it showed counts no more: what is shown twice was copied, and ends the family for whoever has it.
"""

import functools
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from runtime.store.database import Database, Db

OF_A_PERSON = 10
"""Families; of more the oldest end. A phone, a computer, and what was never signed out of."""
OF_A_PUBLICATION = 100_000
"""…and of more than these, by the sweep: a page that anybody opens is crowded for a month, and the writer
has everybody's messages to keep."""
LOST = 60.0
"""Seconds in which the answer may have been lost on the way, and the same may be asked once more."""
SWEPT = 1000
"""That end in one step."""
BEGUN = "insert into families(id, publication, sender, hash, turned_at, at, until) values(?,?,?,?,?,?,?)"
TOO_MANY = """
delete from families where id in (
  select id from families where publication=? and sender=? order by at desc limit ? offset ?)
"""
OVER = "delete from families where id in (select id from families where until<=? limit ?)"
COUNTED = "select publication, count(*) as many from families group by publication"
CROWDED = """
select id from families f where publication=? order by exists(
  select 1 from messages m where m.publication=f.publication and m.sender=f.sender), turned_at limit ?
"""
"""Who never wrote has nothing to lose, and is what a stranger's program begins by the thousand."""
ENDED = "delete from families where id in (select value from json_each(?))"
TURNED = "update families set hash=?, former=hash, attempt=?, turned_at=?, until=? where id=? and hash=?"
LIVING = "select id from families where id in (select value from json_each(?)) and until>?"

Turned = Literal["turned", "again", "over"]
"""again: the answer was lost, and is the same. over: there is no such family, or there was until now."""


@dataclass(frozen=True)
class Family:
    """`hash`: of the token that goes on with it; `until`: seconds since 1970."""

    id: str
    publication: str
    sender: str
    hash: str
    until: float


class Families:
    """Times are seconds since 1970. Raises StoreFailed."""

    def __init__(self, database: Database, most: int = OF_A_PUBLICATION, at_once: int = SWEPT) -> None:
        self._database, self._most, self._at_once = database, most, at_once

    async def begin(self, family: Family, now: float) -> None:
        def work(db: Db) -> None:
            whose = family.publication, family.sender
            db.execute(BEGUN, (family.id, *whose, family.hash, now, now, family.until))
            db.execute(TOO_MANY, (*whose, SWEPT, OF_A_PERSON))

        await self._database.write(work)

    async def find(self, id: str, now: float) -> tuple[str, str] | None:
        """Publication and sender."""
        sql = "select publication, sender from families where id=? and until>?"
        row = await self._database.read(lambda db: db.execute(sql, (id, now)).fetchone())
        return (row["publication"], row["sender"]) if row else None

    async def turn(
        self, id: str, shown: str, following: str, attempt: str, now: float, until: float
    ) -> Turned:
        """It goes on: `shown` counted so far, `following` counts from now on. All three are hashes."""

        def work(db: Db) -> Turned:
            sql = "select hash, former, attempt, turned_at, until from families where id=?"
            row = db.execute(sql, (id,)).fetchone()
            if row is None:
                return "over"
            if row["until"] > now and row["hash"] == shown:
                db.execute(TURNED, (following, attempt, now, until, id, shown))
                return "turned"
            is_lost = row["former"] == shown and row["attempt"] == attempt and row["hash"] == following
            # another instance's clock may be ahead, or it began later and was quicker
            if row["until"] > now and is_lost and abs(now - row["turned_at"]) <= LOST:
                return "again"
            db.execute("delete from families where id=?", (id,))
            return "over"

        return await self._database.write(work)

    async def end(self, id: str) -> bool:
        """Whether there was one."""
        sql = "delete from families where id=?"
        return await self._database.write(lambda db: db.execute(sql, (id,)).rowcount) > 0

    async def end_all(self, publication: str, sender: str = "") -> int:
        """Of a publication, or of one person there; how many."""
        return await self._database.write(lambda db: end_all(db, publication, sender))

    async def living(self, ids: Collection[str], now: float) -> set[str]:
        """Of these, those that have not ended."""
        asked = json.dumps(list(ids))
        return await self._database.read(lambda db: {row["id"] for row in db.execute(LIVING, (asked, now))})

    async def publications(self) -> set[str]:
        """That somebody is signed in to."""
        sql = "select distinct publication from families"
        return await self._database.read(lambda db: {row["publication"] for row in db.execute(sql)})

    async def sweep(self, now: float) -> None:
        """Forget those that are over, and of a crowd those that nobody misses."""
        most = self._at_once
        while await self._database.write(lambda db: db.execute(OVER, (now, most)).rowcount) >= most:
            pass
        for row in await self._database.read(lambda db: db.execute(COUNTED).fetchall()):
            if (surplus := row["many"] - self._most) > 0:
                await self._thin(row["publication"], surplus)

    async def _thin(self, publication: str, surplus: int) -> None:
        asked = publication, surplus
        ids = await self._database.read(lambda db: [row["id"] for row in db.execute(CROWDED, asked)])
        for at in range(0, len(ids), self._at_once):
            some = json.dumps(ids[at : at + self._at_once])
            await self._database.write(functools.partial(_end, some))


def _end(ids: str, db: Db) -> None:
    db.execute(ENDED, (ids,))


def end_all(db: Db, publication: str, sender: str = "") -> int:
    sql = "delete from families where publication=?" + (" and sender=?" if sender else "")
    return db.execute(sql, (publication, sender) if sender else (publication,)).rowcount
