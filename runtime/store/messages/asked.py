"""What callers of the API asked: whether a repeat says the same."""

from dataclasses import replace

from runtime.message import WAY, Message
from runtime.store.database import Database, Db
from runtime.store.messages.message_json import dump, load

SAME = "select message from messages where seq=?"


class Asked:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_same(self, seq: int, message: Message) -> bool:
        """Whether the stored message says what this one does, whenever either was sent, and by which way."""

        def work(db: Db) -> bool:
            first = load(db.execute(SAME, (seq,)).fetchone()["message"])
            mine = load(dump(message))
            if mine.came_whole:  # what came with it was put into words meanwhile
                first, mine = replace(first, text="", data={}), replace(mine, text="", data={})
            return _said(first) == _said(mine)

        return await self._database.read(work)


def _said(message: Message) -> Message:
    return replace(message, at=0, data={name: it for name, it in message.data.items() if name != WAY})
