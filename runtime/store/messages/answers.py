"""Answers that are given again to equal questions, until their time is over or whoever asked is forgotten."""

from runtime.store.database import Database, Db
from runtime.store.messages.upsert import upsert

MOST = 1_000
"""Of one prompt: the oldest go."""
OVER = "delete from answers where key in (select key from answers where until<? limit 50)"
TOO_MANY = """delete from answers where key in
  (select key from answers where grp=? order by at desc limit 1000000 offset ?)"""
ALIKE = """select key, question, meaning, answer from answers where grp=? and until>?
  order by at desc limit ?"""
PUT = upsert("answers", "key", "grp, question, meaning, answer, seq, at, until")


class Answers:
    """Every method is one step. Raises StoreFailed. Times are seconds since 1970."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, key: str, now: float) -> str | None:
        def work(db: Db) -> str | None:
            row = db.execute("select answer from answers where key=? and until>?", (key, now)).fetchone()
            return str(row["answer"]) if row else None

        return await self._database.read(work)

    async def holds(self, key: str, now: float) -> bool:
        sql = "select 1 from answers where key=? and until>?"
        return await self._database.read(lambda db: db.execute(sql, (key, now)).fetchone() is not None)

    async def alike(self, group: str, now: float, most: int) -> list[tuple[str, bytes, str]]:
        """Questions, meanings and answers of one prompt, the newest first."""
        asked = (group, now, most)
        return await self._database.read(
            lambda db: [tuple(row)[1:] for row in db.execute(ALIKE, asked) if row["answer"]]
        )

    async def keep(
        self, key: str, group: str, words: tuple[str, bytes, str], seq: int | None, now: float, until: float
    ) -> None:
        """`words`: question, meaning and answer. `seq`: of the message whose words they are."""

        def work(db: Db) -> None:
            db.execute(OVER, (now,))
            db.execute(PUT, (key, group, *words, seq, now, until))
            db.execute(TOO_MANY, (group, MOST))

        await self._database.write(work)
