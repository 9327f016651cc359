"""Pages on which a person sees an answer that could not be brought any other way."""

from dataclasses import dataclass

from runtime.store.database import Database, Db
from runtime.store.messages.moments import note
from runtime.store.messages.page_secret import page_secret
from runtime.store.messages.settling import settle
from runtime.store.messages.states import UNSEEN, among

LIFE = 7 * 86_400
"""Seconds that a page can be opened after its answer was there."""


@dataclass(frozen=True)
class AnswerPage:
    """`reply` is Markdown, None while the turn runs."""

    seq: int
    publication: str
    question: str
    reply: str | None


class Pages:
    """Whoever has a page's secret may see it; it is not guessable and not listed anywhere."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def secret(self, seq: int) -> str:
        """The secret of a message's page; made at the first call."""
        return await self._database.write(lambda db: page_secret(db, seq))

    async def find(self, secret: str, now: float) -> AnswerPage | None:
        """None for one that never was, or whose time is over."""
        sql = (
            "select seq, publication, text, reply from messages"
            " where page=? and coalesce(finished_at, accepted_at) > ?"
        )
        row = await self._database.read(lambda db: db.execute(sql, (secret, now - LIFE)).fetchone())
        return AnswerPage(row["seq"], row["publication"], row["text"], row["reply"]) if row else None

    async def seen(self, page: AnswerPage, now: float) -> None:
        """The person has the whole answer: nothing of it waits any more."""

        def work(db: Db) -> None:
            sql = (
                "update parts set state='sent', route='page', at=?"
                f" where seq=? and state in ({among(UNSEEN)})"
            )
            if db.execute(sql, (now, page.seq)).rowcount:
                note(db, page.seq, now, "seen")
                settle(db, page.seq)

        await self._database.write(work)
