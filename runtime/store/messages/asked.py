"""What callers of the API asked: whether a repeat says the same, and how much a key has used."""

from dataclasses import replace

from runtime.message import Message
from runtime.store.database import Database, Db
from runtime.store.messages.message_json import dump, load

SAME = "select message from messages where seq=?"
USED = """
select count(*) as asked, coalesce(sum(prompt_tokens + completion_tokens), 0) as tokens
from messages indexed by conversation
where publication=? and sender>=? and sender<? and accepted_at>=?
"""
LAST = "\U0010ffff"


class Asked:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_same(self, seq: int, message: Message) -> bool:
        """Whether the stored message says what this one does, whenever either was sent."""

        def work(db: Db) -> bool:
            first = load(db.execute(SAME, (seq,)).fetchone()["message"])
            return replace(first, at=0) == replace(load(dump(message)), at=0)

        return await self._database.read(work)

    async def used(self, publication: str, senders: str, since: float) -> tuple[int, int]:
        """Messages and tokens of all senders whose name begins so. `since`: seconds since 1970."""

        def work(db: Db) -> tuple[int, int]:
            row = db.execute(USED, (publication, senders, senders + LAST, since)).fetchone()
            return row["asked"], row["tokens"]

        return await self._database.read(work)
