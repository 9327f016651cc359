"""Messages, their answers and deliveries, in SQLite. Every method is one durable step, see `states`."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from runtime.answer import AnswerPart
from runtime.message import Exchange, Message, Quota
from runtime.store.database import Db, Lane, Outside, of_one, unwatched
from runtime.store.database.place import place_of
from runtime.store.messages.accepting import Accepted, Accepting
from runtime.store.messages.arrivals import Came, accept_all
from runtime.store.messages.consents import Consents, Marks, unmarked
from runtime.store.messages.counting import Counting
from runtime.store.messages.customers import Customers
from runtime.store.messages.desk import Tickets
from runtime.store.messages.ending import Answer
from runtime.store.messages.ending import Outcome as Outcome
from runtime.store.messages.families import Families
from runtime.store.messages.finishing import Delivery, Finished, finish
from runtime.store.messages.handed import HandedOver
from runtime.store.messages.history import earlier, newest_thread
from runtime.store.messages.instances import Instances
from runtime.store.messages.judged import Judged
from runtime.store.messages.media import MediaRecords
from runtime.store.messages.moments import note
from runtime.store.messages.newest import newest
from runtime.store.messages.one_answer import OneAnswers
from runtime.store.messages.outbox import Outbox
from runtime.store.messages.pages import Pages
from runtime.store.messages.parts import HELD, Parts, store_parts, stored_as
from runtime.store.messages.person_writes import PersonWrites
from runtime.store.messages.proofs import Proofs
from runtime.store.messages.remembered import Remembered
from runtime.store.messages.reminders import Reminders
from runtime.store.messages.restored import HELD as RESTORED
from runtime.store.messages.runs import Runs
from runtime.store.messages.shared import Shared
from runtime.store.messages.states import (
    MESSAGE_STEPS,
    UNFINISHED,
    MessageState,
    among,
    before,
)
from runtime.store.messages.steps import Facts, Steps
from runtime.store.messages.tables import TABLES
from runtime.store.messages.unfinished import Unfinished, begin_again, readable
from runtime.store.messages.waits import WaitRows
from runtime.store.sealing.sealed_database import sealed

log = logging.getLogger(__name__)

NONE: Mapping[str, str] = {}


class Messages:
    """The hot store of the gateway."""

    def __init__(self, path: Path, outside: Outside = unwatched, marks: Marks = unmarked) -> None:
        """`marks`: see consents.mark_of."""
        self.database = sealed(place_of(path).open(TABLES, outside), path)
        self.counting, self.parts = Counting(self.database, path), Parts(self.database)
        self.pages = Pages(self.database)
        self.steps, self.facts = Steps(self.database), Facts(self.database)
        self.outbox, self.handed = Outbox(self.database), HandedOver(self.database)
        self.media, self.shared = MediaRecords(self.database), Shared(self.database)
        self.remembered = Remembered(self.database, marks)
        self.consents, self.proofs = Consents(self.database, marks), Proofs(self.database)
        self.values, self.customers = PersonWrites(self.database), Customers(self.database)
        self.runs, self.reminders = Runs(self.database), Reminders(self.database)
        self.instances = Instances(self.database)
        self.waits, self.tickets = WaitRows(self.database), Tickets(self.database)
        self.judged, self.families = Judged(self.database), Families(self.database)
        self.one_answers = OneAnswers(self.database, lambda hashes: self.remembered.remove(hashes))

    async def accept(
        self, publication: str, message: Message, now: float, turns: int = 0, *, desk_seconds: float = 0.0
    ) -> Accepted:
        """Store a message; see accepting.Accepting."""
        return await self.database.write(Accepting(publication, message, now, turns, desk_seconds))

    async def accept_all(self, publication: str, came: Came, now: float) -> list[Accepted]:
        """In one step."""
        return await self.database.write(lambda db: accept_all(db, publication, came, now))

    async def finish(
        self,
        seq: int,
        outcome: Outcome,
        parts: Sequence[AnswerPart | str],
        now: float,
        state: Literal["answered", "silent"],
        push: tuple[str, str, Quota] | None = None,
        *,
        lane: Lane | None = None,
        hand_over: tuple[str, str, float] | None = None,
        grew: bool = False,
        respond: bool = False,
    ) -> Finished:
        """Keep how the turn ended and what there is to deliver, before any of it is sent; see Delivery.
        `lane`: whose it is."""
        delivery = Delivery(push, hand_over, grew, respond)
        return await self.database.write(
            of_one(lane, lambda db: finish(db, seq, outcome, parts, now, state, delivery))
        )

    async def history(self, publication: str, sender: str, before: int, turns: int) -> list[Exchange]:
        """The sender's earlier messages that got an answer, oldest first."""

        return await self.database.read(lambda db: earlier(db, publication, sender, before, turns))

    async def unfinished(self) -> list[Unfinished]:
        """Messages that a stopped process left behind, oldest first; of several instances, those that are
        ours."""
        own = (self.database.instance,) if self.database.is_shared else ()
        where = f"state in ({among(UNFINISHED)}){' and owner=?' if own else ''}"
        sql = f"select seq, publication, state, tries, message from messages where {where} order by seq"
        return await self.database.read(lambda db: list(readable(db.execute(sql, own))))

    async def unfinished_until(self, seq: int, last: int) -> list[Unfinished]:
        """Of the person of that message, oldest first, those that are ours, until `last`; with `begun`."""
        sql = f"""select m.seq, m.publication, m.state, m.tries, m.message,
          exists(select 1 from steps s where s.seq=m.seq) or exists(select 1 from parts p where p.seq=m.seq)
            as begun
          from messages l join messages m
          on m.publication=l.publication and m.sender=l.sender
          where l.seq=? and m.seq<=? and m.owner=? and m.state in ({among(UNFINISHED)}) order by m.seq"""
        own = self.database.instance

        def work(db: Db) -> list[Unfinished]:
            rows = db.execute(sql, (seq, last, own)).fetchall()
            begun = {row["seq"] for row in rows if row["begun"]}
            return [replace(one, begun=one.seq in begun) for one in readable(rows)]

        return await self.database.read(work)

    async def restored(self) -> set[int]:
        """What a restore holds back until the owner says so."""
        return await self.database.read(lambda db: {seq for (seq,) in db.execute(RESTORED)})

    async def resumed(self, seq: int, now: float) -> None:
        """Note that this message is taken up again."""
        await self.database.write(lambda db: note(db, seq, now, "resumed"))

    async def blame(self, seqs: Iterable[int]) -> None:
        """Their own work was being done when the process died."""
        sql, rows = "update messages set tries=tries+1 where seq=?", [(seq,) for seq in seqs]
        await self.database.write(lambda db: db.executemany(sql, rows))

    async def put_aside(self, seq: int, sorry: str, parts: Sequence[str], now: float) -> None:
        """It stopped the program three times: the person is told, the operator may send it again."""

        def work(db: Db) -> None:
            sql = (
                "update messages set state='answered', reply=?, failure='aside', finished_at=?"
                " where seq=? and state='accepted'"
            )
            if db.execute(sql, (sorry, now, seq)).rowcount:
                store_parts(db, stored_as(seq, parts))
                note(db, seq, now, "aside")

        await self.database.write(work)

    async def shed(self, seq: int, busy: str, now: float) -> None:
        """Too much to do: answered with the busy text, and that is its end."""

        def work(db: Db) -> None:
            sql = (
                "update messages set state='shed', failure='shed', reply=?, response=?, finished_at=?"
                f" where seq=? and state in ({among(before('shed', MESSAGE_STEPS))})"
            )
            if db.execute(sql, (busy, busy, now, seq)).rowcount:
                note(db, seq, now, "shed")

        await self.database.write(work)

    async def again(self, seq: int, now: float) -> Unfinished | None:
        """Begin anew because the operator wants it: answered parts are sent, failed turns run again."""

        return await self.database.write(lambda db: begin_again(db, seq, now))

    async def held(
        self, publication: str, since: float, after: str, most: int
    ) -> tuple[list[Unfinished], str]:
        """The newest message of everybody for whom something is to be sent or told, so many at a time.

        Of messages since then. `after` is "" at first, then what the call before gave; "" again at the end.
        """
        sql = (
            "select seq, publication, state, tries, message from messages indexed by conversation"
            " where publication=? and sender=? order by seq desc limit 1"
        )

        def work(db: Db) -> tuple[list[Unfinished], str]:
            found = db.execute(HELD.format(columns="m.sender"), (publication, after, since, most))
            people = [row["sender"] for row in found]
            newest = (db.execute(sql, (publication, sender)).fetchone() for sender in people)
            return list(readable(newest)), people[-1] if len(people) == most else ""

        return await self.database.read(work)

    async def publication_of(self, seq: int) -> str | None:
        sql = "select publication from messages where seq=?"
        row = await self.database.read(lambda db: db.execute(sql, (seq,)).fetchone())
        return row["publication"] if row else None

    async def lane_of(self, seq: int) -> tuple[str, str] | None:
        """Publication and sender."""
        sql = "select publication, sender from messages where seq=?"
        row = await self.database.read(lambda db: db.execute(sql, (seq,)).fetchone())
        return (row["publication"], row["sender"]) if row else None

    async def mark(self, seq: int, state: MessageState) -> None:
        """Nothing changes where that state may not follow, e.g. when it is over."""
        earlier = among(before(state, MESSAGE_STEPS))
        sql = f"update messages set state=? where seq=? and state in ({earlier})"
        await self.database.write(lambda db: db.execute(sql, (state, seq)).rowcount)

    async def newest(self, publication: str, sender: str) -> Message | None:
        """What this person wrote last, or did; None for whoever never wrote."""
        found = await self.database.read(lambda db: newest(db, publication, sender))
        return found.message if found else None

    async def thread(self, publication: str, sender: str) -> str:
        """The newest that a message of this person brought; "" when none did."""
        return await self.database.read(lambda db: newest_thread(db, publication, sender))

    async def is_taken_back(self, seq: int) -> bool:
        sql = "select 1 from messages where seq=? and state='recalled'"
        return await self.database.read(lambda db: db.execute(sql, (seq,)).fetchone()) is not None

    async def outcome(self, seq: int) -> Answer | None:
        """How a message was answered; None while it was not."""
        sql = "select reply, failure, finish from messages where seq=? and reply is not null"
        row = await self.database.read(lambda db: db.execute(sql, (seq,)).fetchone())
        return Answer(row["reply"], row["failure"], row["finish"]) if row else None

    def close(self) -> None:
        self.database.close()
