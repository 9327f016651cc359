"""Values found in a text by patterns: numbers, days, times, addresses, choices, and what is named."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from runtime.knowledge.index.terms import NUMERALS, folded, numeral_value
from runtime.turn.fields.field import MOST_ITEMS, Part
from runtime.turn.fields.from_now import from_now
from runtime.turn.fields.units import LONGEST, fits

LOOKED_AT = 5000
"""Characters that are looked through."""

EMAIL = re.compile(r"(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")
PHONE = re.compile(
    r"(?<![\d+])(?:\+\d{1,3}[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}"
    r"|\(?\d{3}\)?[- ]\d{3}[- ]\d{4})(?!\d)"
)
NUMBER = re.compile(r"(?<![a-z\d_.-])-?\d{1,15}(?:,\d{3})*(?:\.\d{1,10})?(?!\d)")

ISO = re.compile(r"(?<!\d)(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)\s?[日号]?")
MONTH_DAY = re.compile(r"(?<!\d)(\d{1,2})\s?月\s?(\d{1,2})\s?[日号]?(?!\d)")
DAYS = {
    "大后天": 3, "后天": 2, "day after tomorrow": 2,
    "明天": 1, "明日": 1, "明晚": 1, "明早": 1, "tomorrow": 1,
    "今天": 0, "今日": 0, "今晚": 0, "今早": 0, "today": 0, "tonight": 0, "昨天": -1, "yesterday": -1,
}  # fmt: skip
DAY = re.compile("|".join(DAYS))
WEEKDAYS = dict(zip("1234567日天", (0, 1, 2, 3, 4, 5, 6, 6, 6), strict=True))
WEEKDAY = re.compile(r"(下{1,3}|这|本)?个?(?:周|星期|礼拜)([1-6日天])")
ENGLISH_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ENGLISH_WEEKDAY = re.compile(rf"\b(next )?({'|'.join(ENGLISH_WEEKDAYS)})\b")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"\b({'|'.join(MONTHS)})[a-z]*\.?"
ENGLISH_DAY = re.compile(rf"{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?\b")
DAY_ENGLISH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? (\d{{4}}))?")

CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?\s?([ap]m)?(?![\d:])")
AT = re.compile(
    r"(凌晨|早上|上午|中午|下午|傍晚|晚上|今晚|明晚)?\s?(\d{1,2})\s?[点时](?!间)\s?(半|1刻|3刻|\d{1,2})?分?"
)
AM_PM = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s?([ap])\.?m\b")
PARTS = {"半": 30, "1刻": 15, "3刻": 45}
LATE = ("下午", "傍晚", "晚上", "今晚", "明晚")

NO = re.compile(r"\W*(不|没|否|别|取消|no\b|nope\b|not\b|never\b|don't\b|n\b)")
YES = re.compile(
    r"\W*(是|对|好|要|可以|行|嗯|确认|确定|同意|没问题|yes\b|yeah\b|yep\b|sure\b|ok(ay)?\b|y\b|right\b)"
)
NO_PROBLEM = re.compile(r"\W*(没问题|没错|没毛病|没意见|不错|错不了|no problem\b)")
SHORT = 16
"""Characters of an answer that says yes or no and little else."""

SEPARATORS = re.compile(r"[,，;；、]|和|\band\b")
WORDY = re.compile(
    r"(?P<word>一(?=[下些样直定起般共旦边会切])|万一|统一|唯一|十分|千万(?![元块])|三明治|[万千百零](?![\d一二两三四五六七八九十]))"
    rf"|{NUMERALS.pattern}"
)

UNIT = r"(?:天|个?小时|个?钟头|年|个月|斤|公斤)"
HALF = re.compile(rf"(?<![上下大小前后一两\d])半(?={UNIT})")
HALF_PAST = re.compile(r"(?<![\d.])(\d{1,4})个半(?=小时|钟头)")
AND_HALF = re.compile(rf"(?<![\d.])(\d{{1,9}})({UNIT})半(?![价天年月路夜])")
MONEY = re.compile(r"(?<![\d.])(\d{1,9})块(\d)(?=\s?(?:毛|钱|$|[，,。；;!！?？\n]))")
"""半天, 一个半小时, 两天半 and 三十五块五, as people say 0.5, 1.5, 2.5 and 35.5."""

Span = tuple[Any, int, int]


def spotted(fields: Sequence[Part], text: str, now: datetime) -> dict[str, Any]:
    """By name what was found. What stands in one field's value is no other's."""
    said = _numbers_in_digits(folded(text[:LOOKED_AT]))
    found: dict[str, Any] = {}
    for field in fields:
        if field.type in ("text", "list") and (words := _named(field, text[:LOOKED_AT])):
            found[field.name] = words
    for kind in FINDS:
        for field in fields:
            if field.type == kind and (span := _labelled(field, said, now) or _meant(field, said, now)):
                value, start, end = span
                found[field.name] = value
                said = said[:start] + "\n" * (end - start) + said[end:]
    return {field.name: found[field.name] for field in fields if field.name in found}


def one(field: Part, text: str, now: datetime) -> Any | None:
    """The value that a text is, or holds."""
    span = _anywhere(field, _numbers_in_digits(folded(text[:LOOKED_AT])), now)
    return span and span[0]


def _labelled(field: Part, said: str, now: datetime) -> Span | None:
    """A value behind the field's title or name and a colon."""
    if match := _behind(field, said, folded):
        inside = _anywhere(field, match[1], now)
        return inside and (inside[0], match.start(), match.end())
    return None


