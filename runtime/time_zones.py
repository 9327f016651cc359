"""Time zones by a name from outside: only those of the database, as a name here is a path of a file."""

import functools
import zoneinfo
from collections.abc import Mapping


def zone(name: str) -> zoneinfo.ZoneInfo | None:
    """By its IANA name, e.g. Asia/Shanghai, however it is capitalised; None when there is none."""
    found = _names().get(name.strip().lower()) if len(name) <= 64 else None
    return zoneinfo.ZoneInfo(found) if found else None


@functools.cache
def _names() -> Mapping[str, str]:
    # Some systems list their own choice among the names.
    return {name.lower(): name for name in zoneinfo.available_timezones() - {"localtime"}}
