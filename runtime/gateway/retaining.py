"""What is older than its owner wants it kept goes, once a day."""

import logging
from collections.abc import Callable, Collection, Mapping
from typing import Any

from runtime.store.database import Database, Db
from runtime.store.messages.retention import DAY, DONE, FACT, LAST, Gone, due, take

log = logging.getLogger(__name__)

Days = Callable[[], Mapping[str, int]]
Remove = Callable[[Collection[str]], Any]


async def retain(database: Database, days: Mapping[str, int], remove: Remove, now: float) -> dict[str, int]:
    """How many of each kind went. Raises StoreFailed. `remove`: takes files away by their hashes."""
    went: dict[str, int] = {}
    for kind, before in due(days, now):
        went[kind] = 0
        while True:
            gone = await database.write(_piece(kind, before, now))
            await remove(gone.files)
            went[kind] += gone.many
            if not gone.many:
                break
    await database.write(lambda db: db.execute(FACT, (DONE, "", now)), scrub=any(went.values()))
    if any(went.values()):
        log.info("too old: %s", ", ".join(f"{many} {kind}" for kind, many in went.items()))
    return went


def _piece(kind: str, before: float, now: float) -> Callable[[Db], Gone]:
    return lambda db: take(db, kind, before, now)


async def is_due(database: Database, now: float) -> bool:
    row = await database.read(lambda db: db.execute(LAST, (DONE,)).fetchone())
    return row is None or now - row["at"] >= DAY or row["at"] > now
