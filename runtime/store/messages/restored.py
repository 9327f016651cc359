"""What a backup, or a copied folder, holds unfinished: sent only when the owner says so.

It may have been answered since, by the installation that the copy was taken from. Its messages and parts get
the state `restored`, which nothing takes up; the table of that name keeps the states they had. No platform is
told either who is with a human and who is not any more.
"""

import time
from pathlib import Path

from runtime.store.database import Db
from runtime.store.messages.beside import look, writing
from runtime.store.messages.states import MESSAGE_STEPS, OPEN_RUNS, PART_STEPS, TO_TELL, among, before
from runtime.store.messages.waits import begin_all

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
delete from schedules
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
        return look(self._path, count, 0)

    def release(self) -> int:
        """Let everything go out; returns how much that is."""
        return self._all(RELEASE)

    def drop(self) -> int:
        """Nothing of it is sent, ever; it stays readable."""
        return self._all(DROP)

    def _all(self, script: str) -> int:
        if not self.count():
            return 0
        with writing(self._path) as db:
            waiting = count(db)
            run(db, script)
            return waiting


def count(db: Db) -> int:
    return int(db.execute(f"select count(*) from restored where number={WHOLE}").fetchone()[0])


def hold(db: Db) -> int:
    """Hold back everything unfinished, inside the caller's transaction; returns how much waits then."""
    begin_all(db)  # what was decided is held as the message that goes on with it
    run(db, f"{ASKED};{HOLD};{UNSAID};{UNRUN}")
    db.execute("delete from reminders where due <= ?", (time.time(),))
    return count(db)


def run(db: Db, script: str) -> None:
    """Several statements in the caller's transaction, which executescript would end."""
    for statement in filter(str.strip, script.split(";")):
        db.execute(statement)
