"""What JavaScript has everywhere: JSON, Math, Object, Array, Date, and how addresses are written."""

import base64
import json
import math
import random
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from runtime.javascript.library.values import (
    js_each,
    js_number,
    js_plain,
    js_same,
    js_text,
    js_time,
    js_whole,
)


def js_parse(text: Any, *_: Any) -> Any:
    return json.loads(js_text(text))


def js_stringify(value: Any = None, _: Any = None, indent: Any = None, *more: Any) -> Any:
    value = js_plain(value)
    if indent:
        return json.dumps(value, ensure_ascii=False, indent=indent)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def js_keys(value: Any, *_: Any) -> Any:
    return list(value) if isinstance(value, dict) else [str(n) for n in range(len(value))]


def js_values(value: Any, *_: Any) -> Any:
    return list(value.values()) if isinstance(value, dict) else list(value)


def js_entries(value: Any, *_: Any) -> Any:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return [[key, one] for key, one in pairs]


def js_own(value: Any, *_: Any) -> Any:
    """`Object.entries`."""
    return [[js_text(key), one] for key, one in js_entries(value)]


def js_places(value: Any, *_: Any) -> Any:
    """`keys`: of a Map, a Set or a list."""
    return list(value) if isinstance(value, dict) else list(range(len(value)))


def js_assign(value: Any, *others: Any) -> Any:
    for one in others:
        value.update(one or {})
    return value


def js_from_entries(pairs: Any, *_: Any) -> Any:
    return {js_text(key): one for key, one in js_each(pairs)}


def js_list(value: Any = (), made: Any = None, *_: Any) -> Any:
    """`Array.from`."""
    if isinstance(value, dict) and "length" in value:
        value = [None] * int(value["length"])
    return js_each(value) if made is None else [made(one, place) for place, one in enumerate(js_each(value))]


def js_is_list(value: Any = None, *_: Any) -> bool:
    return isinstance(value, list)


def js_new_list(*given: Any) -> Any:
    return [None] * given[0] if len(given) == 1 and isinstance(given[0], int) else list(given)


def js_new_set(given: Any = (), *_: Any) -> Any:
    found: list[Any] = []
    for one in given or ():
        if not any([js_same(one, each) for each in found]):
            found.append(one)
    return found


def js_new_map(given: Any = (), *_: Any) -> Any:
    return {key: one for key, one in js_each(given or ())}


def js_int(text: Any = "", base: Any = None, *_: Any) -> Any:
    """`parseInt`."""
    if not base:
        base = 16 if re.match(r"\s*[+-]?0[xX]", js_text(text)) else 10
    found = re.match(r"\s*([+-]?[0-9a-zA-Z]+)", js_text(text))
    digits = found.group(1) if found else ""
    while digits:
        try:
            return int(digits, base)
        except ValueError:
            digits = digits[:-1]
    return math.nan


def js_float(text: Any = "", *_: Any) -> Any:
    found = re.match(r"\s*([+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)", js_text(text))
    return js_whole(float(found.group(1))) if found else math.nan


