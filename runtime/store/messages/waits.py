"""Turns that wait: what they bring along, and what came. Every method is one durable step.

A wait is open until something comes: it is decided then, once, whoever else decides later. A decided wait is
begun by one message: the person's own, or one that is stored here in the same step. It goes when that
message's turn has ended well.
"""

import json
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from runtime.lang import NOTHING, Text, stored
from runtime.message import Message
from runtime.store.database import Database, Db, Row
from runtime.store.messages import asked_others
from runtime.store.messages.accepting import Accepting
from runtime.store.messages.asked_others import key_of
from runtime.store.messages.handed import IN_TIME
from runtime.store.messages.outbox import put
from runtime.store.messages.within import WITHIN, within_of

OPEN = "came is null and taken_by is null"
DECIDED = "came is not null and taken_by is null"
OF_PERSON = f"""
select * from waits indexed by waits_of where publication=? and sender=?
  and (taken_by=? or ({OPEN} and until>?))
order by taken_by is null, case when ?=1 or kind='message' then 0 else 1 end, id desc limit 1
"""
LIVE = "publication in (select value from json_each(?))"
DUE = f"select * from waits indexed by waits_due where {OPEN} and until<=? and {LIVE} order by until limit ?"
READY = f"""
select * from waits indexed by waits_decided where {DECIDED} and {LIVE} and not exists (select 1 from handed
  where handed.publication=waits.publication and handed.sender=waits.sender and {IN_TIME})
order by id limit ?"""
"""With whoever a human has, nothing goes on before the agent has them again."""
SEEN = "id, publication, sender, seq, version, kind, block, step, what, data, until, at, came, taken_by"
MOST_LISTED = 500


@dataclass(frozen=True)
class NewWait:
    """What a turn that waits leaves. `until`, as all times: seconds since 1970. `token` is hashed."""

    kind: str
    block: str
    step: str
    until: float
    carried: str = field(repr=False)
    what: Text = NOTHING
    data: Mapping[str, Any] = field(default_factory=dict)
    token: str = ""
    tells: Sequence["Told"] = ()
    """Who is asked to decide: put into the outbox in the same step."""


class Told(NamedTuple):
    publication: str
    receiver: str
    text: str


@dataclass(frozen=True)
class Waits:
    """A stored one. `came`: what did, None while it is open; `carried` is not read for lists."""

    id: int
    publication: str
    sender: str
    seq: int
    version: int
    kind: str
    block: str
    step: str
    what: Text
    data: Mapping[str, Any]
    until: float
    at: float
    came: Mapping[str, Any] | None = None
    taken_by: int | None = None
    carried: str = field(default="", repr=False)


class Look(NamedTuple):
    """Open ones whose time is over, decided ones with which nobody goes on yet; of the other open ones when
    the next is due, and how many there are."""

    overdue: list[Waits]
    decided: list[Waits]
    due: float | None
    others: int


def begin(db: Db, id: int, now: float) -> tuple[int, Message] | None:
    """The message that goes on with a decided one, inside the caller's transaction."""
    row = db.execute(f"select publication, sender from waits where id=? and {DECIDED}", (id,)).fetchone()
    if row is None:
        return None
    message = Message(f"wait-{id}", row["sender"], "", "start", at=now, data={"wait": id})
    accepted = Accepting(row["publication"], message, now)(db)
    db.execute("update waits set taken_by=? where id=?", (accepted.seq, id))
    return (accepted.seq, message) if accepted.is_to_begin else None


def begin_all(db: Db) -> None:
    """Every decided one, so that what is done with messages is done with them."""
    now = time.time()
    for (id,) in db.execute(f"select id from waits where {DECIDED}").fetchall():
        begin(db, id, now)


