"""Pages on which a person sees an answer that could not be brought any other way."""

import secrets
import sqlite3
from dataclasses import dataclass

from runtime.store.moments import note
from runtime.store.parts import settle
from runtime.store.sqlite import Database


@dataclass(frozen=True)
class Page:
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

        def work(db: sqlite3.Connection) -> str:
            sql = "update messages set page=coalesce(page, ?) where seq=? returning page"
            return str(db.execute(sql, (secrets.token_urlsafe(16), seq)).fetchone()["page"])

        return await self._database.write(work)

    async def find(self, secret: str) -> Page | None:
        sql = "select seq, publication, text, reply from messages where page=?"
        row = await self._database.read(lambda db: db.execute(sql, (secret,)).fetchone())
        return Page(row["seq"], row["publication"], row["text"], row["reply"]) if row else None

    async def seen(self, page: Page, now: float) -> None:
        """The person has the whole answer: nothing of it waits any more."""

        def work(db: sqlite3.Connection) -> None:
            sql = (
                "update parts set state='sent', route='page', at=? where seq=? and state in ('ready', 'kept')"
            )
            if db.execute(sql, (now, page.seq)).rowcount:
                note(db, page.seq, now, "seen")
                settle(db, page.seq)

        await self._database.write(work)
