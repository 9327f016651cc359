"""What checks decided about what people wrote and were to read, and what somebody thought of it later.

A person's strikes are counted from it: whatever of theirs was blocked lately, and was not wrongly.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from runtime.errors import NotFound
from runtime.lang import Text, as_it_is, stored
from runtime.store.database import Database, Db, Row

Verdict = Literal["", "right", "wrong"]
MOST = 20_000
"""Decisions that are kept: older ones go."""
ADD = """insert into judged(seq, publication, sender, agent, at, place, kind, action, what, excerpt, why)
values(?,?,?,?,?,?,?,?,?,?,?) on conflict(seq, place, kind, what) do nothing"""
THERE = "select id, place, kind, what from judged where seq=?"
"""What was found may be sealed, so the store cannot tell that it is there already."""
STRIKES = """select count(*) from judged where publication=? and sender=? and at>? and place='in'
  and action='block' and why='' and verdict<>'wrong' and lifted=0"""
NO_DECISION = Text("没有这条记录。", "There is no such decision.")


@dataclass(frozen=True)
class Judgement:
    """`action`: "" for what was let pass since it could not be checked, which `why` says; `at`: seconds since
    1970; `lifted`: it is no strike any more."""

    id: int
    seq: int
    publication: str
    sender: str
    agent: str
    at: float
    place: str
    kind: str
    action: str
    what: str
    excerpt: str
    why: str
    verdict: Verdict
    lifted: bool

    @classmethod
    def of(cls, row: Row) -> "Judgement":
        values: dict[str, Any] = {name: row[name] for name in cls.__dataclass_fields__}
        return cls(**{**values, "lifted": bool(row["lifted"])})


@dataclass(frozen=True)
class NewJudgement:
    place: str
    kind: str
    action: str
    what: str
    excerpt: str
    why: str = ""


def told_in(why: Text) -> str:
    """As it is stored: in each language; "" for nothing."""
    return json.dumps(why.by_language(), ensure_ascii=False) if why.en else ""


def told(why: str) -> Text:
    """What was stored; of older versions, English alone."""
    if not why.startswith("{"):
        return as_it_is(why)
    return stored(json.loads(why))


class Judged:
    """Every method is one step. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, seq: int, face: tuple[str, str], agent: str, made: Sequence[NewJudgement], now: float
    ) -> None:
        """Of one message. `face`: publication and sender."""
        rows = [
            (seq, *face, agent, now, one.place, one.kind, one.action, one.what, one.excerpt, one.why)
            for one in made
        ]

        def work(db: Db) -> None:
            there = {(row["place"], row["kind"], row["what"]) for row in db.execute(THERE, (seq,))}
            new = {(one.place, one.kind, one.what): row for one, row in zip(made, rows, strict=True)}
            db.executemany(ADD, [row for which, row in new.items() if which not in there])
            db.execute("delete from judged where id<=(select max(id) from judged)-?", (MOST,))

        await self._database.write(work)

    async def strikes(self, publication: str, sender: str, since: float) -> int:
        def work(db: Db) -> int:
            return int(db.execute(STRIKES, (publication, sender, since)).fetchone()[0])

        return await self._database.read(work)

    async def is_stopped(self, publication: str, sender: str, kind: str) -> bool:
        """Whether their newest decision of that kind stands."""
        newest = "select verdict, lifted from judged where publication=? and sender=? and kind=?"

        def work(db: Db) -> bool:
            row = db.execute(f"{newest} order by id desc limit 1", (publication, sender, kind)).fetchone()
            return row is not None and row["verdict"] != "wrong" and not row["lifted"]

        return await self._database.read(work)

    async def newest(
        self, agents: Collection[str] | None = None, most: int = 200, before: int = 2**62
    ) -> list[Judgement]:
        """Newest first. `agents`: only theirs; `before`: an id."""

        def work(db: Db) -> list[Judgement]:
            sql = "select * from judged where id<? order by id desc"
            found = (Judgement.of(row) for row in db.execute(sql, (before,)))
            wanted = (one for one in found if agents is None or one.agent in agents)
            return [one for one, _ in zip(wanted, range(most), strict=False)]

        return await self._database.read(work)

    async def judge(self, id: int, verdict: Verdict) -> None:
        """Somebody looked at it. What was wrong is no strike. Raises NotFound."""
        await self._change("update judged set verdict=? where id=?", (verdict, id))

    async def lift(self, publication: str, sender: str) -> None:
        """They begin anew. Raises NotFound for somebody of whom nothing is there."""
        await self._change(
            "update judged set lifted=1 where publication=? and sender=?", (publication, sender)
        )

    async def _change(self, sql: str, values: tuple[Any, ...]) -> None:
        if not await self._database.write(lambda db: db.execute(sql, values).rowcount):
            raise NotFound(NO_DECISION)
