"""Counts and times of many messages, computed inside SQLite so that other threads go on meanwhile."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

ASKED = "state<>'fetch' and not (kind='event' and state='silent')"
"""Counted as messages. A follow without a greeting is none, nor is a tap to see an answer."""

LOST = "'unreachable', 'abandoned', 'unknown'"
"""States of messages whose answer may never have reached the person."""

_SLOTS = """
with slot(n, publication, since, until) as (values {slots}),
asked as (
  select n, slot.publication, sender, seq, state, failure, accepted_at, prompt_tokens, completion_tokens, cost
  from slot cross join messages m on m.publication=slot.publication
    and accepted_at >= since and accepted_at < until and {asked})
"""
_COUNTS = f"""
select n, count(*) messages, count(*) filter (where failure<>'') failed, sum(state in ({LOST})) lost,
  sum(state='kept') kept, sum(state in ('accepted', 'answered')) working,
  sum(prompt_tokens) prompt_tokens, sum(completion_tokens) completion_tokens,
  sum(cost) cost, sum(cost is null and prompt_tokens + completion_tokens > 0) unpriced
from asked group by n
"""
# one that was told to wait, or whose answer was kept, saw it only by coming back
_REACHED = """,
reached as materialized (
  select n,
    (select min(at) from moments d where d.seq=asked.seq and what in ('carried', 'pushed', 'seen'))
      - accepted_at seconds,
    (select case when max(what='seen') then 'page' when max(what='pushed') then 'pushed'
       when max(what in ('kept', 'placeholder')) then 'later' else 'response' end
     from moments d where d.seq=asked.seq) way
  from asked)
select n, cast(seconds * 10 + 0.5 as integer) / 10.0 seconds, way, count(*) number
from reached where seconds is not null group by 1, 2, 3
"""
_PEOPLE = "select publication, count(distinct sender) from asked group by 1"
FAILURES = f"""
select case when failure<>'' then failure else state end reason, count(*) number from messages
where {{where}} and (failure<>'' or state in ({LOST})) group by 1 order by 2 desc, 1
"""


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
    """How the answer came: response, pushed, later or page."""
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


def figures(db: sqlite3.Connection, slots: Sequence[Slot]) -> dict[int, Figures]:
    """By number, also for those in which nobody wrote."""
    found = {slot.n: Figures() for slot in slots}
    if not slots:
        return found
    asked, given = _asked(slots)
    for row in db.execute(asked + _COUNTS, given):
        found[row["n"]] = Figures(**{name: row[name] for name in row.keys()[1:]})
    for row in db.execute(asked + _REACHED, given):
        found[row["n"]].ways[row["way"]] += row["number"]
        found[row["n"]].times[row["seconds"]] += row["number"]
    return found


def people(db: sqlite3.Connection, slots: Sequence[Slot]) -> dict[str, int]:
    """By publication: how many wrote. Nobody knows who is the same person on two of them."""
    if not slots:
        return {}
    asked, given = _asked(slots)
    return dict(tuple(row) for row in db.execute(asked + _PEOPLE, given))


def _asked(slots: Sequence[Slot]) -> tuple[str, list[str | float]]:
    given = [value for slot in slots for value in (slot.n, slot.publication, slot.since, slot.until)]
    return _SLOTS.format(slots=",".join(["(?,?,?,?)"] * len(slots)), asked=ASKED), given
