"""One message and how it was answered, for a program that asks for it by its id, or has it forgotten."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.message import Message
from runtime.store.database import Database, Db
from runtime.store.messages.erasing import Erased, erase_messages
from runtime.store.messages.message_json import load
from runtime.store.messages.people import Face
from runtime.store.messages.states import UNFINISHED, MessageState
from runtime.store.messages.waits import OPEN, SEEN, Waits, read_one

FOUND = (
    "select seq, message, state, reply, failure, accepted_at, prompt_tokens, completion_tokens, finish"
    " from messages where publication=? and sender=? and key=?"
)


@dataclass(frozen=True)
class OneAnswer:
    """`failure`: its code, "" for none; `at`: when it came, seconds since 1970; `finish`: see
    events.Replied; `waits`: what its turn left that waits."""

    seq: int
    message: Message
    state: MessageState
    reply: str
    failure: str
    at: float
    prompt_tokens: int
    completion_tokens: int
    finish: str
    waits: Waits | None

    @property
    def is_over(self) -> bool:
        return self.state not in ("accepted",)

    @property
    def is_forgotten(self) -> bool:
        """Its words are gone, by whatever way."""
        said = self.message.text or self.message.data or self.message.wishes
        return self.is_over and not (said or self.reply or self.failure)

    @property
    def calls(self) -> Sequence[Mapping[str, Any]]:
        """Of tools of the program's own, whose results it waits for."""
        return self.waits.data["calls"] if self.waits and self.waits.kind == "results" else ()


class OneAnswers:
    """Raises StoreFailed."""

    def __init__(self, database: Database, remove: Callable[[Collection[str]], Awaitable[None]]) -> None:
        """`remove`: takes files away, by their hashes."""
        self._database, self._remove = database, remove

    async def find(self, publication: str, sender: str, key: str) -> OneAnswer | None:
        """None when there is none, or its words are gone."""

        def work(db: Db) -> OneAnswer | None:
            row = db.execute(FOUND, (publication, sender, key)).fetchone()
            if row is None:
                return None
            found = OneAnswer(
                row["seq"],
                load(row["message"]),
                row["state"],
                row["reply"] or "",
                row["failure"] or "",
                row["accepted_at"],
                row["prompt_tokens"],
                row["completion_tokens"],
                row["finish"],
                _left(db, row["seq"]),
            )
            return None if found.is_forgotten else found

        return await self._database.read(work)

    async def waits(self, seq: int) -> Waits | None:
        """What the turn of that message left that waits."""
        return await self._database.read(lambda db: _left(db, seq))

    async def forget(self, publication: str, sender: str, key: str, now: float) -> bool:
        """Its words, those of its answer and what waits of it; whether there were any. What is under way is
        not forgotten. That it came, and what it cost, stays."""

        def work(db: Db) -> Erased | None:
            row = db.execute(FOUND, (publication, sender, key)).fetchone()
            if row is None or row["state"] in UNFINISHED:
                return None
            face, erased = Face(publication, sender), Erased()
            db.execute("delete from waits where seq=?", (row["seq"],))
            upto = [(face, row["seq"] + 1)]
            erase_messages(db, {row["seq"]: row["state"]}, face, now, upto, erased, ends=False)
            return erased

        erased = await self._database.write(work, scrub=True)
        if erased and erased.files:
            await self._remove(erased.files)
        return erased is not None


def _left(db: Db, seq: int) -> Waits | None:
    return read_one(db.execute(f"select {SEEN} from waits where seq=? and {OPEN} limit 1", (seq,)).fetchone())
