"""What is sent without anybody having written: kept until it is with the person, like an answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from runtime.store.database import Database, Db, Row
from runtime.store.messages.states import SaidState, among

DAY = 86_400.0
KEPT = 30 * DAY
"""Seconds that what came to its end is kept."""
NEXT = """
select * from outbox where state='ready' and publication=? and receiver=? order by id limit 1
"""


@dataclass(frozen=True)
class Said:
    """One part. `key`: the same however often it is tried."""

    id: int
    publication: str
    receiver: str
    key: str
    text: str
    state: SaidState
    code: str
    at: float


class Outbox:
    """Every method is one durable step. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, publication: str, receiver: str, parts: Sequence[tuple[str, str]], now: float
    ) -> list[int]:
        """Keys and texts, in order; their ids. A key that is there already is not put again."""

        def work(db: Db) -> list[int]:
            db.execute("delete from outbox where at < ? and state<>'ready'", (now - KEPT,))
            return [put(db, publication, receiver, key, text, now) for key, text in parts]

        return await self._database.write(work)

    async def waiting(self) -> list[tuple[str, str]]:
        """Publications and receivers for whom something is to be sent, the longest waiting first."""
        sql = "select publication, receiver from outbox where state='ready' group by 1, 2 order by min(id)"
        return await self._database.read(lambda db: [(row[0], row[1]) for row in db.execute(sql)])

    async def next(self, publication: str, receiver: str) -> Said | None:
        return await self._database.read(
            lambda db: _one(db.execute(NEXT, (publication, receiver)).fetchone())
        )

    async def find(self, ids: Collection[int]) -> list[Said]:
        marks = ", ".join("?" * len(ids))
        sql = f"select * from outbox where id in ({marks}) order by id"
        rows = await self._database.read(lambda db: db.execute(sql, list(ids)).fetchall())
        return [said for row in rows if (said := _one(row))]

    async def move(self, id: int, before: SaidState, after: SaidState, code: str, now: float) -> bool:
        """Whether it was in that state, and is in the other one now."""
        sql = "update outbox set state=?, code=?, sent_at=? where id=? and state=?"
        return await self._database.write(
            lambda db: db.execute(sql, (after, code, now, id, before)).rowcount == 1
        )

    async def release(self, publication: str, receiver: str, after: SaidState, now: float) -> None:
        """What was leaving when the process died: nobody knows whether it arrived."""
        sql = (
            "update outbox set state=?, sent_at=? where publication=? and receiver=? "
            f"and state in ({among(('sending',))})"
        )
        await self._database.write(lambda db: db.execute(sql, (after, now, publication, receiver)).rowcount)

    async def cut_off(self) -> list[tuple[str, str]]:
        """Publications and receivers to whom something was leaving when a process died."""
        sql = "select distinct publication, receiver from outbox where state='sending'"
        return await self._database.read(lambda db: [(row[0], row[1]) for row in db.execute(sql)])


def put(db: Db, publication: str, receiver: str, key: str, text: str, now: float) -> int:
    """One that is not there yet by its key; its id."""
    sql = (
        "insert into outbox(publication, receiver, key, text, at) values(?,?,?,?,?) "
        "on conflict do nothing returning id"
    )
    row = db.execute(sql, (publication, receiver, key, text, now)).fetchone()
    row = row or db.execute("select id from outbox where key=?", (key,)).fetchone()
    return int(row["id"])


def _one(row: Row | None) -> Said | None:
    if row is None:
        return None
    return Said(
        row["id"],
        row["publication"],
        row["receiver"],
        row["key"],
        row["text"],
        row["state"],
        row["code"],
        row["at"],
    )
