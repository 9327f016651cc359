"""Looks into the messages for the operator: read-only, bounded, beside the writer and never in its way."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from runtime.store.database import Db, Row
from runtime.store.messages.beside import is_there, looking
from runtime.store.messages.failing import Failing, failing
from runtime.store.messages.figures import (
    ASKED,
    ENDED,
    REASON,
    WORKING,
    WRONG,
    Figures,
    Slot,
    either,
    figures,
    newest_of,
    people,
)
from runtime.store.messages.followed import IN_TALK
from runtime.store.messages.handed import Handed, find
from runtime.store.messages.ratings import Rating, ratings
from runtime.store.messages.states import WAITING, MessageState, among
from runtime.store.messages.tables import TO_BE_DONE
from runtime.store.messages.tallies import PUBLICATIONS, Span, Tally, span
from runtime.store.messages.within import WITHIN, within_of
from runtime.store.sealing.sealed_db import row_of

SECONDS = 5.0
"""A query that takes longer is stopped."""
SEARCHED = 50_000
"""So many of the newest messages are searched for a text…"""
MATCHES = 500
"""…until so many are found."""
SHOWN_TODO = 100
LONGEST_LINE = 300  # characters of a text in a list
DAY = 86_400

LINE = """
select seq, publication, sender, key, kind, text, reply, state, failure,
  accepted_at, finished_at, prompt_tokens + completion_tokens tokens, cost, doubt, handoff, finish
from messages
"""
Todo = Literal["kept", "aside", "unknown", "bounced", "doubt", "handoff"]
KINDS: dict[Todo, str] = {
    "kept": f"state in ({among(WAITING)})",
    "aside": "failure='aside' and state<>'accepted'",
    "unknown": "state='unknown'",
    "bounced": "state='bounced'",
    "doubt": "doubt=1",
    "handoff": "handoff=1",
}


@dataclass(frozen=True)
class Wanted:
    """Which messages. Times: seconds since 1970, `until` not included."""

    since: float
    until: float
    publications: tuple[str, ...] = ()
    """None: all."""
    states: tuple[MessageState, ...] = ()
    """None: any."""
    failed: bool = False
    text: str = ""
    """In the message or in the answer."""

    @property
    def is_whole(self) -> bool:
        """All that came to these publications then."""
        return not (self.states or self.failed or self.text)


@dataclass(frozen=True)
class Found:
    """One page of a list, and how many there are. `more`: a search that stopped before the end."""

    lines: list[Row]
    total: int
    more: bool = False


@dataclass(frozen=True)
class Whole:
    """One message with all that is known of it."""

    row: Row
    moments: list[Row]
    parts: list[Row]
    trace: list[dict[str, Any]]


@dataclass(frozen=True)
class Lately:
    """How messages of one publication ended of late."""

    messages: int = 0
    failed: int = 0


class Insights:
    """Questions about `data/messages.db`. Every method may block for up to `seconds`; thread-safe.

    Raises TooSlow and Unreadable.
    """

    def __init__(self, path: Path, seconds: float = SECONDS) -> None:
        self.path = path
        self.seconds = seconds

    def publications(self) -> list[str]:
        """All that messages came to, also those that were unpublished."""
        with self.reading() as db:
            return [row["id"] for row in db.execute(PUBLICATIONS)]

    def figures(self, slots: Sequence[Slot]) -> dict[int, Figures]:
        """By the slots' numbers."""
        with self.reading() as db:
            return figures(db, slots)

    def people(self, slots: Sequence[Slot]) -> dict[str, int]:
        """By publication; one without people is missing."""
        with self.reading() as db:
            return people(db, slots)

    def lately(self, publication: str, since: float) -> Lately:
        """Those that came since then, whose turn is over."""
        where = f"publication=:publication and accepted_at >= :since and {ASKED}"
        counts = f"select count(*), count(*) filter (where {WRONG}) {ENDED} {where}"
        with self.reading() as db:
            return Lately(*db.execute(counts, {"publication": publication, "since": since}).fetchone())

    def failures(self, wanted: Wanted) -> list[tuple[str, int]]:
        """Reasons and how often, the most frequent first."""
        found = Counter[str]()
        with self.reading() as db:
            tallies, rest = _counted(db, wanted)
            for tally in tallies:
                found.update(tally.reasons)
            for which, where, given in rest:
                sql = f"select {REASON}, count(*) {which} {where} and {WRONG} group by 1"
                found.update(dict(db.execute(sql, given)))
        return sorted(found.items(), key=lambda one: (-one[1], one[0]))

    def fact(self, name: str) -> tuple[str, float] | None:
        """A small thing that the gateway found out, and when: seconds since 1970. None: it did not."""
        if not is_there(self.path):
            return None
        with self.reading() as db:
            row = db.execute("select value, at from facts where name=?", (name,)).fetchone()
            return (str(row["value"]), float(row["at"])) if row else None

    def failing(self, now: float) -> Sequence[Failing]:
        """Publications whose newest messages of the last day could not be answered."""
        if not is_there(self.path):
            return ()
        with self.reading() as db:
            return failing(db, now - DAY)

    def find(self, wanted: Wanted, limit: int, offset: int = 0) -> Found:
        """Newest first."""
        with self.reading() as db:
            where, given = _where(wanted)
            total = _total(db, wanted)
            # `ended` has them in this order, so that the newest are found without a look at the rest
            newest = (
                f"{either('seq, accepted_at', where)} order by accepted_at desc limit :limit offset :offset"
            )
            if wanted.text:
                found = _search(db, wanted.text, newest, given)
                page, more = (
                    found[:MATCHES][offset : offset + limit],
                    len(found) > MATCHES or total > SEARCHED,
                )
                return Found(_lines(db, page), min(len(found), MATCHES), more)
            given |= {"limit": limit, "offset": offset, "most": limit + offset}
            return Found(_lines(db, db.execute(newest_of(where), given)), total)

    def message(self, seq: int) -> Whole | None:
        with self.reading() as db:
            row = db.execute("select * from messages where seq=?", (seq,)).fetchone()
            if row is None:
                return None
            moments = db.execute(
                "select at, what, detail from moments where seq=? order by at, rowid", (seq,)
            )
            parts = db.execute("select * from parts where seq=? order by number", (seq,))
            return Whole(row, moments.fetchall(), parts.fetchall(), json.loads(row["trace"] or "[]"))

    def ratings(self, publications: Sequence[str], since: float, until: float) -> list[Rating]:
        """What people thought of answers, told in that time, newest first."""
        with self.reading() as db:
            return ratings(db, publications, since, until)

    def conversation(self, seq: int, limit: int) -> list[Row]:
        """What the same person wrote up to this message, oldest first, with the answers."""
        with self.reading() as db:
            who = db.execute("select publication, sender from messages where seq=?", (seq,)).fetchone()
            where = f"publication=? and sender=? and seq<=? and {IN_TALK}"
            sql = f"select * from messages where {where} order by seq desc limit ?"
            return db.execute(sql, (*who, seq, limit)).fetchall()[::-1] if who else []

    def handed(self, seq: int, now: float) -> Handed | None:
        """Whether a human has the person who wrote that message."""
        with self.reading() as db:
            who = db.execute("select publication, sender from messages where seq=?", (seq,)).fetchone()
            return find(db, who["publication"], who["sender"], now) if who else None

    def newest_of(self, seq: int) -> int:
        """The newest message of the person who wrote this one."""
        with self.reading() as db:
            sql = (
                "select max(b.seq) from messages a join messages b"
                " on b.publication=a.publication and b.sender=a.sender where a.seq=?"
            )
            return int(db.execute(sql, (seq,)).fetchone()[0] or seq)

    def todo(self, kind: Todo, since: float, within: Collection[str] | None = None) -> Found:
        """What waits for the operator and is not done, newest first; SHOWN_TODO at most. `within`: of these
        publications."""
        where = (
            f"({TO_BE_DONE}) and ({KINDS[kind]}) and accepted_at >= ?"
            f" and {WITHIN}"
            " and not exists (select 1 from moments d where d.seq=messages.seq and d.what='done')"
        )
        with self.reading() as db:
            waiting = f"from messages indexed by to_be_done where {where}"
            newest = f"select seq {waiting} order by accepted_at desc limit ?"
            asked = (since, *within_of(within))
            lines = _lines(db, db.execute(newest, (*asked, SHOWN_TODO)))
            total = db.execute(f"select count(*) {waiting}", asked).fetchone()[0]
            return Found(lines, total)

    @contextmanager
    def reading(self) -> Iterator[Db]:
        """A connection that cannot write and gives up in time."""
        with looking(self.path, self.seconds) as db:
            yield db


