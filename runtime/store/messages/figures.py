"""Counts and times of many messages, computed inside SQLite so that other threads go on meanwhile."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import groupby
from typing import Any

from runtime.store.database import Db, Row
from runtime.store.messages.crowd import Crowd
from runtime.store.messages.score_asking import QUESTION
from runtime.store.messages.states import LOST, UNFINISHED, WAITING, among
from runtime.store.messages.tallies import Span, Tally, span

ASKED = "state<>'fetch' and not (kind='event' and state='silent')"
"""Counted as messages. A follow without a greeting is none, nor is a tap to see an answer…"""
COUNTED = f"{ASKED} and not {QUESTION}"
"""…nor, in figures, the question how satisfied somebody was, for which a row is read."""

REASON = "case when failure<>'' then failure else state end"
WRONG = f"(failure<>'' or state in ({among(LOST)}))"
_PERIOD = f"""accepted_at >= :since and accepted_at < :until and {COUNTED}
  and publication in (select value from json_each(:publications))"""
# One that was told to wait, or whose answer was kept, saw it only by coming back. `answers`: tenths of a
# second until the first of it came, times 4, plus its place in WAYS. All of a publication in one row, because
# every row waits for Python's lock. The moments before 'carried' in the alphabet tell nothing here.
_FIGURES = f"""
publication, count(*) messages, count(*) filter (where failure<>'') failed,
  count(*) filter (where state in ({among(LOST)}) and coalesce(failure, '')='') lost,
  count(*) filter (where state in ({among(WAITING)})) kept,
  count(*) filter (where state in ({among(UNFINISHED)})) working,
  sum(prompt_tokens) prompt_tokens, sum(completion_tokens) completion_tokens,
  sum(cost) cost,
  count(*) filter (where cost is null and prompt_tokens + completion_tokens > 0) unpriced,
  group_concat((
    select cast((min(case what when 'pushed' then at when 'carried' then at when 'seen' then at end)
        - accepted_at) * 10 + 0.5 as integer) * 4
      + max(case what when 'pushed' then 2 when 'seen' then 3
        when 'kept' then 1 when 'held' then 1 when 'placeholder' then 1
        else 0 end)
    from moments where moments.seq=messages.seq and what >= 'carried')) answers
"""
WAYS = ("response", "later", "pushed", "page")


ENDED = f"from messages indexed by ended where state not in ({among(UNFINISHED)}) and"
WORKING = f"from messages indexed by unfinished where state in ({among(UNFINISHED)}) and"
"""The indexes are named, so that a question they do not serve fails instead of reading all messages."""

_ENDED = f"select {_FIGURES} {ENDED} {_PERIOD} group by publication"
# all periods at once: in a rush there are many, and this index does not know their times
_WORKING = f"""
select {_FIGURES}, {{period}} period
{WORKING} {COUNTED} group by publication, period
"""
_IN_PERIOD = "when accepted_at >= ? and accepted_at < ? then {n}"


def either(select: str, where: str, *, join: str = "union all") -> str:
    """Asks both those that have come to their end and those that have not."""
    return f"select {select} {ENDED} {where} {join} select {select} {WORKING} {where}"


def newest_of(where: str) -> str:
    """The newest of each half, so that neither is sorted as a whole."""
    first = f"{where} order by accepted_at desc limit :most"
    halves = (f"select * from (select seq, accepted_at {half} {first}) found" for half in (ENDED, WORKING))
    return f"{' union all '.join(halves)} order by accepted_at desc limit :limit offset :offset"


@dataclass(frozen=True)
class Slot:
    """What is counted together: one publication's messages of a time, under a number of its own."""

    n: int
    publication: str
    since: float
    until: float


@dataclass
class Figures:
    """What was counted; two can be added. `cost`: US dollars of what has a price, None when nothing has."""

    messages: int = 0
    failed: int = 0
    lost: int = 0
    kept: int = 0
    working: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None
    unpriced: int = 0
    """Messages that used a model whose price is unknown."""
    ways: Counter[str] = field(default_factory=Counter)
    """How the answer came, one of WAYS."""
    times: Counter[float] = field(default_factory=Counter)
    """Seconds from acceptance until the first of it came, in tenths."""

    def seconds(self, share: float) -> float | None:
        """Within which that share of the answers came; None when none did."""
        left = share * self.times.total()
        for seconds, number in sorted(self.times.items()):
            left -= number
            if left <= 0:
                return seconds
        return None

    def __add__(self, other: "Figures") -> "Figures":
        pairs = {f.name: (getattr(self, f.name), getattr(other, f.name)) for f in fields(self)}
        return Figures(
            **{name: b if a is None else a if b is None else a + b for name, (a, b) in pairs.items()}
        )


NUMBERS = [one.name for one in fields(Figures) if one.name not in ("ways", "times")]


def total(figures: Iterable[Figures]) -> Figures:
    return sum(figures, Figures())


