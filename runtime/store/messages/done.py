"""What an operator dealt with: it is on the list of what is to do no longer."""

from runtime.store.database import Database, Db


async def finish(database: Database, seq: int, at: float) -> None:
    """Whoever operates dealt with it."""
    sql = "insert into moments(seq, at, what) select seq, ?, 'done' from messages where seq=?"
    await database.write(lambda db: db.execute(sql, (at, seq)).rowcount)


async def unfinish(database: Database, seq: int, at: float) -> bool:
    """Undo that `finish`; whether somebody else dealt with it as well."""
    sql = "delete from moments where seq=? and what='done' and at=?"
    left = "select 1 from moments where seq=? and what='done'"

    def undo(db: Db) -> bool:
        db.execute(sql, (seq, at))
        return db.execute(left, (seq,)).fetchone() is not None

    return await database.write(undo)
