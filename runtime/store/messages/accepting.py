"""A message is stored before anything is acknowledged; one that comes again finds the first."""

from collections.abc import Sequence
from dataclasses import dataclass

from runtime.message import Exchange, Message
from runtime.store.database import Db
from runtime.store.messages.carried import Response, recorded
from runtime.store.messages.handed import REPORTS, Happened, befall
from runtime.store.messages.history import earlier
from runtime.store.messages.message_json import dump
from runtime.store.messages.moments import note
from runtime.store.messages.states import MessageState
from runtime.store.messages.tickets import SILENCED, SILENT

STORED = f"""
insert into messages(publication, sender, key, kind, text, message, accepted_at) values(?,?,?,?,?,?,?)
on conflict do nothing returning seq, exists({SILENCED}) as silenced,
  exists(select 1 from waits indexed by waits_of where publication=? and sender=?) as waits
"""
"""How the person stands is looked up in one go, since every message is asked about."""


@dataclass(frozen=True)
class Accepted:
    """A stored message. `is_new` is False for a repeat; then `state` tells how far the first one came."""

    seq: int
    is_new: bool
    state: MessageState = "accepted"
    response: Response | None = None
    """What a repeat of the callback is to be answered with again."""
    history: Sequence[Exchange] | None = ()
    """What was said before; None: it is to be asked for when the turn begins."""
    waits: bool = True
    """A turn of this person's may wait. False: none did at that moment."""
    withdrawn: Sequence[int] = ()
    """Messages that get no turn any more because of this one."""


def accept(
    db: Db,
    publication: str,
    message: Message,
    now: float,
    turns: int,
    *,
    desk_seconds: float = 0.0,
    is_stale: bool = False,
) -> Accepted:
    """`turns`: how much of what was said before is wanted, if it is new. `desk_seconds`: how long a human may
    have a person there; 0 where none can. `is_stale`: it came too late to be answered."""
    person = publication, message.sender
    values = (*person, message.id, message.kind, message.text, dump(message), now)
    row = db.execute(STORED, (*values, *person, *(2 * (now - SILENT,)), *person)).fetchone()
    if row:
        note(db, row["seq"], now, "accepted")
        happened = Happened()
        if row["silenced"] and message.data.get("event") not in REPORTS:
            db.execute("update messages set state='handed' where seq=?", (row["seq"],))
            note(db, row["seq"], now, "handed")
            happened = Happened("handed")
        elif desk_seconds or is_stale or message.kind == "event":
            happened = befall(db, publication, row["seq"], message, now, desk_seconds, is_stale)
        history = earlier(db, publication, message.sender, row["seq"], turns) if turns else ()
        state, withdrawn = happened.state, happened.withdrawn
        waits = bool(row["waits"])
        return Accepted(row["seq"], True, state, history=history, waits=waits, withdrawn=withdrawn)
    row = db.execute(
        "select seq, state, response, shown from messages where publication=? and sender=? and key=?",
        (publication, message.sender, message.id),
    ).fetchone()
    note(db, row["seq"], now, "repeat")
    response = recorded(row["response"], row["shown"]) if row["response"] else None
    return Accepted(row["seq"], False, row["state"], response)
