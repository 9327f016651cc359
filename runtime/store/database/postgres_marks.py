"""Whether a commit came about whose answer was lost: each leaves a mark, and the next one looks for it.

Nothing but a row can tell: a server that crashed may give the number of a transaction that it lost to
another one.
"""

import secrets

from runtime.store.database import Db
from runtime.store.database.postgres_locks import TAKEN

TABLE = """
create table if not exists batches(
  writer text primary key, mark text not null, at timestamptz not null default now()
);
delete from batches where at < now() - interval '1 day';
"""
LEFT = f"""
with marked as (
  insert into batches(writer, mark) values(?, ?)
  on conflict(writer) do update set mark=excluded.mark, at=now()
)
select {TAKEN}
"""
AS_INSTANCE = f"{LEFT} from instances where id=? for key share"
"""No row: it was given up. Nobody gives it up while its row is locked so, and it waits for who does."""
FOUND = "select 1 from batches where writer=? and mark=?"


class Marks:
    """Of one writer. `in_doubt`: nobody knows what became of the last commit."""

    def __init__(self) -> None:
        self._writer = secrets.token_hex(8)
        self._mark = ""
        self.in_doubt = False

    def came_about(self, db: Db, lock: str) -> bool:
        """Whether what is in doubt did. Whoever still commits it has the lock, and is waited for."""
        db.execute(f"select {TAKEN}", (lock,))
        self.in_doubt = False
        return db.execute(FOUND, (self._writer, self._mark)).fetchone() is not None

    def leave(self, db: Db, lock: str, instance: int) -> bool:
        """Be alone of all that write. False where we may not write any more."""
        self._mark = secrets.token_hex(8)
        mine = (self._writer, self._mark, lock)
        if not instance:
            db.execute(LEFT, mine)
            return True
        return db.execute(AS_INSTANCE, (*mine, instance)).fetchone() is not None

    def forget(self, db: Db) -> None:
        """It writes no more."""
        db.execute("delete from batches where writer=?", (self._writer,))