class WaitRows:
    """Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, publication: str, sender: str, seq: int, now: float, *, newest: bool) -> Waits | None:
        """The one that this message took already, else the open one that the person's message is for: the
        newest question; with `newest` the newest of any kind."""
        asked = (publication, sender, seq, now, int(newest))
        return await self._database.read(lambda db: read_one(db.execute(OF_PERSON, asked).fetchone()))

    async def take(self, id: int, seq: int, came: Mapping[str, Any]) -> bool:
        """Whether that message goes on with it."""
        sql = f"update waits set came=?, taken_by=? where id=? and {OPEN}"
        row = (json.dumps(came, ensure_ascii=False), seq, id)
        return await self._come(id, sql, row, came)

    async def decide(self, id: int, came: Mapping[str, Any], kind: str = "", state: str = OPEN) -> bool:
        """Whether this is what came: nothing did before. `kind`: only a wait for that."""
        sql = f"update waits set came=? where id=? and {state} and (?='' or kind=?)"
        row = (json.dumps(came, ensure_ascii=False), id, kind, kind)
        return await self._come(id, sql, row, came)

    async def _come(self, id: int, sql: str, row: Sequence[object], came: Mapping[str, Any]) -> bool:
        def work(db: Db) -> bool:
            if db.execute(sql, row).rowcount != 1:
                return False
            asked_others.came(db, id, came, came["at"])
            return True

        return await self._database.write(work)

    async def begin(self, id: int, now: float) -> tuple[int, Message] | None:
        """The message that goes on with a decided one; None when something else did."""
        return await self._database.write(lambda db: begin(db, id, now))

    async def look(self, publications: Collection[str], now: float, most: int) -> "Look":
        """What is to be done there now; see Look."""
        live = json.dumps(list(publications))
        later = f"select min(until), count(*) from waits indexed by waits_due where {OPEN} and until>?"

        def work(db: Db) -> Look:
            due, count = db.execute(later, (now,)).fetchone()
            overdue = _all(db.execute(DUE, (now, live, most)))
            return Look(overdue, _all(db.execute(READY, (live, now, most))), due, count)

        return await self._database.read(work)

    async def find(self, id: int) -> Waits | None:
        found = await self._many(f"select {SEEN} from waits where id=?", (id,))
        return found[0] if found else None

    async def by_token(self, hashed: str) -> Waits | None:
        found = await self._many(f"select {SEEN} from waits where token=? and token<>''", (hashed,))
        return found[0] if found else None

    async def open(
        self,
        publication: str = "",
        sender: str = "",
        kind: str = "",
        *,
        before: int = 0,
        most: int = MOST_LISTED,
    ) -> list[Waits]:
        """The newest first, of those with a smaller number than `before`."""
        return await self._database.read(
            lambda db: open_waits(db, publication, sender, kind, before=before, most=most)
        )

    async def drop(self, id: int) -> None:
        """Nothing came, and nobody is to hear of it."""
        await self._database.write(lambda db: db.execute(f"delete from waits where id=? and {OPEN}", (id,)))

    async def publications(self) -> list[str]:
        sql = "select distinct publication from waits"
        return await self._database.read(lambda db: [row[0] for row in db.execute(sql)])

    async def end_all(self, publication: str) -> int:
        """What is no more to be gone on with: the publication is gone."""
        sql = "delete from waits where publication=?"
        return await self._database.write(lambda db: db.execute(sql, (publication,)).rowcount)

    async def _many(self, sql: str, asked: Sequence[object]) -> list[Waits]:
        rows = await self._database.read(lambda db: db.execute(sql, asked).fetchall())
        return [one for row in rows if (one := read_one(row))]


def open_waits(
    db: Db,
    publication: str = "",
    sender: str = "",
    kind: str = "",
    *,
    before: int = 0,
    most: int = MOST_LISTED,
) -> list[Waits]:
    sql = (
        f"select {SEEN} from waits where came is null and (?='' or publication=?) and (?='' or sender=?)"
        f" and (?='' or kind=?) and (?=0 or id<?) order by id desc limit ?"
    )
    asked = (publication, publication, sender, sender, kind, kind, before, before, most)
    return _all(db.execute(sql, asked))


def longest_waiting(
    db: Db, kind: str, skip: int, most: int, within: Collection[str] | None = None
) -> list[Waits]:
    """Of one kind, the oldest first. `within`: of these publications."""
    sql = f"select {SEEN} from waits where came is null and kind=? and {WITHIN} order by id limit ? offset ?"
    return _all(db.execute(sql, (kind, *within_of(within), most, skip)))


def counted(db: Db, within: Collection[str] | None = None) -> dict[str, int]:
    """How many are open, by kind."""
    sql = f"select kind, count(*) as n from waits where came is null and {WITHIN} group by kind"
    return {row["kind"]: row["n"] for row in db.execute(sql, within_of(within))}


def unfinished(db: Db, publication: str, sender: str) -> list[Waits]:
    """All of a person's, also those that something came for but whose answer is not stored yet."""
    sql = f"select {SEEN} from waits where publication=? and sender=? order by id desc limit {MOST_LISTED}"
    return _all(db.execute(sql, (publication, sender)))


def went_on(db: Db, seq: int, *, aside: bool, failed: bool) -> None:
    """What becomes of the one that the turn of message `seq` went on with, as it ends.

    `aside`: it was no turn of the flow, so what it took is open again. `failed`: kept for another try.
    """
    if aside:
        db.execute("update waits set came=null, taken_by=null where taken_by=?", (seq,))
    elif not failed:
        db.execute("delete from waits where taken_by=?", (seq,))


def leave(db: Db, seq: int, version: int, wait: NewWait, now: float) -> None:
    """The turn of message `seq` ends so that it goes on later."""
    db.execute(
        "insert into waits(publication, sender, seq, version, kind, block, step, what, data, token, carried,"
        " until, at) select publication, sender, seq, ?,?,?,?,?,?,?,?,?,? from messages where seq=?",
        (
            version,
            wait.kind,
            wait.block,
            wait.step,
            json.dumps(wait.what.by_language(), ensure_ascii=False),
            json.dumps(dict(wait.data), ensure_ascii=False),
            wait.token,
            wait.carried,
            wait.until,
            now,
            seq,
        ),
    )
    for number, one in enumerate(wait.tells):
        key = f"{key_of(seq)}{number}x{wait.token[:12]}"
        put(db, one.publication, one.receiver, key, one.text, now)


def _all(rows: Iterable[Row]) -> list[Waits]:
    return [one for row in rows if (one := read_one(row))]


def read_one(row: Row | None) -> Waits | None:
    if row is None:
        return None
    return Waits(
        row["id"],
        row["publication"],
        row["sender"],
        row["seq"],
        row["version"],
        row["kind"],
        row["block"],
        row["step"],
        stored(json.loads(row["what"])),
        json.loads(row["data"]),
        row["until"],
        row["at"],
        json.loads(row["came"]) if row["came"] else None,
        row["taken_by"],
        row["carried"] if "carried" in row.keys() else "",  # noqa: SIM118 # a row's `in` looks at its values
    )
