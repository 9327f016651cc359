"""When a backup is made by itself, where to, how many stay, and how the last one went."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from runtime.agents.schedule import next_time
from runtime.lang import Text, stored
from runtime.schema import Strict
from runtime.store.control.table import Table
from runtime.time_zones import zone

Every = Literal["day", "week"]
CRON: dict[str, str] = {"day": "{minute} {hour} * * *", "week": "{minute} {hour} * * 0"}
"""A week's is made on Sundays."""
AGAIN = 3600.0
"""Seconds after which one that failed, or whose process died, is made again."""
AHEAD = 24 * 3600.0
"""Seconds by which a name may lie in the future before the clock that made it was wrong."""
Count = Annotated[int, Field(ge=1, le=10_000)]


class Plan(Strict):
    """`since`: when it was decided; `mark`: begins the names of this plan's backups, and only these are ever
    removed. Paths are whole; the key itself is not kept here."""

    id: Literal["plan"] = "plan"
    to: str = Field(min_length=1, max_length=1000)
    every: Every
    at: str = Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    keep: Count = 7
    keep_weeks: Annotated[int, Field(ge=0, le=10_000)] = 0
    key_file: str = Field("", max_length=1000)
    passphrase_file: str = Field("", max_length=1000)
    mark: str = Field(pattern=r"^[0-9a-f]{8}$")
    since: float
    by: str = ""


class Last(Strict):
    """`begun`: when the newest was begun; `ended`: None while it runs, or where it died. `good_at`: when the
    newest that came back whole was made, as `file`. `failures`: in a row, the newest for that reason."""

    id: Literal["last"] = "last"
    begun: float = 0.0
    ended: float | None = None
    good_at: float | None = None
    file: str = ""
    bytes: int = 0
    contents: str = ""
    seconds: float = 0.0
    failures: int = 0
    trouble: dict[str, str] = Field(default_factory=dict)

    @property
    def why(self) -> Text | None:
        return stored(self.trouble) if self.trouble else None


class Plans:
    """Raises Unreadable, NotSaved."""

    def __init__(self, data: Path) -> None:
        folder = data / "control" / "backups"
        self._plan = Table(folder / "plan.json", Plan, must=True)
        self._last = Table(folder / "last.json", Last, must=True)

    def plan(self) -> Plan | None:
        return self._plan.get("plan")

    def decide(self, plan: Plan) -> None:
        self._plan.put(plan)

    def end(self) -> bool:
        """Whether there was one."""
        return bool(self._plan.remove("plan"))

    def last(self) -> Last:
        return self._last.get("last") or Last()

    def note(self, last: Last) -> None:
        self._last.put(last)


def due_at(plan: Plan, last: Last, place: str, now: float) -> float:
    """When the next is to be begun, which may be over; seconds since 1970. `place`: the zone of its hour.

    What was missed while nothing ran is made once. A clock that was ahead and was put right delays nothing.
    """
    begun = min(last.begun, now)
    if begun >= plan.since and (last.ended is None or last.failures):
        return begun + AGAIN
    hour, minute = plan.at.split(":")
    cron = CRON[plan.every].format(hour=int(hour), minute=int(minute))
    return next_time(cron, zone(place), max(begun, min(plan.since, now))) or now + AGAIN


def to_go(names: Sequence[str], plan: Plan, now: float) -> list[str]:
    """Those beyond what is kept: the newest so many, and the newest of each of so many weeks (ISO's, in UTC).

    Names of others, and those from a future that a wrong clock thought of, are neither counted nor removed.
    """
    found = [(at, name) for at, name in made_by_plan(names, plan) if at <= now + AHEAD]
    stays = {name for _, name in found[: plan.keep]}
    weeks = dict[tuple[int, int], str]()
    for at, name in found:
        day = datetime.fromtimestamp(at, UTC).isocalendar()
        weeks.setdefault((day.year, day.week), name)
    stays |= set(list(weeks.values())[: plan.keep_weeks])
    return [name for _, name in found if name not in stays]


def made_by_plan(names: Sequence[str], plan: Plan) -> list[tuple[float, str]]:
    """When each was made, in seconds since 1970, and its name; the newest first."""
    made = re.compile(rf"hongyan-{plan.mark}-(\d{{8}}T\d{{6}}Z)\.tar\.gz(?:\.age)?", re.ASCII)
    found = list[tuple[float, str]]()
    for name in names:
        if (match := made.fullmatch(name)) and (at := time_of(match[1])) is not None:
            found.append((at, name))
    return sorted(found, reverse=True)


def time_of(stamp: str) -> float | None:
    """Of a name, as name_at writes it; None: it is no time."""
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
