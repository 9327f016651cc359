"""What was said before in a conversation."""

from runtime.message import THREAD, Exchange
from runtime.store.database import Db
from runtime.store.messages.erasures import HIDES, fact_of
from runtime.store.messages.message_json import exchange, load

HISTORY = """
select text, reply, kind, case when kind in ('text', 'voice') then '' else message end as message,
  seq, accepted_at
from messages indexed by conversation
where publication=? and sender=? and seq<? and reply<>'' and failure='' and kind<>'event'
  and seq>=coalesce((select cast(value as bigint) from facts where name=?), 0)
  and not exists (select 1 from moments where moments.seq=messages.seq and what='recalled')
  and not exists (select 1 from judged where judged.seq=messages.seq and place='in' and action='block'
    and verdict<>'wrong')
order by seq desc limit ?
"""
"""Not what was taken back, and not what checks stopped when it came: some, as models, judge only then."""

NEWEST = (
    "select seq, message from messages indexed by conversation"
    " where publication=? and sender=? order by seq desc limit 20"
)


def newest_thread(db: Db, publication: str, sender: str) -> str:
    """Of the newest message that has one: not each brings one."""
    rows = db.execute(NEWEST, (publication, sender))
    return next((found for row in rows if (found := load(row["message"]).handle.get(THREAD))), "")


def earlier(db: Db, publication: str, sender: str, before: int, turns: int) -> list[Exchange]:
    """A sender's messages before that one which got an answer, oldest first, so many at most."""
    hides = fact_of(HIDES, publication, sender)
    rows = db.execute(HISTORY, (publication, sender, before, hides, turns)).fetchall()
    return [exchange(*row) for row in reversed(rows)]