def js_is_whole(value: Any = None, *_: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def js_is_nan(value: Any = None, *_: Any) -> bool:
    return math.isnan(js_number(value))


def js_is_just_nan(value: Any = None, *_: Any) -> bool:
    """`Number.isNaN`: of nothing but a number."""
    return isinstance(value, float) and math.isnan(value)


def js_is_just_finite(value: Any = None, *_: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and js_is_finite(value)


def js_is_finite(value: Any = None, *_: Any) -> bool:
    number = js_number(value)
    return not (math.isnan(number) or math.isinf(number))


def js_floor(value: Any = None, *_: Any) -> Any:
    return math.floor(js_number(value))


def js_ceil(value: Any = None, *_: Any) -> Any:
    return math.ceil(js_number(value))


def js_round(value: Any = None, *_: Any) -> Any:
    return math.floor(js_number(value) + 0.5)


def js_trunc(value: Any = None, *_: Any) -> Any:
    return math.trunc(js_number(value))


def js_abs(value: Any = None, *_: Any) -> Any:
    return abs(js_number(value))


def js_sign(value: Any = None, *_: Any) -> Any:
    return (js_number(value) > 0) - (js_number(value) < 0)


def js_itself(value: Any = None, *_: Any) -> Any:
    return value


def js_sqrt(value: Any = None, *_: Any) -> Any:
    return js_whole(math.sqrt(js_number(value)))


def js_max(*given: Any) -> Any:
    numbers = [js_number(one) for one in given]
    return math.nan if any([math.isnan(one) for one in numbers]) else max([-math.inf, *numbers])


def js_min(*given: Any) -> Any:
    numbers = [js_number(one) for one in given]
    return math.nan if any([math.isnan(one) for one in numbers]) else min([math.inf, *numbers])


def js_random(*_: Any) -> float:
    return random.random()


def js_chars(*given: Any) -> str:
    """`String.fromCharCode`."""
    return "".join([chr(int(one)) for one in given])


def js_uri(text: Any = "", *_: Any) -> str:
    """`encodeURIComponent`."""
    kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"
    parts: list[str] = []
    for one in js_text(text):
        parts += [one] if one in kept else [f"%{byte:02X}" for byte in one.encode()]
    return "".join(parts)


def js_base64(text: Any = "", before: Any = "", *_: Any) -> str:
    """FastGPT's `strToBase64`."""
    return js_text(before) + base64.b64encode(js_text(text).encode()).decode()


def js_utc() -> Any:
    return timezone.utc  # noqa: UP017 (the sandbox has no UTC)


def js_now(*_: Any) -> Any:
    return datetime.now(js_utc())


def js_millis(*_: Any) -> int:
    return int(js_time(js_now()))


def js_date(given: Any, *_: Any) -> Any:
    """Of a text, or of milliseconds since 1970."""
    if isinstance(given, datetime):
        return given
    if isinstance(given, (int, float)):
        return datetime(1970, 1, 1, tzinfo=js_utc()) + timedelta(milliseconds=given)
    when = datetime.fromisoformat(js_text(given).strip().replace("Z", "+00:00"))
    return js_date(js_time(when if when.tzinfo else when.replace(tzinfo=js_utc())))


def js_year(when: Any, *_: Any) -> Any:
    return when.year


def js_month(when: Any, *_: Any) -> Any:
    return when.month - 1


def js_day(when: Any, *_: Any) -> Any:
    return when.day


def js_weekday(when: Any, *_: Any) -> Any:
    return (when.weekday() + 1) % 7


def js_hour(when: Any, *_: Any) -> Any:
    return when.hour


def js_minute(when: Any, *_: Any) -> Any:
    return when.minute


def js_second(when: Any, *_: Any) -> Any:
    return when.second


def js_set_day(when: Any, day: Any, *_: Any) -> Any:
    return when.replace(day=1) + timedelta(days=day - 1)


def js_set_hour(when: Any, hour: Any, minute: Any = None, *_: Any) -> Any:
    minute = when.minute if minute is None else minute
    return when.replace(hour=0, minute=0) + timedelta(hours=hour, minutes=minute)


def js_log(*given: Any) -> None:
    texts = [one if isinstance(one, str) else js_stringify(one) for one in given]
    print(*texts)  # noqa: T201 # so the sandbox is told


def js_item(value: Any) -> Any:
    """What n8n calls the data of an item: of a text, under the names that its nodes give."""
    if isinstance(value, dict):
        return value
    return {name: value for name in ("text", "output", "data", "chatInput", "message", "content", "body")}


def js_items(value: Any) -> Any:
    return [{"json": js_item(one)} for one in (value if isinstance(value, list) else [value])]


def js_made(value: Any) -> Any:
    """What an n8n program gave, without the wrapping of its items."""
    found = (
        [one["json"] if isinstance(one, dict) and "json" in one else one for one in value]
        if isinstance(value, list)
        else value
    )
    if isinstance(found, list) and len(found) == 1:
        return found[0]
    return found["json"] if isinstance(found, dict) and "json" in found else found
