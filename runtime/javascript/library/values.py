"""JavaScript's values: what is true, what `+` does, what a property of nothing is."""

import math
import re
from datetime import datetime
from typing import Any


def js_number(value: Any = 0, *_: Any) -> Any:
    if value is None:
        return math.nan
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return js_whole(value)
    if isinstance(value, datetime):
        return js_time(value)
    if isinstance(value, list):
        return js_number(value[0]) if len(value) == 1 else (math.nan if value else 0)
    if not isinstance(value, str):
        return math.nan
    text = value.strip()
    if not text:
        return 0
    if re.fullmatch(r"0[xX][0-9a-fA-F]+", text):
        return js_whole(int(text, 16))
    if re.fullmatch(r"[+-]?(Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)", text):
        return js_whole(float(text))
    return math.nan


def js_whole(number: Any) -> Any:
    """A number without a fraction is an int, so that it is written without one; a large one is not exact."""
    if isinstance(number, int) and abs(number) >= 9007199254740992:
        return float(number) if abs(number) < 10**308 else math.inf if number > 0 else -math.inf
    if isinstance(number, float) and abs(number) < 9007199254740992 and number == int(number):
        return int(number)
    return number


def js_time(when: Any) -> Any:
    """Milliseconds since 1970."""
    return int(when.timestamp() * 1000)


