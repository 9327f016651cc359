"""What people wish to be reminded of: kept until it is due, then a turn of theirs, once."""

from collections.abc import Collection
from dataclasses import dataclass

from runtime.message import Message
from runtime.store.database import Database, Db, Row
from runtime.store.messages.accepting import Accepting
from runtime.store.messages.handed import find as handed

MOST = 20
"""Of one person on one surface."""
TOGETHER = 50
"""That come due in one step."""
AGAIN = 300.0
"""Seconds until it is tried once more with somebody whom a human has."""


@dataclass(frozen=True)
class Reminder:
    """`due`: seconds since 1970."""

    id: int
    text: str
    due: float


@dataclass(frozen=True)
class Due:
    """A turn that waits for its beginning."""

    publication: str
    seq: int
    message: Message


class Reminders:
    """Every method is one durable step. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, publication: str, sender: str, key: str, text: str, due: float, now: float
    ) -> Reminder | None:
        """The same for the same `key`. None: there are as many as there may be."""

        def work(db: Db) -> Reminder | None:
            return put(db, publication, sender, key, text, due, now)

        return await self._database.write(work)

    async def of(self, publication: str, sender: str) -> list[Reminder]:
        """In the order in which they are due."""
        return await self._database.read(lambda db: of(db, publication, sender))

    async def cancel(self, publication: str, sender: str, id: int) -> bool:
        """Whether there was one of that person's. Its words are in no file any more."""
        return await self._database.write(lambda db: cancel(db, publication, sender, id), scrub=True)

    async def next(self, after: float) -> float | None:
        """When the next one is due after that moment."""
        sql = "select min(due) from reminders indexed by reminders_due where due>?"
        row = await self._database.read(lambda db: db.execute(sql, (after,)).fetchone())
        return None if row[0] is None else float(row[0])

    async def any_due(self, now: float) -> bool:
        sql = "select 1 from reminders indexed by reminders_due where due<=? limit 1"
        return await self._database.read(lambda db: db.execute(sql, (now,)).fetchone() is not None)

    async def due(self, publications: Collection[str], now: float) -> list[Due]:
        """Turns of those that are due there, a few at a time; none of them is pending any more."""
        marks = ", ".join("?" * len(publications))
        sql = (
            "select * from reminders indexed by reminders_due"
            f" where due<=? and publication in ({marks}) order by due limit ?"
        )

        def work(db: Db) -> list[Due]:
            rows = db.execute(sql, (now, *publications, TOGETHER)).fetchall()
            return [found for row in rows if (found := _begun(db, row, now))]

        return await self._database.write(work)


def put(
    db: Db, publication: str, sender: str, key: str, text: str, due: float, now: float
) -> Reminder | None:
    sql = "select id, text, due from reminders where publication=? and sender=? and key=?"
    if row := db.execute(sql, (publication, sender, key)).fetchone():
        return Reminder(**row)
    if len(of(db, publication, sender)) >= MOST:
        return None
    sql = "insert into reminders(publication, sender, key, text, due, at) values(?,?,?,?,?,?) returning id"
    made = db.execute(sql, (publication, sender, key, text, due, now)).fetchone()
    return Reminder(int(made["id"]), text, due)


def of(db: Db, publication: str, sender: str) -> list[Reminder]:
    sql = "select id, text, due from reminders where publication=? and sender=? order by due, id"
    return [Reminder(**row) for row in db.execute(sql, (publication, sender))]


def cancel(db: Db, publication: str, sender: str, id: int) -> bool:
    sql = "delete from reminders where id=? and publication=? and sender=?"
    return bool(db.execute(sql, (id, publication, sender)).rowcount)


def _begun(db: Db, row: Row, now: float) -> Due | None:
    """In one step with its end, so that it comes once."""
    publication, sender = row["publication"], row["sender"]
    if handed(db, publication, sender, now):
        db.execute("update reminders set due=? where id=?", (now + AGAIN, row["id"]))
        return None
    message = Message(f"reminder {row['id']}", sender, "", "start", now, {"remind": row["text"]})
    accepted = Accepting(publication, message, now)(db)
    db.execute("delete from reminders where id=?", (row["id"],))
    return Due(publication, accepted.seq, message) if accepted.is_to_begin else None
