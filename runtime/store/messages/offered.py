"""What people were given to choose from."""

import json
from collections.abc import Mapping
from typing import Any

from runtime.store.database import Database, Db

NEWEST = """
select p.seq, p.number, p.data from parts p where p.kind='choices' and p.seq=(
  select seq from messages indexed by conversation where publication=? and sender=? and reply is not null
  order by seq desc limit 1) order by p.number desc limit 1
"""
LATELY = """
select p.seq, p.number, p.data from messages m indexed by conversation join parts p on p.seq=m.seq
where m.publication=? and m.sender=? and p.kind='choices' order by m.seq desc limit 20
"""


class OfferedRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, publication: str, sender: str) -> Mapping[str, Any] | None:
        """With the last answer to this person; None when it had none."""
        return await self._database.read(lambda db: _first(db, NEWEST, publication, sender))

    async def with_value(self, publication: str, sender: str, value: str) -> Mapping[str, Any] | None:
        """The newest that has this value."""

        def work(db: Db) -> Mapping[str, Any] | None:
            for _, _, data in db.execute(LATELY, (publication, sender)):
                found: Mapping[str, Any] = json.loads(data)
                if any(one["value"] == value for one in found["options"]):
                    return found
            return None

        return await self._database.read(work)


def _first(db: Db, sql: str, publication: str, sender: str) -> Mapping[str, Any] | None:
    row = db.execute(sql, (publication, sender)).fetchone()
    return json.loads(row["data"]) if row else None
