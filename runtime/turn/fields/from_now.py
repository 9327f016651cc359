"""Moments that are said by how far they are from now: 半小时后, 三天后, in 20 minutes."""

import re
from datetime import datetime, timedelta

_COUNT = r"(\d{1,4}(?:\.\d{1,2})?)"
CHINESE = re.compile(
    rf"(?P<gone>(?<![超经])过)?(?<![\d.]){_COUNT}\s?(分钟|个?小时|个?钟头|天|周|个?星期)(?P<after>[之以]?后)?"
)
ENGLISH = re.compile(rf"\bin (?:{_COUNT}|an?|(half an)) (minute|min|hour|hr|day|week)s?\b")
UNITS = {
    "分": timedelta(minutes=1), "小": timedelta(hours=1), "钟": timedelta(hours=1),
    "天": timedelta(days=1), "周": timedelta(weeks=1), "星": timedelta(weeks=1),
    "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1),
}  # fmt: skip


def from_now(said: str, now: datetime) -> tuple[datetime, bool, int, int] | None:
    """The moment, whether the time of day is meant with it, and where it stands. It is never before its time:
    what is left of a minute counts."""
    match = next((one for one in CHINESE.finditer(said) if one["gone"] or one["after"]), None)
    match = match or ENGLISH.search(said)
    if not match:
        return None
    is_chinese = match.re is CHINESE
    unit = UNITS[match[3].lstrip("个")[0] if is_chinese else match[3][0]]
    count = match[2] if is_chinese else match[1] or (0.5 if match[2] else 1)
    exact = unit < timedelta(days=1)
    at = now + float(count) * unit + timedelta(seconds=59 if exact else 0)
    return at, exact, *match.span()
