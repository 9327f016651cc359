"""Messages on whose way something is still to be done: after a stop, or because the operator wants it."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from runtime.message import Message
from runtime.store.database import Db, Row, instance_of
from runtime.store.messages.message_json import load
from runtime.store.messages.moments import note
from runtime.store.messages.states import REPEATABLE, RUN_AGAIN, SENT_AGAIN, UNFINISHED, MessageState, among

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Unfinished:
    """`tries`: one more than the deaths it is blamed for. `begun`: somebody began its turn before."""

    seq: int
    publication: str
    state: MessageState
    tries: int
    message: Message
    begun: bool = False


def readable(rows: Iterable[Row]) -> Iterator[Unfinished]:
    """One that cannot be read stays as it is: the others are answered."""
    for row in rows:
        try:
            yield _unfinished(row)
        except (ValueError, TypeError, KeyError, AttributeError) as e:
            log.error("message %s cannot be read and is left alone: %s", row["seq"], e)


def _unfinished(row: Row) -> Unfinished:
    return Unfinished(row["seq"], row["publication"], row["state"], row["tries"], load(row["message"]))


def begin_again(db: Db, seq: int, now: float) -> Unfinished | None:
    """An answer is sent again, a turn that failed is run again. None when neither can be."""
    sql = "select publication, failure, state, message, reply from messages where seq=?"
    row = db.execute(sql, (seq,)).fetchone()
    state = _anew(row) if row else None
    if row is None or state is None:
        return None
    db.execute("delete from restored where seq=?", (seq,))
    sql = "update messages set state=?, tries=1, response=null, owner=? where seq=?"
    db.execute(sql, (state, instance_of(db) or 0, seq))
    if state == "accepted":
        db.execute("delete from parts where seq=?", (seq,))
    else:
        db.execute(f"update parts set state='ready' where seq=? and state in ({among(REPEATABLE)})", (seq,))
    note(db, seq, now, "again")
    return Unfinished(seq, row["publication"], state, 1, load(row["message"]))


def _anew(row: Row) -> MessageState | None:
    """Where it begins again; None when there is nothing to do again."""
    if row["state"] in UNFINISHED:
        return None
    if row["failure"] or row["state"] in RUN_AGAIN:
        return "accepted"
    if row["state"] in SENT_AGAIN:
        return "accepted" if row["reply"] is None else "answered"
    return None
