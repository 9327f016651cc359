"""What the store has of a real conversation, as turns that took place."""

import json
from collections.abc import Sequence
from typing import Any

from runtime.testing.recording import Turned

Row = Any
"""A message, as it is stored."""
LONGEST = 12
"""Messages that are taken, up to the one that was looked at…"""
PAUSE = 2 * 3600
"""…and after so many seconds of silence another conversation began."""


def together(rows: Sequence[Row]) -> Sequence[Row]:
    """The last of them, between which nobody was silent for long."""
    first = len(rows) - 1
    while first > 0 and rows[first]["accepted_at"] - rows[first - 1]["accepted_at"] <= PAUSE:
        first -= 1
    return rows[max(0, first) :]


def turned(row: Row) -> Turned:
    trace = json.loads(row["trace"] or "[]") or []
    events = [one for one in trace if isinstance(one, dict)]
    if row["failure"]:
        events.append({"type": "failed", "code": row["failure"]})
    return Turned(row["text"], row["reply"] or "", row["accepted_at"], events)