def _named(field: Part, text: str) -> str | list[str] | None:
    """Words behind the field's title or name, as they were written; a list is all that is on the line."""
    match = _behind(field, text, str)
    if not match:
        return None
    if field.type == "text":
        return match[1].strip()
    line = text[match.start(1) :].split("\n", 1)[0]
    return [part.strip() for part in SEPARATORS.split(line) if part.strip()][:MOST_ITEMS] or None


def _behind(field: Part, text: str, as_is: Callable[[str], str]) -> re.Match[str] | None:
    names = "|".join(re.escape(as_is(name)) for name in (field.title, field.name) if name.strip())
    match = re.search(
        rf"(?:{names})\s{{0,3}}(?:[:：=]|是|\bis\b)\s{{0,3}}([^\n,，;；。、]{{1,300}})", text, re.IGNORECASE
    )
    return match if match and match[1].strip() else None


def _meant(field: Part, said: str, now: datetime) -> Span | None:
    """A value that nothing beside it says to be another's."""
    if field.type != "number":
        return _anywhere(field, said, now)
    wanted = f"{folded(field.title)} {field.name.replace('_', ' ')}"
    behind = ((match, said[match.end() : match.end() + LONGEST]) for match in NUMBER.finditer(said))
    return next((_counted(match) for match, words in behind if fits(wanted, words)), None)


def _anywhere(field: Part, said: str, now: datetime) -> Span | None:
    find = FINDS.get(field.type)
    return find(field, said, now) if find else None


def _choice(field: Part, said: str, now: datetime) -> Span | None:
    """The one that is named; none when several are. A time of day is one also in other words: 下午3点."""
    places = [(_numbers_in_digits(folded(choice)), choice) for choice in field.choices if choice.strip()]
    there = [(words, choice) for words, choice in places if words in said]
    longest = [one for one in there if not any(one[0] != other[0] and one[0] in other[0] for other in there)]
    if not there and (at := _time(field, said, now)):
        meant = (choice for choice in field.choices if _clock(choice) == at[0])
        return next(((choice, *at[1:]) for choice in meant), None)
    if len(longest) != 1:
        return None
    words, choice = longest[0]
    start = said.index(words)
    return choice, start, start + len(words)


def _clock(choice: str) -> str | None:
    """The time that a choice is, as 09:30; None when it is something else."""
    match = CLOCK.fullmatch(choice.strip())
    return f"{int(match[1]):02}:{match[2]}" if match and not match[3] else None


def _email(field: Part, said: str, now: datetime) -> Span | None:
    return (match := EMAIL.search(said)) and (match[0].rstrip("."), *match.span())


def _phone(field: Part, said: str, now: datetime) -> Span | None:
    match = PHONE.search(said)
    return match and (re.sub(r"[^\d+]", "", match[0]), *match.span())


def _number(field: Part, said: str, now: datetime) -> Span | None:
    match = NUMBER.search(said)
    return match and _counted(match)


def _counted(match: re.Match[str]) -> Span:
    number = float(match[0].replace(",", ""))
    return int(number) if number.is_integer() else number, *match.span()


