"""What only one process may do at a time, as rows of `facts`: who does it, and when it last said so."""

from collections.abc import Collection
from typing import NamedTuple

from runtime.store.database import Database, Db
from runtime.store.messages.steps import FACT

PREFIX = "lease "
"""Of the fact's name."""


class Row(NamedTuple):
    """`at`: by the owner's clock, and more with each sign of life; others only look whether it changes."""

    owner: str
    at: float


class LeaseRows:
    """Every method is one durable step. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, name: str) -> Row | None:
        return await self._database.read(lambda db: _find(db, name))

    async def take(self, name: str, owner: str, now: float, instead_of: Row | None) -> bool:
        """Whether it is the owner's now: it was nobody's, or still as it was when it was found to be dead."""

        def work(db: Db) -> bool:
            found = _find(db, name)
            if found is not None and found.owner != owner and found != instead_of:
                return False
            db.execute(FACT, (PREFIX + name, owner, now))
            return True

        return await self._database.write(work)

    async def beat(self, owner: str, now: float) -> set[str]:
        """Say that the owner lives. Returns the names of what is still its own."""
        sql = (
            "update facts set at=case when at + 0.001 > ? then at + 0.001 else ? end"
            " where name between ? and ? and value=? returning name"
        )
        rows = await self._database.write(
            lambda db: db.execute(sql, (now, now, PREFIX, PREFIX + "\U0010ffff", owner)).fetchall()
        )
        return {row["name"].removeprefix(PREFIX) for row in rows}

    async def learn(self, name: str, owner: str, fact: str, value: str, now: float) -> bool:
        """Whether it is written, as by the owner of that name only."""

        def work(db: Db) -> bool:
            found = _find(db, name)
            if found is None or found.owner != owner:
                return False
            db.execute(FACT, (fact, value, now))
            return True

        return await self._database.write(work)

    async def release(self, owner: str, names: Collection[str]) -> None:
        sql, rows = "delete from facts where name=? and value=?", [(PREFIX + name, owner) for name in names]
        await self._database.write(lambda db: db.executemany(sql, rows))


def _find(db: Db, name: str) -> Row | None:
    row = db.execute("select value, at from facts where name=?", (PREFIX + name,)).fetchone()
    return Row(row["value"], row["at"]) if row else None
