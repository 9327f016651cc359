"""What people want unasked stays known as long as it is that they wrote, whatever becomes of their words.

It is a moment of the message that said so: neither the days for which messages are kept nor an erasure takes
it away, so nobody who wished to be left alone is written to again.
"""

from typing import Literal, get_args

from runtime.message import Message
from runtime.store.database import Db

Wish = Literal["no_questions", "nothing", "everything"]
"""nothing: neither questions nor announcements. everything: both again."""
WISH = "wish"
"""In the data of a message that says one."""
LOOKED_AT = 10_000
"""Messages of a person, the newest, of which it is looked whether they said one."""
NEWEST = f"""
select detail from moments indexed by moments_of
where seq in (select seq from messages indexed by conversation where publication=? and sender=?
    order by seq desc limit {LOOKED_AT})
  and what='wished' order by rowid desc limit 1
"""


def said(message: Message) -> Wish | None:
    """What comes from outside may say anything there."""
    found = message.data.get(WISH)
    return next((one for one in get_args(Wish) if one == found), None)


def wish_of(db: Db, publication: str, sender: str) -> Wish | None:
    """Their newest; None: they never said one."""
    row = db.execute(NEWEST, (publication, sender)).fetchone()
    return next((one for one in get_args(Wish) if row and one == row["detail"]), None)