def figures(db: Db, slots: Sequence[Slot]) -> dict[int, Figures]:
    """By number, also for those in which nobody wrote."""
    found = {slot.n: Figures() for slot in slots}
    periods = _periods(slots)
    for (since, until), numbers in periods:
        time = span(db, since, until)
        for publication, tally in time.tallies(db, numbers):
            found[numbers[publication]] += _counted(tally.numbers, tally.answers)
        for times in time.rest:
            for row in db.execute(_ENDED, _given(*times, numbers)):
                found[numbers[row["publication"]]] += _figures(row)
    if not periods:
        return found
    cases = " ".join(_IN_PERIOD.format(n=n) for n in range(len(periods)))
    sql = _WORKING.format(period=f"case {cases} end")
    for row in db.execute(sql, [moment for times, _ in periods for moment in times]):
        numbers = {} if row["period"] is None else periods[row["period"]][1]
        if row["publication"] in numbers:
            found[numbers[row["publication"]]] += _figures(row)
    return found


def people(db: Db, slots: Sequence[Slot]) -> dict[str, int]:
    """By publication: how many wrote; of very many about, see Crowd. Nobody knows who is the same person on
    two of them."""
    found: dict[str, int] = {}
    for (since, until), numbers in _periods(slots):
        time = span(db, since, until)
        found |= _crowds(db, time, since, until, numbers) if time.hours else _all(db, since, until, numbers)
    return found


def _all(db: Db, since: float, until: float, publications: Iterable[str]) -> dict[str, int]:
    senders = either("publication, sender", _PERIOD, join="union")
    sql = f"select publication, count(*) from ({senders}) found group by 1"
    return {row[0]: row[1] for row in db.execute(sql, _given(since, until, publications))}


def _crowds(db: Db, time: Span, since: float, until: float, publications: Collection[str]) -> dict[str, int]:
    found = defaultdict[str, Crowd](Crowd)
    for publication, packed in time.people(db, publications):
        found[publication].join(packed)
    asked = [(ENDED, *times) for times in time.rest] + [(WORKING, since, until)]
    for which, begin, end in asked:
        rows = db.execute(
            f"select distinct publication, sender {which} {_PERIOD}", _given(begin, end, publications)
        )
        for publication, senders in _by_publication(rows):
            found[publication].add(row[1] for row in senders)
    return {publication: crowd.count() for publication, crowd in found.items()}


def tallied(db: Db, since: float, until: float) -> dict[str, tuple[Tally, bytes]] | None:
    """What the messages of that time came to, by publication; None while one has not come to its end."""
    times = {"since": since, "until": until}
    of_then = f"accepted_at >= :since and accepted_at < :until and {ASKED}"
    if db.execute(f"select count(*) {WORKING} {of_then}", times).fetchone()[0]:
        return None
    counted = {
        row["publication"]: row
        for row in db.execute(f"select {_FIGURES} {ENDED} {of_then} and not {QUESTION} group by 1", times)
    }
    sql = f"select publication, count(*) {ENDED} {of_then} and {QUESTION} group by 1"
    questions = {str(row[0]): int(row[1]) for row in db.execute(sql, times)}
    reasons = defaultdict[str, dict[str, int]](dict)
    sql = f"select publication, {REASON}, count(*) {ENDED} {of_then} and {WRONG} group by 1, 2"
    for publication, reason, number in db.execute(sql, times):
        reasons[publication][reason] = number
    crowds = defaultdict[str, Crowd](Crowd)
    wrote = f"select distinct publication, sender {ENDED} {of_then} and not {QUESTION}"
    senders = db.execute(wrote, times)
    for publication, rows in _by_publication(senders):
        crowds[publication].add(row[1] for row in rows)
    return {
        one: (_tally(counted.get(one), reasons[one], questions.get(one, 0)), crowds[one].pack())
        for one in sorted({*counted, *questions})
    }


def _tally(row: Row | None, reasons: Mapping[str, int], questions: int) -> Tally:
    """None: there were questions alone."""
    if row is None:
        return Tally({name: getattr(Figures(), name) for name in NUMBERS}, {}, reasons, questions)
    return Tally(_numbers(row), _answers(row), reasons, questions)


def _by_publication(rows: Iterable[Row]) -> Iterator[tuple[str, Iterator[Row]]]:
    return groupby(rows, key=lambda row: str(row[0]))


def _periods(slots: Sequence[Slot]) -> list[tuple[tuple[float, float], dict[str, int]]]:
    """Since and until, and the numbers of the publications that are counted then."""
    groups = groupby(slots, key=lambda slot: (slot.since, slot.until))
    return [(times, {slot.publication: slot.n for slot in group}) for times, group in groups]


def _given(since: float, until: float, publications: Iterable[str]) -> dict[str, Any]:
    return {"since": since, "until": until, "publications": json.dumps(list(publications))}


def _figures(row: Row) -> Figures:
    return _counted(_numbers(row), _answers(row))


def _numbers(row: Row) -> dict[str, float | None]:
    return {name: row[name] for name in NUMBERS}


def _answers(row: Row) -> dict[str, int]:
    return dict(Counter(answer for answer in (row["answers"] or "").split(",") if answer))


def _counted(numbers: Mapping[str, Any], answers: Mapping[str, int]) -> Figures:
    found = Figures(**numbers)
    for answer, number in answers.items():
        tenths, way = divmod(int(answer), len(WAYS))
        found.ways[WAYS[way]] += number
        found.times[tenths / 10] += number
    return found
