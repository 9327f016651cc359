"""What texts and numbers of JavaScript can do."""

import math
from typing import Any

from runtime.javascript.library.values import js_number, js_text


def js_trim(value: Any, *_: Any) -> Any:
    return js_string(value).strip()


def js_trim_start(value: Any, *_: Any) -> Any:
    return js_string(value).lstrip()


def js_trim_end(value: Any, *_: Any) -> Any:
    return js_string(value).rstrip()


def js_lower(value: Any, *_: Any) -> Any:
    return js_string(value).lower()


def js_upper(value: Any, *_: Any) -> Any:
    return js_string(value).upper()


def js_string(value: Any) -> str:
    """Of what only a text can do."""
    if not isinstance(value, str):
        raise TypeError("it is no text: " + js_text(value)[:80])
    return value


def js_starts(value: Any, wanted: Any, start: Any = 0, *_: Any) -> bool:
    return js_string(value)[start:].startswith(js_text(wanted))


def js_ends(value: Any, wanted: Any, *_: Any) -> bool:
    return js_string(value).endswith(js_text(wanted))


def js_substring(value: Any, start: Any = 0, end: Any = None, *_: Any) -> Any:
    first = max(0, int(js_number(start)))
    last = len(value) if end is None else max(0, int(js_number(end)))
    return js_string(value)[min(first, last) : max(first, last)]


def js_substr(value: Any, start: Any = 0, count: Any = None, *_: Any) -> Any:
    start = max(0, len(value) + start) if start < 0 else start
    return js_string(value)[start:] if count is None else value[start : start + max(0, count)]


def js_split(value: Any, by: Any = None, most: Any = None, *_: Any) -> Any:
    text = js_string(value)
    if by is None:
        found = [text]
    elif isinstance(by, dict):
        found, end = [], 0
        for one in by["re"].finditer(text):
            if one.end() > one.start() or 0 < one.start() < len(text):
                found += [text[end : one.start()], *one.groups()]
                end = one.end()
        found.append(text[end:])
    else:
        found = text.split(by) if by else list(text)
    return found if most is None else found[:most]


def js_repeat(value: Any, times: Any = 0, *_: Any) -> Any:
    return js_string(value) * int(times)


def js_pad_start(value: Any, width: Any, by: Any = " ", *_: Any) -> Any:
    missing = max(0, width - len(value))
    return (by * missing)[:missing] + value


def js_pad_end(value: Any, width: Any, by: Any = " ", *_: Any) -> Any:
    missing = max(0, width - len(value))
    return value + (by * missing)[:missing]


def js_char(value: Any, place: Any = 0, *_: Any) -> Any:
    return value[place] if 0 <= place < len(value) else ""


def js_code(value: Any, place: Any = 0, *_: Any) -> Any:
    return ord(value[place]) if 0 <= place < len(value) else math.nan


def js_to_text(value: Any, base: Any = 10, *_: Any) -> str:
    """`toString`."""
    if base == 10 or not isinstance(value, int):
        return js_text(value)
    digits, left, found = "0123456789abcdefghijklmnopqrstuvwxyz", abs(value), ""
    while left or not found:
        found = digits[left % base] + found
        left //= base
    return "-" + found if value < 0 else found


def js_fixed(value: Any, digits: Any = 0, *_: Any) -> str:
    number, places = float(value), int(digits or 0)
    if math.isnan(number) or abs(number) >= 1e21:
        return js_text(number)
    exact = f"{abs(number):.{places + 25}f}"
    figures = str(int(exact[:-25].replace(".", "")) + (exact[-25] >= "5")).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + (figures[:-places] + "." + figures[-places:] if places else figures)


def js_compare(value: Any, other: Any, *_: Any) -> int:
    """`localeCompare`: capitals beside small letters, and behind them where nothing else differs."""
    one, two = js_string(value), js_text(other)
    for first, second in ((one.lower(), two.lower()), (one.swapcase(), two.swapcase())):
        if first != second:
            return int(first > second) - int(first < second)
    return 0
