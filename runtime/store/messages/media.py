"""Which kept files belong to which messages, and what of them lies at a platform for how long.

The files themselves are beside the database, by their hash. They go with the last message that has them.
"""

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.message import Message
from runtime.store.messages.message_json import dump
from runtime.store.messages.sqlite import Database


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

    async def came(self, seq: int, message: Message, files: Collection[KeptFile]) -> None:
        """The message, now that what came with it is here. Raises StoreFailed."""

        def work(db: sqlite3.Connection) -> None:
            db.execute(
                "update messages set text=?, message=? where seq=?", (message.text, dump(message), seq)
            )
            _belong(db, seq, files)

        await self._database.write(work)

    async def belong(self, seq: int, files: Collection[KeptFile]) -> None:
        """They go when the message goes."""
        await self._database.write(lambda db: _belong(db, seq, files))

    async def uploaded(self, account: str, hash: str, kind: str, now: float) -> Mapping[str, Any] | None:
        """What shows it there, if it still lies there."""
        sql = "select data from uploads where account=? and hash=? and kind=? and until>?"
        row = await self._database.read(lambda db: db.execute(sql, (account, hash, kind, now)).fetchone())
        return json.loads(row["data"]) if row else None

    async def upload(
        self, account: str, hash: str, kind: str, data: Mapping[str, Any], until: float, now: float
    ) -> None:
        """It lies there now. What is over is forgotten."""

        def work(db: sqlite3.Connection) -> None:
            db.execute("delete from uploads where until<=?", (now,))
            db.execute(
                "insert or replace into uploads values(?,?,?,?,?)",
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

        def work(db: sqlite3.Connection) -> set[str]:
            for hash in list(left):
                if db.execute("select 1 from media where hash=? limit 1", (hash,)).fetchone():
                    left.discard(hash)
            return left

        return await self._database.read(work)


def _belong(db: sqlite3.Connection, seq: int, files: Collection[KeptFile]) -> None:
    sql = "insert or ignore into media(seq, hash, type, bytes) select seq,?,?,? from messages where seq=?"
    db.executemany(sql, [(file.hash, file.type, file.bytes, seq) for file in files])
