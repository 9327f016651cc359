"""A wait of a turn that is only played: what it brings along was recorded elsewhere."""

from runtime.store.database import Database, Db
from runtime.store.messages.waits import NewWait, left


async def leave(database: Database, wait: NewWait, now: float) -> int:
    """The turn of the newest message waits from now on. Its id. Raises StoreFailed."""

    def work(db: Db) -> int:
        [(seq,)] = db.execute("select max(seq) from messages").fetchall()
        left(db, seq, 1, wait, now, aside=False, failed=False)
        [(id,)] = db.execute("select max(id) from waits").fetchall()
        return int(id)

    return await database.write(work)
