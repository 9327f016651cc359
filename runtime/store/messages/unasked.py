"""Answers that no message of the person's own began: a decision, a time or a start went on or began."""

from dataclasses import dataclass

from runtime.store.database import Database, Db
from runtime.store.messages.waits import Waits, unfinished

MOST = 20
"""In one look."""
AFTER = f"""
select seq, reply, failure, finished_at from messages indexed by conversation
where publication=? and sender=? and seq>? and kind='start' and reply<>'' and state<>'accepted'
order by seq limit {MOST}
"""


@dataclass(frozen=True)
class Unasked:
    """`reply`: Markdown; `failure`: why it is only an apology, or ""; `at`: seconds since 1970."""

    seq: int
    reply: str
    failure: str
    at: float


class UnaskedRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def after(self, publication: str, sender: str, seq: int) -> tuple[list[Unasked], list[Waits]]:
        """Those behind message `seq`, the oldest first, and what may still bring one. Raises StoreFailed."""

        def work(db: Db) -> tuple[list[Unasked], list[Waits]]:
            rows = db.execute(AFTER, (publication, sender, seq))
            answers = [Unasked(row[0], row[1], row[2] or "", row[3] or 0.0) for row in rows]
            return answers, unfinished(db, publication, sender)

        return await self._database.read(work)
