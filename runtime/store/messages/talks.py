"""Whose conversations took place lately, drawn at random."""

import random
from pathlib import Path

from runtime.store.database import Db
from runtime.store.messages.beside import look
from runtime.store.messages.states import NO_TURN, UNFINISHED, among

MOST = 20_000
"""Of the newest messages, that are looked at."""
ANSWERED = f"""
select seq, sender from messages indexed by ended
where state not in ({among(UNFINISHED)}) and accepted_at >= ? and publication=? and kind='text'
  and state not in ({among(NO_TURN)}) and coalesce(failure, '')='' order by accepted_at desc limit ?
"""


def drawn(path: Path, publication: str, since: float, most: int, chance: random.Random) -> list[int]:
    """The newest answered message of so many people. Raises StoreFailed."""

    def work(db: Db) -> list[int]:
        newest: dict[str, int] = {}
        for row in db.execute(ANSWERED, (since, publication, MOST)):
            newest.setdefault(row["sender"], row["seq"])
        found = sorted(newest.values())
        return sorted(chance.sample(found, min(most, len(found))))

    nothing: list[int] = []
    return look(path, work, nothing)
