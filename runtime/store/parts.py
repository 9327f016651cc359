"""Parts of answers on their way to a person. Every method is one durable step.

States: ready → sending → sent. Or kept (waits for the person's next message), unreachable (kept, and the
platform says that the person cannot be reached until then), or unknown (the process died, or the platform did
not respond, while it was being sent).
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from runtime.channels import Quota
from runtime.store.moments import note
from runtime.store.sqlite import Database

OWED = "state in ('answered', 'kept', 'unreachable', 'unknown')"
"""Messages that may have undelivered parts; the index `owed` has the same words."""
WAITING = f"""
select p.seq, p.number, p.text from messages m indexed by owed join parts p on p.seq = m.seq
where m.publication=? and m.sender=? and m.{OWED}
  and p.state in ('ready', 'kept', 'unreachable') order by p.seq, p.number
"""
DOUBTFUL = WAITING.replace("('ready',", "('ready', 'unknown',")
"""Also what may have been shown: to whoever asks for it."""
UNTOLD = """
select distinct m.seq, m.publication, m.sender from parts p join messages m on m.seq = p.seq
where p.state='unknown' and m.accepted_at >= ?
  and not exists (select 1 from parts told where told.seq = p.seq and told.route='notice') order by m.seq
"""
LATELY = 48 * 3600
"""Seconds within which a person may be told."""
NEWEST = """
select accepted_at from messages indexed by conversation where publication=? and sender=?
order by seq desc limit 1
"""
PUSHED = """
select count(*) from parts where route in ('push', 'notice') and at >= ? and seq in
  (select seq from messages indexed by conversation where publication=? and sender=?
   order by seq desc limit 50)