def js_text(value: Any = "", *_: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return js_figures(value)
    if isinstance(value, list):
        return ",".join(["" if one is None else js_text(one) for one in value])
    if isinstance(value, dict):
        return (
            "Error: " + js_text(value["message"])
            if "message" in value and "stack" in value
            else "[object Object]"
        )
    return str(value)


def js_figures(value: Any) -> str:
    if math.isnan(value) or math.isinf(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    text = str(js_whole(value))
    if "e" not in text:
        return text[:-2] if text.endswith(".0") else text
    front, power = text.split("e")
    sign, figures, places = "-" if value < 0 else "", front.lstrip("-").replace(".", ""), int(power)
    if 0 <= places < 21:
        return sign + figures.ljust(places + 1, "0")
    if -7 < places < 0:
        return sign + "0." + "0" * (-places - 1) + figures
    return front + ("e+" if places > 0 else "e-") + str(abs(places))


def js_true(value: Any = None, *_: Any) -> bool:
    if value is None or value is False or value == "":
        return False
    if isinstance(value, (int, float)):
        return not (value == 0 or math.isnan(value))
    return True


def js_and(value: Any, other: Any) -> Any:
    return other() if js_true(value) else value


def js_or(value: Any, other: Any) -> Any:
    return value if js_true(value) else other()


def js_else(value: Any, other: Any) -> Any:
    return other() if value is None else value


def js_add(left: Any, right: Any) -> Any:
    plain = (bool, int, float, type(None))
    if isinstance(left, plain) and isinstance(right, plain):
        return js_whole(js_number(left) + js_number(right))
    return js_text(left) + js_text(right)


def js_sub(left: Any, right: Any) -> Any:
    return js_whole(js_number(left) - js_number(right))


def js_mul(left: Any, right: Any) -> Any:
    return js_whole(js_number(left) * js_number(right))


def js_div(left: Any, right: Any) -> Any:
    left, right = js_number(left), js_number(right)
    if right == 0:
        return math.nan if left == 0 or math.isnan(left) else math.inf if left > 0 else -math.inf
    return js_whole(left / right)


def js_mod(left: Any, right: Any) -> Any:
    left, right = js_number(left), js_number(right)
    return math.nan if right == 0 or math.isnan(left + right) else js_whole(math.fmod(left, right))


def js_pow(left: Any, right: Any) -> Any:
    try:
        return js_whole(math.pow(js_number(left), js_number(right)))
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


def js_bits(value: Any) -> int:
    """As a whole number of 32 bits."""
    number = js_number(value)
    if isinstance(number, float) and (math.isnan(number) or math.isinf(number)):
        return 0
    found = int(number) & 0xFFFFFFFF
    return found - 0x100000000 if found > 0x7FFFFFFF else found


def js_same(left: Any, right: Any) -> bool:
    numbers = (int, float)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, numbers) and isinstance(right, numbers):
        return left == right
    if isinstance(left, (dict, list)) or isinstance(right, (dict, list)):
        return left is right
    return type(left) is type(right) and bool(left == right)


def js_like(left: Any, right: Any) -> bool:
    plain = (bool, int, float, str)
    if isinstance(left, list) and isinstance(right, plain):
        return js_like(js_text(left), right)
    if isinstance(right, list) and isinstance(left, plain):
        return js_like(left, js_text(right))
    if isinstance(left, plain) and isinstance(right, plain) and type(left) is not type(right):
        return bool(js_number(left) == js_number(right))
    return js_same(left, right)


def js_less(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    return bool(js_number(left) < js_number(right))


def js_most(left: Any, right: Any) -> bool:
    """Less or equal."""
    if isinstance(left, str) and isinstance(right, str):
        return left <= right
    return bool(js_number(left) <= js_number(right))


def js_typeof(value: Any) -> str:
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, (dict, list, datetime)) else "function"


def js_maybe(value: Any, key: Any) -> Any:
    """Its property; of nothing, nothing."""
    if value is None:
        return None
    if isinstance(value, dict):
        return value.get(key if isinstance(key, str) else js_text(key))
    if isinstance(value, (list, str)):
        if key == "length":
            return len(value)
        if key == "item":
            return value[0] if value else None  # of n8n's, which are what came
        place = js_number(key)
        return value[place] if isinstance(place, int) and 0 <= place < len(value) else None
    return None


def js_get(value: Any, key: Any) -> Any:
    if value is None:
        raise TypeError("Cannot read properties of undefined (reading '" + js_text(key) + "')")
    return js_maybe(value, key)


def js_put(value: Any, key: Any, given: Any) -> Any:
    if isinstance(value, dict):
        value[js_text(key)] = given
    elif isinstance(value, list) and key == "length":
        value[given:] = []
    elif isinstance(value, list):
        while len(value) <= key:
            value.append(None)
        value[key] = given
    else:
        raise TypeError("Cannot set properties of " + js_text(value))
    return given


def js_delete(value: Any, key: Any) -> bool:
    if isinstance(value, dict):
        value.pop(js_text(key), None)
    elif isinstance(value, list) and 0 <= js_number(key) < len(value):
        value[js_number(key)] = None
    return True


def js_in(key: Any, value: Any) -> bool:
    return js_text(key) in value if isinstance(value, dict) else js_maybe(value, key) is not None


def js_each(value: Any) -> Any:
    """What `of` walks: of a Map its pairs."""
    if value is None:
        raise TypeError("undefined is not iterable")
    if isinstance(value, dict) and "input" in value and "groups" in value:
        return [value[str(place)] for place in range(value["length"])]  # what a pattern found
    return [[key, one] for key, one in value.items()] if isinstance(value, dict) else list(value)


def js_spread(value: Any) -> Any:
    if isinstance(value, (list, str)):
        return {str(place): one for place, one in enumerate(value)}
    return value if isinstance(value, dict) else {}


def js_error(message: Any = "", *_: Any) -> Any:
    return {"message": js_text(message), "name": "Error", "stack": ""}


def js_why(caught: Any) -> Any:
    return js_error(str(caught))


def js_raise(thrown: Any) -> Any:
    raise ValueError(
        js_text(thrown["message"]) if isinstance(thrown, dict) and "message" in thrown else js_text(thrown)
    )


def js_plain(value: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(value, dict):
        return {str(key): js_plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [js_plain(one) for one in value]
    if isinstance(value, float):
        return None if math.isnan(value) or math.isinf(value) else js_whole(value)
    return js_iso(value) if isinstance(value, datetime) else value


def js_iso(when: Any) -> str:
    return str(when.isoformat(timespec="milliseconds"))[:23] + "Z"
