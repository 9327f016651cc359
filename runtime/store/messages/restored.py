"""What a backup, or a copied folder, holds unfinished: sent only when the owner says so.

It may have been answered since, by the installation that the copy was taken from. Its messages and parts get
the state `restored`, which nothing takes up; the table of that name keeps the states they had. No platform is
told either who is with a human and who is not any more.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from runtime.store.messages.states import MESSAGE_STEPS, OPEN_RUNS, PART_STEPS, TO_TELL, among, before
from runtime.store.messages.waits import begin_all
from runtime.store.opening import connect, failed

WHOLE = -1
"""The number that stands for the message itself."""
HELD = f"select seq from restored where number={WHOLE}"
MESSAGES = among(before("restored", MESSAGE_STEPS))
PARTS = among(before("restored", PART_STEPS))
FOR_EVER = 1e12
"""Of a copy nobody is told that something did not come in time."""
HOLD = f"""
insert into restored select seq, {WHOLE}, state from messages where state in ({MESSAGES});
insert into restored select seq, number, state from parts where state in ({PARTS}) and seq in ({HELD});
update parts set state='restored' where state in ({PARTS}) and seq in ({HELD});
update messages set state='restored' where seq in ({HELD});
update handed set state='taken' where state in ({among(TO_TELL)});
"""
ASKED = f"update waits set until={FOR_EVER} where kind<>'time' and came is null"
UNSAID = "update outbox set state='failed', code='restored' where state in ('ready', 'sending')"
"""What was to be said then is old news."""
UNRUN = f"""
update runs set state='failed', code='restored' where state in ({among(OPEN_RUNS)});
delete from schedules;
delete from reminders where due <= strftime('%s', 'now')
"""
"""So is what was due; a schedule begins anew, with nothing missed."""
FORMER = "(select r.state from restored r where r.seq={0}.seq and r.number={1})"
PARTS_BACK = f"""
update parts set state=case {FORMER.format("parts", "parts.number")}
  when 'sending' then 'unknown' else {FORMER.format("parts", "parts.number")} end
where state='restored' and seq in ({HELD});
"""
"""Whoever died while it was being sent may have sent it."""
RELEASE = f"""
{PARTS_BACK}
update messages set state={FORMER.format("messages", WHOLE)} where seq in ({HELD});
delete from restored;
"""
"""What was held stays so: it goes out a few people at a time, however much it is."""
DROP = f"""
{PARTS_BACK}
update messages set state='abandoned' where seq in ({HELD});
delete from restored;
"""


class Restored:
    """Asked and told beside a running gateway, which takes up by itself what is released.

    Raises StoreFailed. Each may block for up to 2 s.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def count(self) -> int:
        """How many messages wait for the owner's word."""
        if not self._path.exists():
            return 0
        try:
            uri = f"file:{quote(str(self._path))}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True, timeout=2)) as db:
                return count(db)
        except sqlite3.Error as e:
            if "no such table" in str(e):
                return 0  # of an older version, not brought forward yet
            raise failed(self._path, e) from e

    def release(self) -> int:
        """Let everything go out; returns how much that is."""
        return self._all(RELEASE)

    def drop(self) -> int:
        """Nothing of it is sent, ever; it stays readable."""
        return self._all(DROP)

    def _all(self, script: str) -> int:
        if not self.count():
            return 0
        with _writing(self._path) as db:
            waiting = count(db)
            run(db, script)
            return waiting


def count(db: sqlite3.Connection) -> int:
    return int(db.execute(f"select count(*) from restored where number={WHOLE}").fetchone()[0])


def hold(db: sqlite3.Connection) -> int:
    """Hold back everything unfinished, inside the caller's transaction; returns how much waits then."""
    if db.execute("select 1 from sqlite_master where name='waits'").fetchone():
        begin_all(db)  # what was decided is held as the message that goes on with it
        run(db, ASKED)
    run(db, HOLD)
    if db.execute("select 1 from sqlite_master where name='outbox'").fetchone():
        run(db, UNSAID)
    if db.execute("select 1 from sqlite_master where name='reminders'").fetchone():
        run(db, UNRUN)
    return count(db)


def run(db: sqlite3.Connection, script: str) -> None:
    """Several statements in the caller's transaction, which executescript would end."""
    for statement in filter(str.strip, script.split(";")):
        db.execute(statement)


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(connect(path)) as db:
            db.execute("begin immediate")
            yield db
            db.execute("commit")
    except sqlite3.Error as e:
        raise failed(path, e) from e
