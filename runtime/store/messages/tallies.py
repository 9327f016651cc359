"""What the messages of an hour came to, counted once, so that the figures of a month need not read a month.

An hour is counted when it has been over for a while and all of its messages have come to their end. Its row
without a publication says that it is; a trigger takes that row away when one of its messages changes after
all, and the hour is counted anew. Hours that are not counted are read, as if there were no tallies.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from runtime.store.database import Db, Row
from runtime.store.messages.states import UNFINISHED, among
from runtime.store.opening import Trigger

HOUR = 3600
AFTER = 900.0
"""Seconds after its end: clocks of several instances differ a little."""
BACK = 31 * 24
"""Hours that are kept: as far as anybody looks."""
AGAIN = 600.0
"""Seconds after which who began to count an hour is taken for dead."""

TALLIES = """create table if not exists tallies(
  hour integer not null, publication text not null, counted text not null, people blob,
  at real not null, primary key(hour, publication)) without rowid"""
"""`hour`: since 1970. `counted`: see Tally; in the row without a publication "" while it is counted, then
`whole`."""


def changed() -> Trigger:
    """Of a message that had come to its end before."""
    hour = f"cast(old.accepted_at / {HOUR} as integer)"
    ended = f"old.state not in ({among(UNFINISHED)})"
    columns = "state, failure, prompt_tokens, completion_tokens, cost"
    forget = f"delete from tallies where publication='' and hour={hour}"
    return Trigger("messages_counted", "messages", f"update of {columns}", ended, does=forget)


PUBLICATIONS = """
with recursive found(id) as (
  select min(publication) from messages
  union all
  select (select min(publication) from messages where publication > id) from found where id is not null)
select id from found where id is not null
"""
"""Whose messages there are, with a look at the index for each."""
WHOLE = "publication='' and counted='whole'"


@dataclass(frozen=True)
class Tally:
    """Of one publication. `numbers`: what stands in each column of the figures; `answers`: as there, and
    `reasons`: why it failed, each with how often; `questions`: for a rating, which stand in lists alone."""

    numbers: Mapping[str, float | None]
    answers: Mapping[str, int]
    reasons: Mapping[str, int]
    questions: int = 0


@dataclass(frozen=True)
class Span:
    """A time, in seconds since 1970: hours that are counted, and the rest, which is to be read."""

    hours: frozenset[int]
    rest: Sequence[tuple[float, float]]

    @classmethod
    def unread(cls, db: Db, since: float, until: float) -> "Span":
        """Of which nothing was counted."""
        return cls(frozenset(), [(since, until)])

    def tallies(self, db: Db, publications: Iterable[str] | None) -> Iterator[tuple[str, Tally]]:
        """Of its hours, by publication. None: of all."""
        for row in self._rows(db, "counted", publications):
            yield row["publication"], Tally(**json.loads(row["counted"]))

    def people(self, db: Db, publications: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """What a Crowd packed, by publication."""
        for row in self._rows(db, "people", publications):
            yield row["publication"], row["people"]

    def _rows(self, db: Db, column: str, publications: Iterable[str] | None) -> Iterator[Row]:
        if not self.hours:
            return
        sql = f"select hour, publication, {column} from tallies where hour>=? and hour<=? and publication<>''"
        given: list[int | str] = [min(self.hours), max(self.hours)]
        if publications is not None:
            sql += " and publication in (select value from json_each(?))"
            given.append(json.dumps(list(publications)))
        yield from (row for row in db.execute(sql, given) if row["hour"] in self.hours)


def span(db: Db, since: float, until: float) -> Span:
    first, last = math.ceil(since / HOUR), math.floor(until / HOUR)
    sql = f"select hour from tallies where {WHOLE} and hour>=? and hour<? order by hour"
    hours = [int(row[0]) for row in db.execute(sql, (first, last))]
    rest, begin = list[tuple[float, float]](), since
    for hour in hours:
        if hour * HOUR > begin:
            rest.append((begin, float(hour * HOUR)))
        begin = float((hour + 1) * HOUR)
    if begin < until:
        rest.append((begin, until))
    return Span(frozenset(hours), rest)


def missing(db: Db, now: float) -> int | None:
    """The newest hour that is over and that nobody counted, or counts."""
    oldest = db.execute("select accepted_at from messages order by seq limit 1").fetchone()
    last = math.floor((now - AFTER) / HOUR) - 1
    first = max(math.floor(oldest[0] / HOUR), last - BACK + 1) if oldest else last + 1
    sql = "select hour from tallies where publication='' and hour>=? and (counted='whole' or at>?)"
    there = {int(row[0]) for row in db.execute(sql, (first, now - AGAIN))}
    return next((hour for hour in range(last, first - 1, -1) if hour not in there), None)


def begin(db: Db, hour: int, now: float) -> bool:
    """Whether it is ours to count from now on: whatever changes in it from now on, takes that away."""
    sql = (
        "insert into tallies(hour, publication, counted, at) values(?, '', '', ?)"
        " on conflict(hour, publication) do update set at=excluded.at"
        " where tallies.counted='' and tallies.at<=?"
    )
    db.execute("delete from tallies where hour<?", (hour - 2 * BACK,))
    return db.execute(sql, (hour, now, now - AGAIN)).rowcount == 1


def keep(db: Db, hour: int, began: float, found: Mapping[str, tuple[Tally, bytes]]) -> bool:
    """Whether it was still ours."""
    sql = "update tallies set counted='whole' where hour=? and publication='' and counted='' and at=?"
    if not db.execute(sql, (hour, began)).rowcount:
        return False
    put = (
        "insert into tallies(hour, publication, counted, people, at) values(?,?,?,?,?)"
        " on conflict(hour, publication) do update set"
        " counted=excluded.counted, people=excluded.people, at=excluded.at"
    )
    for publication, (tally, people) in found.items():
        counted = json.dumps(asdict(tally), ensure_ascii=False)
        db.execute(put, (hour, publication, counted, people, began))
    return True
