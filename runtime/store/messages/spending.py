"""What was spent in a day, by model, agent and person: counted in the step that keeps how a turn ended."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from runtime.errors import StoreFailed
from runtime.store.database import Database, Db

Row = tuple[str, str, str, int, float, int, int]
"""Kind, name, day as 2026-11-29, tokens, cost in US dollars, tokens whose price nobody knows, messages."""
COLUMNS = "kind, name, day, tokens, cost, unpriced, messages"


def person_key(publication: str, sender: str) -> str:
    """Nobody is named in there."""
    return hashlib.sha256(f"{publication}\0{sender}".encode()).hexdigest()[:32]


def count(db: Db, rows: Iterable[Row]) -> None:
    """Add to the sums."""
    db.executemany(
        f"insert into spent({COLUMNS}) values(?,?,?,?,?,?,?)"
        " on conflict(kind, name, day) do update set tokens=spent.tokens+excluded.tokens,"
        " cost=spent.cost+excluded.cost, unpriced=spent.unpriced+excluded.unpriced,"
        " messages=spent.messages+excluded.messages",
        list(rows),
    )


FIND = f"select {COLUMNS} from spent where kind=? and day=? and name in (select value from json_each(?))"


@dataclass(eq=False)
class _Look:
    """For all who ask until it begins, which is once the one before it is done."""

    names: set[str] = field(default_factory=set)
    has_begun: bool = False
    counted: int = 0
    """As `Spending.counted` said when it began."""
    found: asyncio.Task[dict[str, Row]] | None = None


PEOPLE = """select count(*) as people, coalesce(max(messages), 0) as messages,
  coalesce(max(tokens), 0) as tokens, coalesce(max(cost), 0.0) as cost
  from spent where kind='person' and day=?"""


class PeopleToday(NamedTuple):
    """How many people took something in a day, and the most that one of them took; `cost` in US dollars."""

    people: int
    messages: int
    tokens: int
    cost: float


class Spending:
    """Every method is one step. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_shared = database.is_shared
        """Others may count there too."""
        self.counted: Callable[[], int] = lambda: 0
        """How much was counted here by now: asked as a reading begins."""
        self._looks: dict[tuple[str, str], _Look] = {}

    async def find(self, kind: str, name: str, day: str) -> tuple[list[Row], int]:
        """The sum of that day, if there is one, and what was counted here when it began to be read. Asked for
        by many at once, it is one question."""
        look = self._looks.get((kind, day))
        if look is None or look.has_begun:
            before, look = look.found if look else None, _Look()
            look.found = asyncio.create_task(self._find(look, kind, day, before))
            self._looks = {(kind, day): look}
        look.names.add(name)
        assert look.found
        row = (await asyncio.shield(look.found)).get(name)
        return [row] if row else [], look.counted

    async def _find(
        self, look: _Look, kind: str, day: str, before: asyncio.Task[dict[str, Row]] | None
    ) -> dict[str, Row]:
        if before:
            with suppress(StoreFailed):
                await asyncio.shield(before)
        look.has_begun, look.counted = True, self.counted()
        asked = (kind, day, json.dumps(sorted(look.names)))
        found = await self._database.read(lambda db: [tuple(row) for row in db.execute(FIND, asked)])
        return {row[1]: row for row in found}

    async def since(self, day: str, kinds: Sequence[str]) -> list[Row]:
        """The sums of that day and of those after it."""
        marks = ", ".join("?" * len(kinds))
        sql = f"select {COLUMNS} from spent where kind in ({marks}) and day>=?"
        return await self._database.read(lambda db: [tuple(row) for row in db.execute(sql, (*kinds, day))])

    async def people(self, day: str) -> PeopleToday:
        """At whatever instance; nobody is named."""
        row = await self._database.read(lambda db: db.execute(PEOPLE, (day,)).fetchone())
        return PeopleToday(*(row[name] for name in PeopleToday._fields))

    async def add(self, rows: Sequence[Row]) -> None:
        """What no message stands for, such as a talk in the playground."""
        await self._database.write(lambda db: count(db, rows))

    async def forget(self, before: str) -> None:
        """Those of earlier days."""
        await self._database.write(lambda db: db.execute("delete from spent where day<?", (before,)))
