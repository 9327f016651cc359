"""When something was sent to a person on an account, by any process, for as long as a platform counts it."""

import hashlib
from collections.abc import Callable, Collection
from typing import NamedTuple

from runtime.store.database import Database, Db

FORGOTTEN = "delete from paces where id in (select id from paces where until < ? limit 20)"


class Left(NamedTuple):
    """`at`: seconds since 1970, never later than when it is read."""

    id: int
    at: float


class Paces:
    """Nobody is named in there. Every method is one step. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lately(self, account: str, person: str, since: float, now: float) -> list[Left]:
        name = _name(account, person)
        return await self._database.read(lambda db: _lately(db, name, since, now))

    async def leave(
        self,
        account: str,
        person: str,
        may: Callable[[Collection[Left]], bool],
        seconds: float,
        now: float,
    ) -> tuple[int | None, list[Left]]:
        """Note that something leaves now, if it `may` after what left in these seconds; that, and its id."""
        name = _name(account, person)

        def work(db: Db) -> tuple[int | None, list[Left]]:
            # what left in a future from which the clock was set back leaves now
            sql = "update paces set at=?, until=? where name=? and at>?"
            db.execute(sql, (now, now + seconds, name, now))
            db.execute(FORGOTTEN, (now,))
            lately = _lately(db, name, now - seconds, now)
            if not may(lately):
                return None, lately
            row = (name, now, now + seconds)
            sql = "insert into paces(name, at, until) values(?,?,?) returning id"
            return int(db.execute(sql, row).fetchone()["id"]), lately

        return await self._database.write(work)

    def arrived(self, id: int, now: float) -> None:
        """Nobody has to wait for it: without it, it counts from when it left."""
        sql = "update paces set until=until+?-at, at=? where id=?"
        done = self._database.post(lambda db: db.execute(sql, (now, now, id)).rowcount)
        done.add_done_callback(lambda future: future.cancelled() or future.exception())


def _lately(db: Db, name: str, since: float, now: float) -> list[Left]:
    rows = db.execute("select id, at from paces where name=? and at>=? order by at", (name, since))
    return [Left(row["id"], min(row["at"], now)) for row in rows]


def _name(account: str, person: str) -> str:
    return hashlib.sha256(f"{account}\0{person}".encode()).hexdigest()[:32]
