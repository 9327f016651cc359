"""Publications whose newest messages could not be answered, so that somebody is told while it lasts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from runtime.lang import Text, stored
from runtime.store.database import Db, Row
from runtime.store.messages.states import NO_TURN, UNFINISHED, among

NEWEST = 2000
"""Messages that are looked at."""

_TURNS = f"""
select seq, publication, failure, accepted_at from messages indexed by ended
where state not in ({among(UNFINISHED)}) and accepted_at >= ? and kind<>'event'
  and state not in ({among(NO_TURN)}) and coalesce(failure, '')<>'unwanted'
order by accepted_at desc limit ?
"""


@dataclass(frozen=True)
class Failing:
    """Of one publication; it is over with the next answer."""

    publication: str
    count: int
    """Messages in a row, up to the newest."""
    since: float
    reason: Text


def failing(db: Db, since: float) -> Sequence[Failing]:
    """Among the messages that were accepted since then."""
    streaks: dict[str, list[Row]] = {}
    over: set[str] = set()
    for row in db.execute(_TURNS, (since, NEWEST)):
        if not row["failure"]:
            over.add(row["publication"])
        elif row["publication"] not in over:
            streaks.setdefault(row["publication"], []).append(row)
    return tuple(_failing(db, publication, rows) for publication, rows in streaks.items())


def _failing(db: Db, publication: str, rows: Sequence[Row]) -> Failing:
    reason = db.execute("select reason from messages where seq=?", (rows[0]["seq"],)).fetchone()["reason"]
    return Failing(publication, len(rows), rows[-1]["accepted_at"], stored(json.loads(reason or "[]")))


CUT_OFF = Text("程序中断", "it was cut off")


def said(found: Failing) -> Text:
    """In one sentence."""
    text = Text(
        "最近 {count} 条消息都没能回答：{reason}", "The last {count} messages could not be answered: {reason}"
    )
    return text.fill(count=found.count, reason=found.reason if found.reason.en else CUT_OFF)
