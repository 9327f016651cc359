"""A schedule as people say it: five fields of cron in words, as far as there are words for them."""

import re
from collections.abc import Callable, Iterable, Sequence

from runtime.lang import Text, as_it_is, joined

DAYS = (
    Text("周日", "Sunday"), Text("周一", "Monday"), Text("周二", "Tuesday"), Text("周三", "Wednesday"),
    Text("周四", "Thursday"), Text("周五", "Friday"), Text("周六", "Saturday"),
)  # fmt: skip
MONTHS = (
    Text("1 月", "January"), Text("2 月", "February"), Text("3 月", "March"), Text("4 月", "April"),
    Text("5 月", "May"), Text("6 月", "June"), Text("7 月", "July"), Text("8 月", "August"),
    Text("9 月", "September"), Text("10 月", "October"), Text("11 月", "November"), Text("12 月", "December"),
)  # fmt: skip
DAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
MOST_TIMES = 6
"""Of one day, or minutes of an hour, that are named one by one."""
WORKDAYS, WEEKEND = (1, 2, 3, 4, 5), (0, 6)
AND = Text("、", ", ")

EVERY_MINUTE = Text("每分钟", "every minute")
EVERY_MINUTES = Text("每 {n} 分钟", "every {n} minutes")
EVERY_HOUR = Text("每小时的第 {minutes} 分", "every hour at minute {minutes}")
EVERY_HOURS = Text("每 {n} 小时的第 {minutes} 分", "every {n} hours at minute {minutes}")
AT = Text("{days} {times}", "{days} at {times}")
OFTEN = Text("{days}，{times}", "{days}, {times}")
BETWEEN = Text("{first} 到 {last} 点之间{often}", "{often} from {first}:00 to {last}:59")
DAILY = Text("每天", "daily")
ON_WORKDAYS = Text("周一到周五", "Monday to Friday")
ON_WEEKENDS = Text("周六、周日", "Saturday and Sunday")
WEEKLY = Text("每{days}", "every {days}")
MONTHLY = Text("每月 {days} 日", "on day {days} of each month")
YEARLY = Text("每年 {months} {days} 日", "on day {days} of {months}")
IN_MONTHS = Text("{months}的{days}", "{days} in {months}")
EITHER = Text("{one}和{other}", "{one} and {other}")
"""Debian's cron takes a day that either field names."""
SAID = re.compile(r"(\d{1,4}|[A-Z]{3})(?:-(\d{1,4}|[A-Z]{3}))?(?:/(\d{1,4}))?")


def in_words(cron: str) -> Text:
    """ "每周一 09:00", "every Monday at 09:00"; what cannot be said, or is no schedule, as it is written."""
    fields = cron.upper().split()
    if len(fields) != 5:
        return as_it_is(cron)
    minute, hour, day, month, week = fields
    try:
        days = _days(day, month, week)
        once = _times(minute, hour)
        if once:
            return AT.fill(days=days, times=once)
        often = _often(minute, hour)
    except ValueError:
        return as_it_is(cron)
    return often if days is DAILY else OFTEN.fill(days=days, times=often)


def _times(minute: str, hour: str) -> Text | None:
    """The hours of the day, where they are few."""
    if "*" in hour or minute == "*":
        return None
    times = [(h, m) for h in _numbers(hour, 0, 23) for m in _numbers(minute, 0, 59)]
    if len(times) > MOST_TIMES:
        return None
    return _listed(as_it_is(f"{h:02}:{m:02}") for h, m in times)


def _often(minute: str, hour: str) -> Text:
    """Raises ValueError where there are no words for it."""
    step, hours = _step(minute, 60), _step(hour, 24)
    if step and hour == "*":
        return EVERY_MINUTE if step == 1 else EVERY_MINUTES.fill(n=step)
    if step:
        return _between(hour, EVERY_MINUTE if step == 1 else EVERY_MINUTES.fill(n=step))
    numbers = _numbers(minute, 0, 59)
    if len(numbers) > MOST_TIMES:
        raise ValueError(minute)
    minutes = _listed(as_it_is(f"{m:02}") for m in numbers)
    if hours:
        return (EVERY_HOUR if hours == 1 else EVERY_HOURS).fill(n=hours, minutes=minutes)
    return _between(hour, EVERY_HOUR.fill(minutes=minutes))


def _between(hour: str, often: Text) -> Text:
    hours = _numbers(hour, 0, 23)
    if hours != list(range(hours[0], hours[-1] + 1)):
        raise ValueError(hour)
    return BETWEEN.fill(first=hours[0], last=hours[-1], often=often)


def _step(field: str, whole: int) -> int:
    """How many units lie between two times, alike all the time; 0 where they do not."""
    if field == "*":
        return 1
    found = re.fullmatch(r"(?:\*|0)/(\d{1,2})", field)
    step = int(found[1]) if found else 0
    return step if step and step < whole and whole % step == 0 else 0


def _days(day: str, month: str, week: str) -> Text:
    months = None if month == "*" else _listed(MONTHS[n - 1] for n in _numbers(month, 1, 12, MONTH_NAMES, 1))
    weekly = None if week in ("*", "?") else _weekly(week)
    if day in ("*", "?"):
        found = weekly or DAILY
        return IN_MONTHS.fill(months=months, days=found) if months else found
    days = _listed(as_it_is(str(n)) for n in _numbers(day, 1, 31))
    found = YEARLY.fill(months=months, days=days) if months else MONTHLY.fill(days=days)
    if not weekly:
        return found
    if months or "*" in day or "*" in week:  # both must fit then
        raise ValueError(day)
    return EITHER.fill(one=found, other=weekly)


def _weekly(week: str) -> Text:
    numbers = tuple(sorted({n % 7 for n in _numbers(week, 0, 7, DAY_NAMES)}))
    if numbers == WORKDAYS:
        return ON_WORKDAYS
    if numbers == WEEKEND:
        return ON_WEEKENDS
    if len(numbers) == len(DAYS):
        return DAILY
    return WEEKLY.fill(days=_listed(DAYS[n] for n in sorted(numbers, key=lambda n: (n - 1) % 7)))


def _numbers(field: str, least: int, most: int, names: Sequence[str] = (), first: int = 0) -> list[int]:
    """What a field lists: "1,3-5,*/10". Raises ValueError."""
    found: set[int] = set()
    for part in field.replace("*", f"{least}-{most}").split(","):
        said = SAID.fullmatch(part)
        if not said:
            raise ValueError(part)
        number = _reader(names, first)
        low, step = number(said[1]), int(said[3] or 1)
        high = number(said[2]) if said[2] else most if said[3] else low
        if not (least <= low <= high <= most and step):
            raise ValueError(part)
        found |= set(range(low, high + 1, step))
    return sorted(found)


def _reader(names: Sequence[str], first: int) -> Callable[[str], int]:
    return lambda word: int(word) if word.isdigit() else names.index(word) + first


def _listed(words: Iterable[Text]) -> Text:
    return joined(words, AND)
