"""An operator writes to somebody who did not ask for one: by a message of theirs, with a ticket."""

from runtime.person import Handing
from runtime.store.database import Db, Row
from runtime.store.messages.tickets import ANSWERABLE, OPEN, Outcome, Ticket, add_line, find, new_ticket, take

WRITER = "select publication, sender, text from messages where seq=?"


def reach(db: Db, seq: int, agent: str, by: str, now: float) -> tuple[Outcome, int, list[int]]:
    """That operator has whoever wrote that message: the number of their ticket, which is opened where none
    is, and messages that get no turn any more. "other": another operator has them."""
    row = db.execute(WRITER, (seq,)).fetchone()
    if row is None or not is_answerable(db, row):
        return "gone", 0, []
    lane = (row["publication"], row["sender"])
    ticket = open_of(db, row)
    if ticket is None:
        id = new_ticket(db, lane, agent, Handing(row["text"] or ""), now, seq)
        add_line(db, id, "opened", by, "", now, seq)
    else:
        id = ticket.id
    outcome, withdrawn = take(db, id, by, now)
    return outcome, id, withdrawn


def open_of(db: Db, row: Row) -> Ticket | None:
    """Of whoever wrote that message."""
    found = db.execute(OPEN, (row["publication"], row["sender"])).fetchone()
    return find(db, int(found["id"])) if found else None


def is_answerable(db: Db, row: Row) -> bool:
    """They wrote something that an operator's words can answer."""
    found = db.execute(ANSWERABLE, (row["publication"], row["sender"])).fetchone()
    return bool(row["sender"]) and found is not None
