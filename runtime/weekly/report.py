"""The figures and the questions of one week beside those of the week before."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from runtime.store.database import Db, Row
from runtime.store.messages.beside import is_there
from runtime.store.messages.figures import Figures, Slot, newest_of, total
from runtime.store.messages.insights import Insights
from runtime.store.messages.scores import average, scores
from runtime.store.messages.states import LOST
from runtime.store.messages.tables import TO_BE_DONE
from runtime.weekly.groups import Grouping, groups

WEEK = timedelta(days=7)
READ = 5000
"""Messages whose texts are looked at, the newest of each week."""
SHOWN = 10
"""Of each list."""
LONGEST = 200
"""Characters of a text."""
_OF = """accepted_at >= :since and accepted_at < :until
  and publication in (select value from json_each(:publications))"""
WROTE = f"{_OF} and kind in ('text', 'voice')"
TEXTS = """
select seq, publication, sender, text, failure, state, handoff, doubt, cost,
  prompt_tokens + completion_tokens as tokens from messages where seq in ({marks}) order by seq desc
"""
HANDED = f"""
select count(*) from messages indexed by to_be_done where ({TO_BE_DONE}) and handoff=1 and {_OF}
"""
ASKED = "select seq, publication, sender, text from messages where seq=?"


@dataclass(frozen=True)
class Week:
    """Seconds since 1970, `until` not included: seven days from a Monday's midnight."""

    since: float
    until: float


@dataclass(frozen=True)
class Numbers:
    """`cost`: US dollars of what has a price, None where nothing has; `seconds`: half of the answers came
    within. `good`, `bad`: judgements."""

    messages: int
    people: int
    failed: int
    handed: int
    good: int
    bad: int
    tokens: int
    cost: float | None
    seconds: float | None
    score: float | None = None
    """Average of 1 to 5, of…"""
    scores: int = 0


@dataclass(frozen=True)
class Theme:
    """`text`: how it was asked most; `before`: how often the week before; `seqs`: the newest messages."""

    text: str
    number: int
    before: int
    seqs: Sequence[int]


@dataclass(frozen=True)
class Line:
    """A message. `cost`: US dollars; `why`: what its person wrote of it."""

    seq: int
    text: str
    cost: float | None = None
    tokens: int = 0
    why: str = ""


@dataclass(frozen=True)
class Report:
    week: Week
    now: Numbers
    before: Numbers
    asked: Sequence[Theme]
    unanswered: Sequence[Theme]
    unhappy: Sequence[Line]
    expensive: Sequence[Line]


@dataclass(frozen=True)
class _Told:
    numbers: Numbers
    rows: Sequence[Row]
    unhappy: Sequence[Line]


def whole_week(now: float, zone: ZoneInfo | None, back: int = 0) -> Week:
    """The last one that is over by then, or one so many weeks before it; over changes of the clock, too."""
    today = datetime.fromtimestamp(now, zone).date()
    monday = today - timedelta(days=today.weekday()) - WEEK * (back + 1)
    since, until = (datetime.combine(one, time(), zone) for one in (monday, monday + WEEK))
    return Week(since.timestamp(), until.timestamp())


async def reported(
    insights: Insights,
    publications: Sequence[str],
    week: Week,
    before: Week,
    grouping: Grouping | None = None,
) -> Report:
    """Raises TooSlow, Unreadable."""
    told = await asyncio.to_thread(_told, insights, publications, week)
    earlier = await asyncio.to_thread(_told, insights, publications, before)
    vain = [[row for row in one.rows if _in_vain(row)] for one in (told, earlier)]
    return Report(
        week,
        told.numbers,
        earlier.numbers,
        await _themes(told.rows, earlier.rows, grouping),
        await _themes(vain[0], vain[1], grouping),
        told.unhappy,
        _expensive(told.rows),
    )


def _told(insights: Insights, publications: Sequence[str], week: Week) -> _Told:
    if not is_there(insights.path):
        return _Told(Numbers(0, 0, 0, 0, 0, 0, 0, None, None), (), ())
    slots = [Slot(n, id, week.since, week.until) for n, id in enumerate(publications)]
    whole = total(insights.figures(slots).values()) if slots else Figures()
    people = sum(insights.people(slots).values()) if slots else 0
    judged = insights.ratings(publications, week.since, week.until)
    verdicts = Counter(one.verdict for one in judged)
    of = {"since": week.since, "until": week.until, "publications": json.dumps(list(publications))}
    with insights.reading() as db:
        scored = scores(db, publications, week.since, week.until)
        handed = int(db.execute(HANDED, of).fetchone()[0])
        newest = db.execute(newest_of(WROTE), {**of, "most": READ, "limit": READ, "offset": 0})
        seqs = [row["seq"] for row in newest]
        rows = db.execute(TEXTS.format(marks=",".join("?" * len(seqs))), seqs).fetchall()
        bad = [(one.seq, one.text) for one in judged if one.verdict == "bad"][:SHOWN]
        unhappy = [_line(db, seq, why) for seq, why in bad]
    numbers = Numbers(
        whole.messages,
        people,
        whole.failed + whole.lost,
        handed,
        verdicts["good"],
        verdicts["bad"],
        whole.prompt_tokens + whole.completion_tokens,
        whole.cost,
        whole.seconds(0.5),
        average(scored),
        len(scored),
    )
    return _Told(numbers, rows, unhappy)


def _line(db: Db, seq: int, why: str) -> Line:
    row = db.execute(ASKED, (seq,)).fetchone()
    return Line(seq, _text(row) if row else "", why=why[:LONGEST])


def _text(row: Row) -> str:
    return " ".join((row["text"] or "").split())[:LONGEST]


def _in_vain(row: Row) -> bool:
    """It failed, did not arrive, was doubted or went to a human."""
    return bool(row["failure"] or row["handoff"] or row["doubt"] or row["state"] in LOST)


async def _themes(rows: Sequence[Row], before: Sequence[Row], grouping: Grouping | None) -> list[Theme]:
    now, then = (Counter(text for row in some if (text := _text(row))) for some in (rows, before))
    seqs: dict[str, list[int]] = {}
    for row in rows:
        seqs.setdefault(_text(row), []).append(int(row["seq"]))
    found = []
    for texts in await groups(now + then, grouping):
        if number := sum(now[one] for one in texts):
            named = max(texts, key=lambda one: (now[one], -texts.index(one)))
            newest = sorted((seq for one in texts for seq in seqs.get(one, ())), reverse=True)[:SHOWN]
            found.append(Theme(named, number, sum(then[one] for one in texts), newest))
    return sorted(found, key=lambda one: (-one.number, one.text))[:SHOWN]


def _expensive(rows: Sequence[Row]) -> list[Line]:
    """By price, and by tokens where there is none."""
    dear = sorted(rows, key=lambda row: (-(row["cost"] or 0.0), -row["tokens"], row["seq"]))[:SHOWN]
    return [
        Line(int(row["seq"]), _text(row), row["cost"], int(row["tokens"])) for row in dear if row["tokens"]
    ]
