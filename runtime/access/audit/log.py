"""The one place that writes the audit log, and cuts off what is older than it is kept."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from runtime import wellformed
from runtime.access.audit.record import Deed, Record, Status, made, time_of
from runtime.access.audit.waiting import Waiting
from runtime.access.things.things import Things
from runtime.errors import StoreFailed
from runtime.store.database import Db
from runtime.store.messages import audit_rows as rows
from runtime.store.messages.beside import is_there, writing

DAY = 86_400.0
FORGOTTEN = 6 * 3600.0
"""Seconds after which what was begun is taken for broken off: its program was killed."""
BROKEN_OFF = "broken off: whether it was done is not known"
EVERY = 3600.0
"""Seconds between two looks for what is too old."""
WAITING = "audit-waiting.jsonl"
"""What commands did while there was no store of this version, until the next record is written."""


class Audit:
    """Raises StoreFailed, and NotSaved. Each may block for up to 2 s, and depends on no event loop.

    `mark`: nobody else can make it of the same words, see Control.mark; `days`: for how long records stay;
    `things`: what is read before and after each deed.
    """

    def __init__(
        self,
        data: Path,
        mark: Callable[[str], str],
        days: int = 365,
        clock: Callable[[], float] = time.time,
        things: Things | None = None,
    ) -> None:
        self.path = data / "messages.db"
        self._waiting = Waiting(data / WAITING)
        self.things = things
        self.mark, self._days, self._clock = mark, days, clock
        self._looked = 0.0

    def pseudonym(self, publication: str, person: str) -> str:
        """Of somebody who writes: the same each time, and nobody without our key finds out who."""
        return f"person {self.mark(f'audit {publication} {person}')[:16]}"

    def begin(self, deed: Deed) -> str:
        """To be ended by `end`, with what this returns. Where this fails, nothing may be done."""
        id = secrets.token_hex(8)
        if not self._written(
            lambda db: rows.begin(db, id, json.dumps(asdict(deed.bounded())), self._clock())
        ):
            self._waiting.check()
        return id

    def end(
        self, id: str, deed: Deed, status: Status, before: tuple[str, ...] = (), after: tuple[str, ...] = ()
    ) -> None:
        self._keep(made(deed, status, before, after), id)

    def add(
        self, deed: Deed, status: Status = "done", before: tuple[str, ...] = (), after: tuple[str, ...] = ()
    ) -> None:
        """What is over when it is told, such as a sign-in that was refused."""
        self._keep(made(deed, status, before, after))

    def tell(self, deed: Deed, status: Status, after: tuple[str, ...] = ()) -> None:
        """Of who comes and goes: it waits in the file while the store is away, so that nobody is kept out."""
        try:
            self.add(deed, status, (), after)
        except StoreFailed:
            self._waiting.add(made(deed, status, (), after), time_of(self._clock()))

    def _keep(self, record: Record, begun: str = "") -> None:
        """`begun`: what `begin` returned, where it began before."""

        def work(db: Db) -> None:
            if begun:
                rows.end(db, begun)
            self._append(db, record)

        if not self._written(work):
            self._waiting.add(record, time_of(self._clock()))

    def _written(self, work: Callable[[Db], object]) -> bool:
        """False where there is no store, or one of an older version: then it is not made by us."""
        if not is_there(self.path):
            return False
        try:
            with self._waiting.taken() as before, writing(self.path) as db:
                for record in before:
                    self._append(db, record)
                self._look_after(db)
                work(db)
        except StoreFailed as e:
            if e.code != "tables":
                raise
            return False
        return True

    def _append(self, db: Db, record: Record) -> None:
        def sealed(number: int, at: float, previous: str) -> tuple[str, str]:
            said = record.at or time_of(at)
            whole = replace(record, number=number, at=said, previous=previous).sealed()
            return whole.text, whole.hash

        rows.append(db, rows.Told(record.who, record.what, record.status), sealed, self._clock())

    def _look_after(self, db: Db) -> None:
        """What was broken off, and what is too old."""
        now = rows.clock(db, self._clock())
        if 0 <= now - self._looked < EVERY:
            return
        self._looked = now
        for row in rows.begun_before(db, now - FORGOTTEN):
            if rows.end(db, row["id"]):
                self._append(db, made(_begun(row["record"]), "failed", (), (BROKEN_OFF,)))
        self._cut(db, now)

    def _cut(self, db: Db, now: float) -> None:
        last = rows.ends_before(db, now - self._days * DAY)
        if last is None:
            return
        rows.cut(db, last, self.mark(cut_words(int(last["number"]), str(last["hash"]))), self._clock())
        deed = Deed("system", "", "audit.cut", "record", str(last["number"]))
        self._append(db, made(deed, "done", (), (f"{self._days} days", str(last["hash"]))))


def _begun(told: str) -> Deed:
    """What no version of us wrote is told of as that: nothing else is kept from being written down by it."""
    try:
        return Deed(**{name: str(value) for name, value in wellformed.load(told).items()})
    except (ValueError, TypeError, AttributeError):
        return Deed("system", "", "audit.unreadable", "record", told)


def cut_words(number: int, hash: str) -> str:
    return f"audit cut {number} {hash}"
