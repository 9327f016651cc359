"""A wait of a turn that is only played: what it brings along was recorded elsewhere."""

from runtime.store.database import Database, Db
from runtime.store.messages.waits import NewWait
from runtime.store.messages.waits import leave as leave_waiting


async def leave(database: Database, wait: NewWait, now: float) -> int:
    """The turn of the newest message waits from now on. Its id. Raises StoreFailed."""

    def work(db: Db) -> int:
        [(seq,)] = db.execute("select max(seq) from messages").fetchall()
        leave_waiting(db, seq, 1, wait, now)
        [(id,)] = db.execute("select max(id) from waits").fetchall()
        return int(id)

    return await database.write(work)