def _yes_no(field: Part, said: str, now: datetime) -> Span | None:
    if len(said.strip()) > SHORT:
        return None
    yes = NO_PROBLEM.match(said) or YES.match(said)
    no = None if NO_PROBLEM.match(said) else NO.match(said)
    return (bool(yes and not no), 0, len(said)) if yes or no else None


def _date(field: Part, said: str, now: datetime) -> Span | None:
    today = now.date()
    if match := ISO.search(said):
        return _day(match, int(match[1]), int(match[2]), int(match[3]))
    if match := MONTH_DAY.search(said):
        return _coming(match, today, int(match[1]), int(match[2]))
    for pattern, month, day in ((ENGLISH_DAY, 1, 2), (DAY_ENGLISH, 2, 1)):
        if match := pattern.search(said):
            place = MONTHS.index(match[month]) + 1
            if match[3]:
                return _day(match, int(match[3]), place, int(match[day]))
            return _coming(match, today, place, int(match[day]))
    if match := DAY.search(said):
        return (today + timedelta(DAYS[match[0]])).isoformat(), *match.span()
    if match := WEEKDAY.search(said):
        return _weekday(match, today, WEEKDAYS[match[2]], (match[1] or "").count("下"))
    if match := ENGLISH_WEEKDAY.search(said):
        return _weekday(match, today, ENGLISH_WEEKDAYS.index(match[2]), int(bool(match[1])))
    if found := from_now(said, now):
        at, exact, start, end = found
        # What says the time, too, is left for that.
        return at.date().isoformat(), start, start if exact else end
    return None


def _day(match: re.Match[str], year: int, month: int, day: int) -> Span | None:
    try:
        return date(year, month, day).isoformat(), *match.span()
    except ValueError:
        return None


def _coming(match: re.Match[str], today: date, month: int, day: int) -> Span | None:
    """Without a year it is this year's, or the next one's where that is past."""
    found = _day(match, today.year, month, day)
    past = found is None or found[0] < today.isoformat()
    return _day(match, today.year + 1, month, day) or found if past else found


def _weekday(match: re.Match[str], today: date, weekday: int, weeks: int) -> Span:
    """The next one that comes; with "next" (下) that of the week after, which begins on Monday."""
    ahead = weekday - today.weekday() + 7 * weeks if weeks else (weekday - today.weekday()) % 7
    return (today + timedelta(ahead)).isoformat(), *match.span()


def _time(field: Part, said: str, now: datetime) -> Span | None:
    if match := CLOCK.search(said):
        hour = int(match[1]) % 12 + 12 * (match[3] == "pm") if match[3] else int(match[1])
        before = said[max(0, match.start() - 3) : match.start()].strip()
        if not match[3] and hour < 12 and before.endswith(LATE):
            hour += 12
        return f"{hour:02}:{match[2]}", *match.span()
    if match := AM_PM.search(said):
        return f"{int(match[1]) % 12 + 12 * (match[2] == 'p'):02}:00", *match.span()
    if match := AT.search(said):
        hour, minute = int(match[2]), PARTS.get(match[3] or "0") or int((match[3] or "0").rstrip("刻半") or 0)
        hour += 12 if hour < 12 and (match[1] in LATE or (match[1] == "中午" and hour < 3)) else 0
        if hour < 24 and minute < 60:
            return f"{hour:02}:{minute:02}", *match.span()
    if (found := from_now(said, now)) and found[1]:
        return found[0].strftime("%H:%M"), *found[2:]
    return None


FINDS: Mapping[str, Callable[[Part, str, datetime], Span | None]] = {
    "email": _email,
    "phone": _phone,
    "date": _date,
    "time": _time,
    "choice": _choice,
    "yes_no": _yes_no,
    "number": _number,
}
"""By what is told from others most surely."""


def _numbers_in_digits(said: str) -> str:
    """三月五号 as 3月5号, 两天半 as 2.5天. A numeral that is part of another word stays: 一下, 万一, 十分."""
    said = WORDY.sub(lambda match: match[0] if match["word"] else str(numeral_value(match[0])), said)
    return MONEY.sub(r"\1.\2块", AND_HALF.sub(r"\1.5\2", HALF.sub("0.5", HALF_PAST.sub(r"\1.5个", said))))
