"""Tickets, for the gateway. Every method is one durable step, see `tickets`."""

from collections.abc import Sequence

from runtime.answer import AnswerPart
from runtime.message import Message
from runtime.person import Handing
from runtime.store.database import Database, Db
from runtime.store.messages import tickets
from runtime.store.messages.message_json import load
from runtime.store.messages.reached import reach
from runtime.store.messages.states import TicketState
from runtime.store.messages.tickets import Line, LineKind, Outcome, Standing, Ticket


class Tickets:
    """`by`: the operator. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(
        self, lane: tuple[str, str], agent: str, wanted: Handing, now: float, *, seq: int, step: str
    ) -> int:
        return await self._database.write(
            lambda db: tickets.open_ticket(db, lane, agent, wanted, now, seq=seq, step=step)
        )

    async def find(self, id: int) -> Ticket | None:
        return await self._database.read(lambda db: tickets.find(db, id))

    async def listed(
        self,
        *,
        done: bool = False,
        agents: Sequence[str] = (),
        skip: int = 0,
        most: int = tickets.MOST_LISTED,
    ) -> list[Ticket]:
        return await self._database.read(
            lambda db: tickets.listed(db, done=done, agents=agents, skip=skip, most=most)
        )

    async def lines(self, id: int) -> list[Line]:
        return await self._database.read(lambda db: tickets.lines_of(db, id))

    async def take(self, id: int, by: str, now: float) -> tuple[Outcome, list[int]]:
        return await self._database.write(lambda db: tickets.take(db, id, by, now))

    async def reach(self, seq: int, agent: str, by: str, now: float) -> tuple[Outcome, int, list[int]]:
        """See reached.reach."""
        return await self._database.write(lambda db: reach(db, seq, agent, by, now))

    async def say(
        self, id: int, by: str, text: str, parts: Sequence[AnswerPart], key: str, now: float
    ) -> tuple[Outcome, int]:
        return await self._database.write(lambda db: tickets.say(db, id, by, text, parts, key, now))

    async def move(self, id: int, by: str, state: TicketState, kind: LineKind, now: float) -> Outcome:
        return await self._database.write(lambda db: tickets.move(db, id, by, state, kind, now))

    async def note(self, id: int, by: str, text: str, now: float) -> bool:
        """Whether there is such a ticket."""

        def work(db: Db) -> bool:
            if tickets.find(db, id) is None:
                return False
            tickets.add_line(db, id, "note", by, text, now)
            return True

        return await self._database.write(work)

    async def set_due(self, id: int, by: str, due: float | None, now: float) -> bool:
        def work(db: Db) -> bool:
            sql = "update tickets set due=?, alerted=0 where id=? and state<>'done'"
            changed = db.execute(sql, (due, id)).rowcount == 1
            if changed:
                tickets.add_line(db, id, "due", by, "", now)
            return changed

        return await self._database.write(work)

    async def newest(self, ticket: Ticket) -> tuple[int, Message] | None:
        """The message that an operator's words would answer, and its number."""

        def work(db: Db) -> tuple[int, Message] | None:
            row = db.execute(tickets.ANSWERABLE, (ticket.publication, ticket.sender)).fetchone()
            if row is None:
                return None
            sql = "select message from messages where seq=?"
            return row["seq"], load(db.execute(sql, (row["seq"],)).fetchone()["message"])

        return await self._database.read(work)

    async def draft(self, id: int, text: str) -> None:
        """What the agent would say: seen by operators, sent by nobody."""
        sql = "update tickets set draft=? where id=? and state<>'done'"
        await self._database.write(lambda db: db.execute(sql, (text[: tickets.LONGEST_REPLY], id)).rowcount)

    async def overdue(self, now: float) -> list[Ticket]:
        return await self._database.write(lambda db: tickets.overdue(db, now))

    async def standing(self, now: float) -> Standing:
        return await self._database.read(lambda db: tickets.standing(db, now))

    async def unsent(self) -> list[tuple[str, int, Message]]:
        """Publication, number and message of what an operator's words answer and that is not there yet."""

        def work(db: Db) -> list[tuple[str, int, Message]]:
            rows = db.execute(tickets.UNSENT_WORDS).fetchall()
            return [(row["publication"], row["seq"], load(row["message"])) for row in rows]

        return await self._database.read(work)
