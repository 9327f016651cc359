"""When a schedule is due: five fields as in cron, in a time zone, read as by Debian's cron.

A run at a fixed hour that the change leaves out comes right after it, and one in the hour that comes twice
comes once.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from runtime.errors import Wrong
from runtime.lang import Text

FIELDS = 5
NOT_CRON = Text(
    "看不懂这个时间；要写五项：分 时 日 月 星期，例如每周一早上 9 点是 0 9 * * 1",
    "not understood; write five fields, minute hour day month weekday: Mondays at nine are 0 9 * * 1",
)
TOO_OFTEN = Text(
    "最快每分钟一次：不能写秒。要写五项：分 时 日 月 星期",
    "once a minute at most, so there is no field for seconds; write minute hour day month weekday",
)
NEVER = Text("这一天永远不会到，请检查日和月", "that day never comes; check day and month")


def checked(cron: str) -> str:
    """The same with single blanks. Raises Wrong."""
    parts = cron.split()
    if len(parts) == FIELDS + 1:
        raise Wrong(TOO_OFTEN)
    if len(parts) != FIELDS:
        raise Wrong(NOT_CRON)
    text = " ".join(parts)
    try:
        next(CronSim(text, datetime(2024, 1, 1, tzinfo=UTC)))
    except StopIteration:
        raise Wrong(NEVER) from None
    except (CronSimError, ValueError, TypeError, AssertionError):
        raise Wrong(NOT_CRON) from None
    return text


def times(cron: str, zone: ZoneInfo | None, after: float) -> Iterator[float]:
    """When it is due after that moment, in seconds since 1970."""
    began = datetime.fromtimestamp(after, UTC)
    for found in CronSim(cron, began.astimezone(zone) if zone else began):
        if (at := found.timestamp()) > after:
            yield at


def next_time(cron: str, zone: ZoneInfo | None, after: float) -> float | None:
    return next(times(cron, zone, after), None)


def upcoming(cron: str, zone: ZoneInfo | None, after: float, most: int = 5) -> list[float]:
    """The next times, so many."""
    return list(islice(times(cron, zone, after), most))


def last_time(cron: str, zone: ZoneInfo | None, after: float, until: float) -> float | None:
    """The last of the times after the one moment and not after the other; None when there is none."""
    ended = datetime.fromtimestamp(until + 1, UTC)
    for found in CronSim(cron, ended.astimezone(zone) if zone else ended, reverse=True):
        if (at := found.timestamp()) <= until:
            return at if at > after else None
    return None
