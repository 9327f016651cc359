"""A person took a message back: what it said is forgotten."""

from dataclasses import replace

from runtime.store.database import Db
from runtime.store.messages.message_json import dump, load
from runtime.store.messages.moments import note
from runtime.store.messages.people import Face, drop_summary

DROP_NOTES = (
    "delete from notes where seq=? and person=(select person from faces where publication=? and sender=?)"
)


def forget(db: Db, publication: str, sender: str, key: str, now: float) -> list[int]:
    """Of the message with that id: its words, what was remembered of them, and a turn that has not ended.

    What was answered stays answered; the agent does not remember it. Returns the message if it gets no turn.
    """
    sql = "select seq, state, kind, text, message from messages where publication=? and sender=? and key=?"
    row = db.execute(sql, (publication, sender, key)).fetchone()
    if row is None or was_recalled(db, row["seq"]):
        return []
    if row["kind"] == "event" and row["text"]:
        _unsay(db, publication, sender, row["seq"], row["text"])
    message = load(row["message"])
    kept = {name: message.data[name] for name in ("event",) if name in message.data}
    emptied = dump(replace(message, text="", data=kept, history=None))
    db.execute(
        "update messages set text='', message=?, trace=null where seq=?",
        (emptied, row["seq"]),
    )
    db.execute("delete from steps where seq=?", (row["seq"],))
    drop_summary(db, Face(publication, sender), row["seq"])
    db.execute(DROP_NOTES, (row["seq"], publication, sender))
    note(db, row["seq"], now, "recalled")
    sql = "update messages set state='recalled' where seq=? and state='accepted'"
    return [row["seq"]] if db.execute(sql, (row["seq"],)).rowcount else []


def was_recalled(db: Db, seq: int) -> bool:
    sql = "select 1 from moments indexed by moments_of where seq=? and what='recalled'"
    return db.execute(sql, (seq,)).fetchone() is not None


def _unsay(db: Db, publication: str, sender: str, seq: int, text: str) -> None:
    """A human took back an answer, which stands with the message that it answered."""
    sql = (
        "select seq, reply from messages indexed by conversation"
        " where publication=? and sender=? and seq<? and kind<>'event' and state='handed'"
        " order by seq desc limit 20"
    )
    for row in db.execute(sql, (publication, sender, seq)).fetchall():
        if row["reply"] is not None:
            left = f"\n{row['reply']}\n".replace(f"\n{text}\n", "\n").strip("\n")
            db.execute("update messages set reply=? where seq=?", (left, row["seq"]))
