"""Whom a human has instead of the agent: known durably, in the same step as the message that told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from runtime.message import Message
from runtime.store.database import Database, Db, Row, instance_of
from runtime.store.messages.moments import note
from runtime.store.messages.recalled import forget
from runtime.store.messages.settling import settle
from runtime.store.messages.states import (
    OWED,
    SILENCING,
    TO_TELL,
    UNSENT,
    HandedState,
    MessageState,
    among,
)
from runtime.store.messages.unfinished import Unfinished, readable

REPORTS = frozenset({"taken", "returned", "replied", "recalled"})
"""Events that the platform tells of and nobody waits to have answered."""
LONGEST_REPLY = 20_000
"""Characters that humans' answers to one message are kept of."""
IN_TIME = f"state in ({among(SILENCING)}) and until > ?"
OPEN = """
select seq from messages indexed by conversation
where publication=? and sender=? and seq<>? and state='accepted'
"""
UNSENT_OF = f"""
update parts set state='handed' where state in ({among(UNSENT)}) and seq in (
  select seq from messages indexed by owing where publication=? and sender=? and state in ({among(OWED)}))
returning seq
"""
TOLD_NOW = f"""
select * from handed where state in ({among(TO_TELL)}) and not (state='wanted' and exists (
  select 1 from messages where messages.seq=handed.seq and messages.state='answered')) order by at
"""
"""What the agent says last is to be there before the platform stops it."""
LEFT_OUT = """
select seq, publication, 'accepted' state, tries, message from messages indexed by conversation
where publication=? and sender=? and seq>? and state='handed' and reply is null order by seq
"""
UNANSWERED = """
select seq from messages indexed by conversation
where publication=? and sender=? and seq<? and kind<>'event' and state='handed' order by seq desc limit 1
"""


@dataclass(frozen=True)
class Handed:
    """A person whom a human has. `code`: why the platform refused the newest request, or ""."""

    publication: str
    sender: str
    seq: int
    state: HandedState
    since: float
    until: float
    code: str = ""


