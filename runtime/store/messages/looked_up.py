"""What was looked up in bases for the messages of late: where it was found, and what was not."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from runtime.store.messages.beside import is_there
from runtime.store.messages.insights import Insights
from runtime.store.messages.within import WITHIN, within_of

NEWEST = f"""
select seq, accepted_at, trace from messages
where accepted_at >= ? and {WITHIN} and (trace like '%"type": "looked_up"%' or trace not like '[%')
order by seq desc limit ?
"""
MOST = 20_000
"""Messages that are looked at, the newest."""
LONGEST = 500
"""Characters of a question."""


def hits(messages: Path, base: str, since: float) -> Mapping[str, int]:
    """By source, how often it was found."""
    found: Counter[str] = Counter()
    for _, event in _events(messages, base, since):
        files = event.get("sources")
        found.update(files.get(base, ()) if isinstance(files, Mapping) else ())
    return found


def unanswered(
    messages: Path, base: str, since: float, within: Collection[str] | None = None
) -> list[tuple[str, float]]:
    """Questions and when they were asked, in seconds since 1970, the newest first. `within`: in these
    publications; None: in all."""
    return [
        (str(event.get("query", ""))[:LONGEST], at)
        for at, event in _events(messages, base, since, within)
        if not event.get("fits")
    ]


def _events(
    messages: Path, base: str, since: float, within: Collection[str] | None = None
) -> Iterator[tuple[float, Mapping[str, Any]]]:
    """`messages`: their database, which is not there before the first."""
    if not is_there(messages):
        return
    with Insights(messages).reading() as db:
        for _, at, trace in db.execute(NEWEST, (since, *within_of(within), MOST)):
            for event in json.loads(trace) if '"looked_up"' in trace else ():
                if event.get("type") == "looked_up" and base in (event.get("bases") or ()):
                    yield float(at), event
