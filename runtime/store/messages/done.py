"""What an operator dealt with: it is on the list of what is to do no longer."""

from runtime.store.database import Database


async def finish(database: Database, seq: int, at: float) -> None:
    """Whoever operates dealt with it."""
    sql = "insert into moments(seq, at, what) select seq, ?, 'done' from messages where seq=?"
    await database.write(lambda db: db.execute(sql, (at, seq)).rowcount)


async def unfinish(database: Database, seq: int) -> None:
    """Undo `finish`."""
    sql = "delete from moments where seq=? and what='done'"
    await database.write(lambda db: db.execute(sql, (seq,)).rowcount)
