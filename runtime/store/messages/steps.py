"""Finished steps of turns that are not finished, and small facts found out about the world."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from runtime.store.database import Database, Db
from runtime.store.messages.states import UNFINISHED, among
from runtime.store.messages.upsert import upsert
from runtime.store.sealing.envelope import BEGINS

STEP = upsert("steps", "seq, name", "result")
GIVEN = f"""
select steps.result from messages join steps on steps.seq=messages.seq
  where messages.state in ({among(UNFINISHED)}) and steps.result=?"""
CARRIED = "select id, carried from waits where kind='call' and (carried like ? or carried like ?)"
"""What a turn keeps that runs, or that waits for another call, and may have given this token away: `like`
knows no large and small letters, and takes "_" for any; what is sealed is looked through."""
FACT = upsert("facts", "name", "value, at")


class Steps:
    """What a turn that was cut off need not do again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recall(self, seq: int, name: str) -> Any | None:
        row = await self._database.read(
            lambda db: db.execute("select result from steps where seq=? and name=?", (seq, name)).fetchone()
        )
        return json.loads(row["result"]) if row else None

    def record(self, seq: int, results: Mapping[str, Any]) -> "asyncio.Future[None]":
        """Results by the names of their steps. What is asked for later is done later, finishing too."""
        rows = [(seq, name, json.dumps(result, ensure_ascii=False)) for name, result in results.items()]

        def work(db: Db) -> None:
            db.executemany(STEP, rows)

        return self._database.post(work)

    async def is_given(self, token: str) -> bool:
        """Whether an address with this token was given away, by a turn that has not come to wait for it yet;
        whatever process ran it. `token`: letters, digits, "-" and "_"."""

        def work(db: Db) -> bool:
            if db.execute(GIVEN, (json.dumps(token),)).fetchone():
                return True
            carried = db.execute(CARRIED, (f"%{token}%", f"{BEGINS}%"))
            return any(token in row["carried"] for row in carried)

        return await self._database.read(work)


class Facts:
    """Name and value, e.g. whether an account may push."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, name: str) -> str | None:
        """A small thing found out about the world, e.g. whether an account may push."""
        row = await self._database.read(
            lambda db: db.execute("select value from facts where name=?", (name,)).fetchone()
        )
        return row["value"] if row else None

    async def learn(self, name: str, value: str, now: float) -> None:
        await self._database.write(lambda db: learn(db, name, value, now))


def learn(db: Db, name: str, value: str, now: float) -> None:
    db.execute(FACT, (name, value, now))
