"""Words of an operator to somebody who reads on a page or in an app of ours: they come there unasked, too."""

from runtime.message import Message
from runtime.store.database import Db
from runtime.store.messages.message_json import dump, load

BY_HAND = "by_hand"
"""In the data of what stands only for those words: the answer that they belong to holds them as well."""
BY_HAND_KEY = "by hand "
"""How the keys of such messages begin."""
NOT_BY_HAND = f"key not like '{BY_HAND_KEY}%'"
IN_TALK = f"{NOT_BY_HAND} and not (kind='event' and state='silent')"
"""What stands once in a conversation that is looked at."""
ANSWERED = "select publication, sender, message from messages where seq=?"
TOLD = """
insert into messages(publication, sender, key, kind, text, message, accepted_at)
values(?,?,?,?,?,?,?) on conflict do nothing returning seq
"""
OVER = "update messages set state='delivered', reply=?, failure='', finished_at=? where seq=?"


def told_to_who_follows(db: Db, seq: int, text: str, key: str, now: float) -> None:
    """`seq`: of the message that they answer; `key`: names these words, once."""
    row = db.execute(ANSWERED, (seq,)).fetchone()
    if not load(row["message"]).follows:
        return
    lane = row["publication"], row["sender"]
    told = Message(f"{BY_HAND_KEY}{key}", lane[1], "", "start", now, {BY_HAND: True}, follows=True)
    made = db.execute(TOLD, (*lane, told.id, told.kind, "", dump(told), now)).fetchone()
    if made:
        db.execute("update messages set state='answered' where seq=?", (made["seq"],))
        db.execute(OVER, (text, now, made["seq"]))