def _total(db: Db, wanted: Wanted) -> int:
    tallies, rest = _counted(db, wanted)
    number = sum(int(tally.numbers["messages"] or 0) + tally.questions for tally in tallies)
    for which, where, given in rest:
        number += int(db.execute(f"select count(*) {which} {where}", given).fetchone()[0])
    return number


def _counted(db: Db, wanted: Wanted) -> tuple[list[Tally], list[tuple[str, str, dict[str, Any]]]]:
    """What was counted of these messages, and how to ask for the rest."""
    time = (span if wanted.is_whole else Span.unread)(db, wanted.since, wanted.until)
    asked = [(ENDED, *times) for times in time.rest] + [(WORKING, wanted.since, wanted.until)]
    rest = [(which, *_where(replace(wanted, since=since, until=until))) for which, since, until in asked]
    return [tally for _, tally in time.tallies(db, wanted.publications or None)], rest


def _where(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    where = f"accepted_at >= :since and accepted_at < :until and {ASKED}"
    given: dict[str, Any] = {"since": wanted.since, "until": wanted.until}
    for column, wished in (("publication", wanted.publications), ("state", wanted.states)):
        if wished:
            where += f" and {column} in (select value from json_each(:{column}))"
            given[column] = json.dumps(wished)
    if wanted.failed:
        where += " and failure<>''"
    return where, given


def _search(db: Db, text: str, newest: str, given: dict[str, Any]) -> list[Row]:
    """Those of the newest that hold the text, newest first; one more than MATCHES at most."""
    pattern = "%" + text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    # cross join: in the order of the newest, so that the limit ends it early
    sql = (
        f"select m.seq from ({newest}) n cross join messages m where m.seq=n.seq"
        r" and (m.text like :pattern escape '\' or m.reply like :pattern escape '\')"
        " /*postgresql: order by n.accepted_at desc */ limit :matches"
    )
    more = {"limit": SEARCHED, "offset": 0, "pattern": pattern, "matches": MATCHES + 1}
    return db.execute(sql, {**given, **more}).fetchall()


def _lines(db: Db, seqs: Iterable[Row]) -> list[Row]:
    """The messages in that order, each short enough for a list."""
    order = [row["seq"] for row in seqs]
    found = db.execute(f"{LINE} where seq in ({_marks(order)})", order)
    rows = {row["seq"]: row_of(row, LONGEST_LINE) for row in found}
    return [rows[seq] for seq in order if seq in rows]


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))
