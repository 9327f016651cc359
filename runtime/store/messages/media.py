"""Which kept files belong to which messages, and what of them lies at a platform for how long.

The files themselves are beside the database, by their hash. They go with the last message that has them.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from runtime.message import Exchange, Message
from runtime.store.database import Database, Db
from runtime.store.messages.message_json import dump, exchange
from runtime.store.messages.upsert import upsert

SENT = """
select text, reply, kind, message, seq, accepted_at from messages indexed by conversation
where publication=? and sender=? and seq<?
  and exists (select 1 from media where media.seq=messages.seq)
  and not exists (select 1 from moments where moments.seq=messages.seq and what='recalled')
order by seq desc limit ?
"""
SAID = """
select text, reply, 'text' as kind, '' as message, seq, accepted_at
from messages indexed by conversation
where publication=? and sender=? and seq>=? and seq<? and kind<>'event' order by seq desc limit ?
"""
MOST_SAID, LONGEST_SAID = 1000, 40
"""Messages, and characters of one."""


@dataclass(frozen=True)
class KeptFile:
    """A file that belongs to a message. `type`: what its content is, as a media type."""

    hash: str
    type: str
    bytes: int


class MediaRecords:
    """Every method is one durable step."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def came(self, seq: int, message: Message, files: Collection[KeptFile]) -> bool:
        """The message, now that what came with it is here. Raises StoreFailed.

        False: it was taken back meanwhile, or its person was forgotten; nothing of it is kept.
        """
        sql = "update messages set text=?, message=? where seq=? and state<>'recalled'"

        def work(db: Db) -> bool:
            is_wanted = bool(db.execute(sql, (message.text, dump(message), seq)).rowcount)
            _belong(db, seq, files)
            return is_wanted

        return await self._database.write(work)

    async def belong(self, seq: int, files: Collection[KeptFile]) -> None:
        """They go when the message goes."""
        await self._database.write(lambda db: _belong(db, seq, files))

    async def whose(self, seq: int) -> list[tuple[str, str]]:
        """Publication and sender of that message; none where it is not there."""
        sql = "select publication, sender from messages where seq=?"
        return await self._database.read(lambda db: [(row[0], row[1]) for row in db.execute(sql, (seq,))])

    async def sent(self, publication: str, sender: str, before: int, most: int) -> list[Exchange]:
        """The newest messages of a person before that one which have files, oldest first."""
        args = publication, sender, before, most
        rows = await self._database.read(lambda db: db.execute(SENT, args).fetchall())
        return [exchange(*row) for row in reversed(rows)]

    async def said(self, publication: str, sender: str, since: int, before: int) -> list[Exchange]:
        """All that was said from that message on to the other one, oldest first; of long texts nothing."""
        args = publication, sender, since, before, MOST_SAID
        rows = await self._database.read(lambda db: db.execute(SAID, args).fetchall())
        said = [exchange(*row) for row in reversed(rows)]
        return [one if len(one.text) <= LONGEST_SAID else replace(one, text="") for one in said]

    async def uploaded(self, account: str, hash: str, kind: str, now: float) -> Mapping[str, Any] | None:
        """What shows it there, if it still lies there."""
        sql = "select data from uploads where account=? and hash=? and kind=? and until>?"
        row = await self._database.read(lambda db: db.execute(sql, (account, hash, kind, now)).fetchone())
        return json.loads(row["data"]) if row else None

    async def upload(
        self, account: str, hash: str, kind: str, data: Mapping[str, Any], until: float, now: float
    ) -> None:
        """It lies there now. What is over is forgotten."""

        def work(db: Db) -> None:
            db.execute("delete from uploads where until<=?", (now,))
            db.execute(
                upsert("uploads", "account, hash, kind", "data, until"),
                (account, hash, kind, json.dumps(data, ensure_ascii=False), until),
            )

        await self._database.write(work)

    async def gone(self, account: str, hash: str) -> None:
        """The platform says that it has it no more."""
        sql = "delete from uploads where account=? and hash=?"
        await self._database.write(lambda db: db.execute(sql, (account, hash)).rowcount)

    async def unused(self, hashes: Collection[str]) -> set[str]:
        """Those of them that belong to no message."""
        left = set(hashes)

        def work(db: Db) -> set[str]:
            for hash in list(left):
                if db.execute("select 1 from media where hash=? limit 1", (hash,)).fetchone():
                    left.discard(hash)
            return left

        return await self._database.read(work)


def _belong(db: Db, seq: int, files: Collection[KeptFile]) -> None:
    sql = (
        "insert into media(seq, hash, type, bytes) select seq,?,?,? from messages where seq=?"
        " on conflict do nothing"
    )
    db.executemany(sql, [(file.hash, file.type, file.bytes, seq) for file in files])
