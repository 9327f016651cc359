"""Counts and times of many messages, computed inside SQLite so that other threads go on meanwhile."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from itertools import groupby
from typing import Any

from runtime.store.database import Db, Row
from runtime.store.messages.states import LOST, UNFINISHED, WAITING, among

ASKED = "state<>'fetch' and not (kind='event' and state='silent')"
"""Counted as messages. A follow without a greeting is none, nor is a tap to see an answer."""

_PERIOD = f"""accepted_at >= :since and accepted_at < :until and {ASKED}
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
{WORKING} {ASKED} group by publication, period
"""
_IN_PERIOD = "when accepted_at >= ? and accepted_at < ? then {n}"


def either(select: str, where: str, *, join: str = "union all") -> str:
    """Asks both those that have come to their end and those that have not."""
    return f"select {select} {ENDED} {where} {join} select {select} {WORKING} {where}"


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


def total(figures: Iterable[Figures]) -> Figures:
    return sum(figures, Figures())


def figures(db: Db, slots: Sequence[Slot]) -> dict[int, Figures]:
    """By number, also for those in which nobody wrote."""
    found = {slot.n: Figures() for slot in slots}
    periods = _periods(slots)
    for (since, until), numbers in periods:
        for row in db.execute(_ENDED, _given(since, until, numbers)):
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
    """By publication: how many wrote. Nobody knows who is the same person on two of them."""
    senders = either("publication, sender", _PERIOD, join="union")
    sql = f"select publication, count(*) from ({senders}) found group by 1"
    rows = (row for times, numbers in _periods(slots) for row in db.execute(sql, _given(*times, numbers)))
    return {row[0]: row[1] for row in rows}


def _periods(slots: Sequence[Slot]) -> list[tuple[tuple[float, float], dict[str, int]]]:
    """Since and until, and the numbers of the publications that are counted then."""
    groups = groupby(slots, key=lambda slot: (slot.since, slot.until))
    return [(times, {slot.publication: slot.n for slot in group}) for times, group in groups]


def _given(since: float, until: float, publications: Iterable[str]) -> dict[str, Any]:
    return {"since": since, "until": until, "publications": json.dumps(list(publications))}


def _figures(row: Row) -> Figures:
    counts = {f.name: row[f.name] for f in fields(Figures) if f.name not in ("ways", "times")}
    found = Figures(**counts)
    for answer, number in Counter((row["answers"] or "").split(",")).items():
        if answer:
            tenths, way = divmod(int(answer), len(WAYS))
            found.ways[WAYS[way]] += number
            found.times[tenths / 10] += number
    return found