"""
"""Of the last 50 messages: nobody has parts of older ones on the way."""


PartState = Literal["sent", "kept", "unreachable", "unknown"]


@dataclass(frozen=True)
class Part:
    seq: int
    number: int
    text: str


@dataclass(frozen=True)
class Taken:
    """What waits for a person, and how many parts may be pushed now; the first of `chosen` is claimed."""

    parts: Sequence[Part]
    left: int

    @property
    def fits(self) -> bool:
        return len(self.parts) <= self.left

    @property
    def chosen(self) -> Sequence[Part]:
        """If not all may be pushed, the last push is to say where the rest is."""
        return self.parts if self.fits else self.parts[: max(0, self.left - 1)]


class Parts:
    """The undelivered side of the message store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, publication: str, sender: str, *, asked: bool = False) -> list[Part]:
        """A person's undelivered parts, oldest answer first; if they were `asked` for, doubtful ones too."""
        sql = DOUBTFUL if asked else WAITING
        return await self._database.read(
            lambda db: [Part(*row) for row in db.execute(sql, (publication, sender))]
        )

    async def carry(
        self,
        seq: int,
        publication: str,
        sender: str,
        compose: Callable[[list[Part]], tuple[str, list[Part]]],
        now: float,
        *,
        asked: bool = False,
    ) -> str:
        """Choose what the callback of `seq` is answered with, and record it; a repeat gets the same again.

        `compose` is given all parts that wait for the person, if it was `asked` for also doubtful ones, and
        returns the text and the parts in it.
        Choosing and recording is one step, so that no part is carried by two responses.
        """

        sql = DOUBTFUL if asked else WAITING

        def work(db: sqlite3.Connection) -> str:
            row = db.execute("select response from messages where seq=?", (seq,)).fetchone()
            if row["response"]:
                return str(row["response"])
            text, carried = compose([Part(*row) for row in db.execute(sql, (publication, sender))])
            db.execute("update messages set response=? where seq=?", (text, seq))
            db.executemany(
                "update parts set state='sent', route='passive', at=? where seq=? and number=?",
                [(now, part.seq, part.number) for part in carried],
            )
            for part in carried:
                note(db, part.seq, now, "carried", str(part.number))
            for answered in {part.seq for part in carried}:
                settle(db, answered)
            if text and not carried:
                note(db, seq, now, "placeholder")
            return text

        return await self._database.write(work)

    async def take(self, publication: str, sender: str, quota: Quota, now: float) -> Taken:
        """What may be pushed to a person, see take()."""
        return await self._database.write(lambda db: take(db, publication, sender, quota, now))

    async def claim(self, part: Part, now: float) -> bool:
        """Take a part for pushing, on the disk before it is sent; False when somebody else has it."""
        return await self._database.write(lambda db: claim(db, part, now))

    async def pushed(self, part: Part, state: PartState, code: str, now: float) -> None:
        """Record what became of a claimed part."""

        def work(db: sqlite3.Connection) -> None:
            sql = "update parts set state=?, code=?, at=? where seq=? and number=?"
            db.execute(sql, (state, code, now, part.seq, part.number))
            note(db, part.seq, now, "pushed" if state == "sent" else state, code or str(part.number))
            settle(db, part.seq)

        await self._database.write(work)

    async def keep(self, seqs: Iterable[int], now: float) -> None:
        """What of these answers was not sent waits for the person's next message."""
        wanted = list(seqs)

        def work(db: sqlite3.Connection) -> None:
            for seq in wanted:
                sql = "update parts set state='kept' where seq=? and state='ready'"
                if db.execute(sql, (seq,)).rowcount:
                    note(db, seq, now, "kept")
                settle(db, seq)

        await self._database.write(work)

    async def noticed(self, seq: int, text: str, now: float) -> None:
        """A pushed sentence that says there is more; it counts as a push."""
        sql = (
            "insert into parts(seq, number, text, state, route, at)"
            " select ?, max(number) + 1, ?, 'sent', 'notice', ? from parts where seq=?"
        )
        await self._database.write(lambda db: db.execute(sql, (seq, text, now, seq)).rowcount)

    async def release(self, now: float) -> list[tuple[int, str, str]]:
        """At start: parts that were being sent when the process died may or may not have arrived.

        Returns whose parts are in doubt and who was not told yet: seq, publication, sender.
        """

        def work(db: sqlite3.Connection) -> list[tuple[int, str, str]]:
            rows = db.execute(
                "update parts set state='unknown' where state='sending' returning seq"
            ).fetchall()
            for row in rows:
                note(db, row["seq"], now, "unknown")
                settle(db, row["seq"])
            return [tuple(row) for row in db.execute(UNTOLD, (now - LATELY,))]

        return await self._database.write(work)


def settle(db: sqlite3.Connection, seq: int) -> None:
    """Derive the state of an answered message from its parts."""
    states = {row["state"] for row in db.execute("select state from parts where seq=?", (seq,))}
    if states & {"ready", "sending"}:
        return
    state = next((state for state in ("unreachable", "kept", "unknown") if state in states), "delivered")
    db.execute(
        "update messages set state=? where seq=? and state in ('answered', 'kept', 'unknown', 'unreachable')",
        (state, seq),
    )


def claim(db: sqlite3.Connection, part: Part, now: float) -> bool:
    sql = (
        "update parts set state='sending', route='push', at=?"
        " where seq=? and number=? and state in ('ready', 'kept', 'unreachable')"
    )
    return db.execute(sql, (now, part.seq, part.number)).rowcount == 1


def take(db: sqlite3.Connection, publication: str, sender: str, quota: Quota, now: float) -> Taken:
    """All undelivered parts of a person, and how many pushes the person's newest message still allows."""
    who = (publication, sender)
    parts = [Part(*row) for row in db.execute(WAITING, who)]
    newest = db.execute(NEWEST, who).fetchone()
    left = 0
    if newest is not None and now - newest["accepted_at"] < quota.seconds:
        left = max(0, quota.pushes - db.execute(PUSHED, (newest["accepted_at"], *who)).fetchone()[0])
    taken = Taken(parts, left)
    for part in taken.chosen[:1]:
        claim(db, part, now)
    return taken