class HandedOver:
    """Who has been handed over, and what the platform was told of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def to_tell(self, now: float) -> list[Handed]:
        """Where the platform is to be told. Forgets those whose time is over."""

        def work(db: Db) -> list[Handed]:
            db.execute("delete from handed where until <= ?", (now,))
            return [_handed(row) for row in db.execute(TOLD_NOW)]

        if await self._database.read(lambda db: db.execute("select 1 from handed limit 1").fetchone()):
            return await self._database.write(work)
        return []

    async def find(self, publication: str, sender: str, now: float) -> Handed | None:
        return await self._database.read(lambda db: find(db, publication, sender, now))

    async def told(self, publication: str, sender: str, state: HandedState, code: str = "") -> None:
        """What came of telling the platform; `code`: it refused."""
        sql = "update handed set state=?, code=? where publication=? and sender=?"
        await self._database.write(lambda db: db.execute(sql, (state, code, publication, sender)).rowcount)

    async def take(self, publication: str, sender: str, now: float, seconds: float) -> Sequence[int]:
        """The platform says that a human has them. Returns messages that are not to be answered now."""

        def work(db: Db) -> list[int]:
            withdrawn = take(db, publication, sender, 0, "taken", now, seconds)
            drop_unsent(db, publication, sender)
            return withdrawn

        return await self._database.write(work)

    async def returning(self, publication: str, sender: str) -> bool:
        """The owner wants the agent to answer again; False when no human has them."""
        return await self._database.write(lambda db: returning(db, publication, sender))

    async def end(self, publication: str, sender: str, *, code: str = "", now: float = 0.0) -> None:
        """The agent may answer again. `code`: why no human could be had, noted where they were asked for."""

        def work(db: Db) -> None:
            row = db.execute(
                "select seq from handed where publication=? and sender=?", (publication, sender)
            ).fetchone()
            if row and code and row["seq"]:
                note(db, row["seq"], now, "not_handed", code)
            give_back(db, publication, sender)

        await self._database.write(work)

    async def answer_after_all(self, publication: str, sender: str, after: int) -> list[Unfinished]:
        """Messages behind that one that nobody answered: no human has the person, and their turn comes."""

        def work(db: Db) -> list[Unfinished]:
            rows = db.execute(LEFT_OUT, (publication, sender, after)).fetchall()
            sql, own = "update messages set state='accepted', owner=? where seq=?", instance_of(db) or 0
            db.executemany(sql, [(own, row["seq"]) for row in rows])
            return list(readable(rows))

        return await self._database.write(work)


def everybody(db: Db, now: float) -> list[Handed]:
    """Whom a human has now, the longest first."""
    return [_handed(row) for row in db.execute(f"select * from handed where {IN_TIME} order by at", (now,))]


def find(db: Db, publication: str, sender: str, now: float) -> Handed | None:
    sql = f"select * from handed where publication=? and sender=? and {IN_TIME}"
    row = db.execute(sql, (publication, sender, now)).fetchone()
    return _handed(row) if row else None


def returning(db: Db, publication: str, sender: str) -> bool:
    where = f"publication=? and sender=? and state in ({among(SILENCING)})"
    sql = f"update handed set state='returning' where {where}"
    return db.execute(sql, (publication, sender)).rowcount == 1


def give_back(db: Db, publication: str, sender: str) -> None:
    db.execute("delete from handed where publication=? and sender=?", (publication, sender))


def take(
    db: Db,
    publication: str,
    sender: str,
    seq: int,
    state: HandedState,
    now: float,
    seconds: float,
) -> list[int]:
    """From now on a human has the person, for so long at most: what the agent still had for them is dropped.

    Returns the messages that get no turn any more, or whose turn counts no more.
    """
    db.execute(
        "insert into handed(publication, sender, seq, state, at, until) values(?,?,?,?,?,?)"
        " on conflict(publication, sender) do update set state=excluded.state, until=excluded.until, code=''",
        (publication, sender, seq, state, now, now + seconds),
    )
    withdrawn = [row["seq"] for row in db.execute(OPEN, (publication, sender, seq))]
    for one in withdrawn:
        db.execute("update messages set state='handed' where seq=?", (one,))
        note(db, one, now, "handed")
    return withdrawn


def drop_unsent(db: Db, publication: str, sender: str) -> None:
    """What did not leave before a human took over never will: it would come in between."""
    for (seq,) in set(map(tuple, db.execute(UNSENT_OF, (publication, sender)).fetchall())):
        settle(db, seq)


class Happened(NamedTuple):
    """What a message that just came is, and messages that get no turn any more because of it."""

    state: MessageState = "accepted"
    withdrawn: Sequence[int] = ()


def befall(
    db: Db,
    publication: str,
    seq: int,
    message: Message,
    now: float,
    seconds: float,
    is_stale: bool,
) -> Happened:
    """What a message that just came means for who has the person. `seconds`: how long a human may have them;
    0 where none can. What was only reported by the platform is no message that waits for an answer."""
    event = message.data.get("event") if message.kind == "event" else ""
    if event in REPORTS:
        withdrawn = _reported(db, publication, seq, message, now, seconds)
        return Happened(_put(db, seq, "silent"), withdrawn)
    if seconds and find(db, publication, message.sender, now):
        note(db, seq, now, "handed")
        return Happened(_put(db, seq, "handed"))
    if is_stale:
        note(db, seq, now, "stale")
        return Happened(_put(db, seq, "silent"))
    return Happened()


def _put(db: Db, seq: int, state: MessageState) -> MessageState:
    db.execute("update messages set state=? where seq=?", (state, seq))
    return state


def _reported(
    db: Db, publication: str, seq: int, message: Message, now: float, seconds: float
) -> Sequence[int]:
    sender, event = message.sender, message.data["event"]
    if event == "recalled":
        return forget(db, publication, sender, str(message.data.get("id", "")), now)
    if event == "returned":
        give_back(db, publication, sender)
        sql = "update tickets set state='done', done_at=? where publication=? and sender=? and state='open'"
        db.execute(sql, (now, publication, sender))
        return ()
    since = min(message.at or now, now)
    if since + seconds <= now:
        return ()  # an old report, read late
    withdrawn = take(db, publication, sender, seq, "taken", since, seconds)
    drop_unsent(db, publication, sender)
    if event == "replied":
        _answered_by_hand(db, publication, sender, seq, message.text, now)
    return withdrawn


def _answered_by_hand(db: Db, publication: str, sender: str, seq: int, text: str, now: float) -> None:
    """A human's words are the answer to what the person wrote last, in insights and in the agent's memory."""
    row = db.execute(UNANSWERED, (publication, sender, seq)).fetchone()
    if row is None or not text:
        return
    before = db.execute("select reply from messages where seq=?", (row["seq"],)).fetchone()["reply"]
    said = (f"{before}\n{text}" if before else text)[:LONGEST_REPLY]
    sql = "update messages set failure='', finished_at=?, reply=? where seq=?"
    db.execute(sql, (now, said, row["seq"]))
    note(db, row["seq"], now, "by_hand")


def _handed(row: Row) -> Handed:
    return Handed(
        row["publication"], row["sender"], row["seq"], row["state"], row["at"], row["until"], row["code"]
    )
