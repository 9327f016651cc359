"""Who is to be asked for a score: whoever had an answer and is silent, or comes back from an operator."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from runtime.choices import is_disguised
from runtime.message import Message
from runtime.store.database import Database, Db, Row
from runtime.store.messages.accepting import Accepting
from runtime.store.messages.handed import find as handed
from runtime.store.messages.message_json import load
from runtime.store.messages.newest import Newest, newest
from runtime.store.messages.reminders import Due
from runtime.store.messages.states import UNFINISHED, among
from runtime.store.messages.tickets import OPEN
from runtime.store.messages.wished import wish_of

ASKS = "score"
"""In the data of a question: the number of the message that the conversation ended with."""
QUESTION = f"(kind='start' and key like '{ASKS} %')"
"""Whether a row is such a question, in SQL."""
BY, LANGUAGE = "by", "language"
"""…and the operator who had the person, "" for none; and the language of the question."""
AGAIN = 7 * 86_400.0
"""Seconds in which nobody is asked twice."""
LOOKED_AT = 1000
"""Messages of a person, the newest, in which it is seen whether they were asked, or said that they want no
question before that was noted (see wished)."""
MOST = 200
"""People of one look."""
OPERATED = 86_400.0
"""Seconds in which an operator's words belong to the same conversation."""
DESKS = 2000
"""Tickets, the newest, of which it is looked whether one was just done."""

WROTE = f"""
select distinct sender from messages indexed by ended
where state not in ({among(UNFINISHED)}) and accepted_at>? and accepted_at<=? and publication=?
  and kind not in ('event', 'start') limit {MOST}
"""
DONE = f"""
select distinct sender from tickets where id > (select coalesce(max(id), 0) - {DESKS} from tickets)
  and state='done' and done_at>? and done_at<=? and publication=? limit {MOST}
"""
RETURNED = f"""
select sender, message from messages indexed by events
where kind='event' and state='silent' and accepted_at>? and accepted_at<=? and publication=? limit {MOST}
"""
"""A platform's own desk tells of it so; what is sealed is looked into once it is open."""
LAST = "select state, reply, failure from messages where seq=?"
LATELY = f"""
select key, text, accepted_at, message from messages indexed by conversation
where publication=? and sender=? order by seq desc limit {LOOKED_AT}
"""
OPERATOR = """
select l.by from tickets t join ticket_lines l on l.ticket=t.id
where t.publication=? and t.sender=? and l.kind='said' and l.at>? order by l.id desc limit 1
"""

Judge = Callable[[Newest, int], str]
"""By what somebody wrote last, and how much was pushed since: the language to ask in; "": they cannot be
asked now."""


@dataclass(frozen=True)
class Slice:
    """Of a time, the first moment not included: who wrote last then, and who came back from an operator."""

    wrote: tuple[float, float]
    returned: tuple[float, float]


class ScoreAsking:
    """Raises StoreFailed."""

    def __init__(self, database: Database, refuses: Callable[[str], bool]) -> None:
        """`refuses`: whether a text says that its person wants no question."""
        self._database, self._refuses = database, refuses

    async def begun(self, publication: str, times: Slice, judge: Judge, now: float) -> list[Due]:
        """The turns that ask, stored: once for the same message, however often that time is looked at."""
        people = await self._database.read(lambda db: dict(_found(db, publication, times)))
        if not people:
            return []

        def work(db: Db) -> list[Due]:
            due = (
                self._begin(db, publication, one, until, judge, now) for one, until in sorted(people.items())
            )
            return [one for one in due if one]

        return await self._database.write(work)

    def _begin(
        self, db: Db, publication: str, sender: str, until: float, judge: Judge, now: float
    ) -> Due | None:
        """`until`: who wrote later is not silent."""
        lane = (publication, sender)
        wrote = newest(db, *lane)
        if wrote is None or wrote.at > until or wrote.message.overheard or _is_busy(db, wrote, now):
            return None
        if (wish := wish_of(db, *lane)) in ("no_questions", "nothing"):
            return None
        for row in db.execute(LATELY, lane):
            is_asked = row["key"].startswith(f"{ASKS} ") and row["accepted_at"] > now - AGAIN
            if is_asked or (wish is None and self._refuses(row["text"] or "") and _is_own(row)):
                return None
        if not (language := judge(wrote, wrote.pushed(db))):
            return None
        operator = db.execute(OPERATOR, (*lane, wrote.at - OPERATED)).fetchone()
        data = {ASKS: wrote.seq, BY: operator["by"] if operator else "", LANGUAGE: language}
        message = Message(f"{ASKS} {wrote.seq}", sender, "", "start", now, data)
        accepted = Accepting(publication, message, now)(db)
        return Due(publication, accepted.seq, message) if accepted.is_to_begin else None


def _found(db: Db, publication: str, times: Slice) -> Iterator[tuple[str, float]]:
    """Until when each may have written last. Who came back may have written a moment ago."""
    for row in db.execute(WROTE, (*times.wrote, publication)):
        yield row["sender"], times.wrote[1]
    for sender in _came_back(db, publication, times.returned):
        yield sender, times.returned[1]


def _came_back(db: Db, publication: str, times: tuple[float, float]) -> Sequence[str]:
    done = [row["sender"] for row in db.execute(DONE, (*times, publication))]
    told = db.execute(RETURNED, (*times, publication)).fetchall()
    return [
        *done,
        *(row["sender"] for row in told if load(row["message"]).data.get("event") == "returned"),
    ]


def _is_own(row: Row) -> bool:
    return not is_disguised(load(row["message"]))


def _is_busy(db: Db, wrote: Newest, now: float) -> bool:
    """Something is still to come, for them or of them; or they had no answer that could be judged."""
    lane = (wrote.publication, wrote.sender)
    last = db.execute(LAST, (wrote.seq,)).fetchone()
    if last["state"] != "delivered" or not last["reply"] or last["failure"] == "aside":
        return True
    if handed(db, *lane, now) or db.execute(OPEN, lane).fetchone():
        return True
    waits = "select 1 from waits indexed by waits_of where publication=? and sender=? limit 1"
    return db.execute(waits, lane).fetchone() is not None
