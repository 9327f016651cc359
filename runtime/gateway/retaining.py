"""What is older than its owner wants it kept goes, once a day."""

import logging
from collections.abc import Callable, Collection, Mapping
from typing import Any

from runtime.store.database import Database, Db
from runtime.store.messages.retention import DAY, DONE, FACT, HELD, LAST, Gone, done, due, take

log = logging.getLogger(__name__)

GAP = 2 * DAY
"""Seconds without a run after which nobody can tell a machine that was off from a clock that is ahead."""

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
    await database.write(lambda db: done(db, now), scrub=any(went.values()))
    if any(went.values()):
        log.info("too old: %s", ", ".join(f"{many} {kind}" for kind, many in went.items()))
    return went


def _piece(kind: str, before: float, now: float) -> Callable[[Db], Gone]:
    return lambda db: take(db, kind, before, now)


async def is_due(database: Database, now: float) -> bool:
    last = await _at(database, DONE)
    return last is None or now - last >= DAY or last > now


async def is_sure(database: Database, now: float) -> bool:
    """Whether what looks old is. After a gap nothing goes for a day: a clock that is ahead would take away
    what is young, and is put right meanwhile."""
    last, held = [await _at(database, name) for name in (DONE, HELD)]
    if last is None or now - last <= GAP:
        return True
    if held is None or held > now:  # it is new, or was seen by a clock that was ahead
        days = (now - last) / DAY
        log.warning("%.0f days without a look at what is too old: is the clock right? It goes in a day", days)
        await database.write(lambda db: db.execute(FACT, (HELD, "", now)))
        return False
    return now - held >= DAY


async def _at(database: Database, name: str) -> float | None:
    row = await database.read(lambda db: db.execute(LAST, (name,)).fetchone())
    return float(row["at"]) if row else None
