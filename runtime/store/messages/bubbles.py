"""Answers shown in one bubble that grows. What ended a bubble is kept as the response to its message."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from runtime.answer import AnswerPart
from runtime.message import Message
from runtime.store.database import Database, Db, instance_of
from runtime.store.messages.carried import Carried, Part
from runtime.store.messages.message_json import load
from runtime.store.messages.moments import note
from runtime.store.messages.parts import WAITING, Pushed, part_of_row
from runtime.store.messages.settling import settle
from runtime.store.messages.states import UNSENT, among

ROUTE = "bubble"


@dataclass(frozen=True)
class Carrying:
    """Parts that are being sent as the end of a bubble."""

    text: str
    parts: Sequence[Part]


class BubbleRows:
    """Every method is one durable step."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def message(self, seq: int, publication: str) -> Message | None:
        sql = "select message from messages where seq=? and publication=?"
        row = await self._database.read(lambda db: db.execute(sql, (seq, publication)).fetchone())
        return load(row["message"]) if row else None

    async def is_answered(self, seq: int) -> bool:
        sql = "select 1 from messages where seq=? and reply is not null"
        return await self._database.read(lambda db: db.execute(sql, (seq,)).fetchone() is not None)

    async def ended_with(self, seq: int) -> str:
        """What its bubble was ended with before the answer was there; "" when it was not."""
        return await self._database.read(lambda db: _response(db, seq))

    async def end_early(self, seq: int, text: str, now: float) -> str | None:
        """End the bubble of a message whose turn runs still; returns with what, which may have been chosen
        before. None when the turn is over: its answer ends the bubble."""

        def work(db: Db) -> str | None:
            sql = "update messages set response=? where seq=? and state='accepted' and response is null"
            if db.execute(sql, (text, seq)).rowcount:
                note(db, seq, now, "placeholder")
            sql = "select 1 from messages where seq=? and state='accepted'"
            return _response(db, seq) if db.execute(sql, (seq,)).fetchone() else None

        return await self._database.write(work)

    async def claim(
        self, publication: str, sender: str, compose: Callable[[list[Part]], Carried], now: float
    ) -> Carrying | None:
        """What waits for the person and fits, on the disk as being sent; None when nothing does."""

        def work(db: Db) -> Carrying | None:
            rows = db.execute(WAITING, (publication, sender)).fetchall()
            parts = [part_of_row(row) for row in rows if row["state"] in UNSENT]
            if not parts:
                return None
            carried = compose(parts)
            chosen = carried.parts
            db.executemany(
                f"update parts set state='sending', route='{ROUTE}', at=?, owner=? where seq=? and number=?",
                [(now, instance_of(db) or 0, part.seq, part.number) for part in chosen],
            )
            return Carrying(carried.text, chosen)

        return await self._database.write(work)

    async def sent(self, carrying: Carrying, state: Pushed, code: str, now: float) -> None:
        """What became of them; `ready`: they are to go another way."""

        def work(db: Db) -> None:
            sql = "update parts set state=?, code=?, at=? where seq=? and number=? and state='sending'"
            for part in carrying.parts:
                if db.execute(sql, (state, code, now, part.seq, part.number)).rowcount and state != "ready":
                    note(db, part.seq, now, "carried" if state == "sent" else state, code or str(part.number))
            for seq in {part.seq for part in carrying.parts}:
                settle(db, seq)

        await self._database.write(work)

    async def showed(self, seq: int, shown: str, now: float) -> None:
        """Of an answer that is to go another way, the bubble shows the beginning already."""
        first = f"seq=? and number=0 and state in ({among(UNSENT)})"

        def work(db: Db) -> None:
            row = db.execute(f"select text from parts where {first}", (seq,)).fetchone()
            if row is None:
                return
            if rest := rest_of(row["text"], shown):
                db.execute(f"update parts set text=? where {first}", (rest, seq))
                return
            db.execute(f"update parts set state='sent', at=? where {first}", (now, seq))
            note(db, seq, now, "carried", "0")
            settle(db, seq)

        await self._database.write(work)


def divided(db: Db, seq: int, parts: Sequence[AnswerPart | str]) -> tuple[Sequence[AnswerPart | str], int]:
    """The parts of an answer, and how many of the first the person has: the bubble ended with them before."""
    shown, first = _response(db, seq), parts[0] if parts else ""
    text = first.text if isinstance(first, AnswerPart) else first
    is_text = isinstance(first, str) or first.kind == "text"
    if not shown or not is_text or not text.startswith(shown):
        return parts, 0
    rest = rest_of(text, shown)
    return [shown, *([rest] if rest else []), *parts[1:]], 1


def rest_of(text: str, shown: str) -> str:
    """What follows what was shown; all where that was something else."""
    return text[len(shown) :].strip("\n") if shown and text.startswith(shown) else text


def _response(db: Db, seq: int) -> str:
    row = db.execute("select response from messages where seq=?", (seq,)).fetchone()
    return str(row["response"] or "") if row else ""
