"""What a model answers for fields, checked: each value by its type, and a sentence for each that is wrong."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from runtime import wellformed
from runtime.errors import Wrong
from runtime.lang import Text, listed
from runtime.turn.fields import spotted
from runtime.turn.fields.field import LONGEST, MOST_ITEMS, Field, Part

DEEPEST = 20
"""Lists and objects inside each other in an answer."""
NO_OBJECT = "There is no JSON object with these fields in the answer."
EXPECTED = {
    "number": Text("应为数字", "should be a number"),
    "date": Text("应为日期，例如 2026-03-05", "should be a day such as 2026-03-05"),
    "time": Text("应为时间，例如 14:30", "should be a time such as 14:30"),
    "phone": Text("应为电话号码", "should be a phone number"),
    "email": Text("应为邮箱地址", "should be an e-mail address"),
    "yes_no": Text("应为是或否", "should be true or false"),
    "list": Text("应为列表", "should be a list"),
    "object": Text("应为对象", "should be an object"),
    "text": Text("应为文字", "should be text"),
}
ONE_OF = Text("应为其中之一：{choices}", "should be one of: {choices}")
PHONE = re.compile(r"\+?\d{5,15}")


@dataclass(frozen=True)
class Read:
    """`values` by name, None for what is not there; `wrong`: what to correct, a line each, in English;
    `failed`: why no model said anything."""

    values: dict[str, Any]
    wrong: list[str] = field(default_factory=list)
    failed: str = ""


async def read(fields: Sequence[Part], answer: str, now: datetime) -> Read:
    """The values of an answer, also of one that says more than the object that it should be."""
    found = await object_in(answer)
    if found is None or not any(one.name in found for one in fields):
        return Read(dict.fromkeys(one.name for one in fields), [NO_OBJECT])
    return checked(fields, found, now)


async def object_in(answer: str) -> dict[str, Any] | None:
    """The JSON object in a text, be it between words or marks; None when there is none."""
    start, end = answer.find("{"), answer.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        found = await wellformed.read(answer[start : end + 1], deepest=DEEPEST)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def checked(fields: Sequence[Part], given: Mapping[str, Any], now: datetime, path: str = "") -> Read:
    """Each value as its type wants it; what is wrong is None and told."""
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for one in fields:
        try:
            values[one.name] = _value(one, given.get(one.name), now, f"{path}{one.name}", wrong)
        except Wrong as e:
            values[one.name] = None
            wrong.append(f"{path}{one.name}: {e.text.en}")
    return Read(values, wrong)


def _value(one: Part, given: Any, now: datetime, path: str, wrong: list[str]) -> Any:
    if given is None or given == "":
        return None
    if isinstance(one, Field) and one.type == "list":
        return _list(one, given, now, path, wrong)
    if isinstance(one, Field) and one.type == "object":
        if not isinstance(given, dict):
            raise Wrong(EXPECTED["object"])
        inner = checked(one.fields, given, now, f"{path}.")
        wrong += inner.wrong
        return inner.values
    return plain(one, given, now)


def _list(one: Field, given: Any, now: datetime, path: str, wrong: list[str]) -> list[Any]:
    if not isinstance(given, list):
        raise Wrong(EXPECTED["list"])
    if not one.fields:
        return [_text(item) for item in given[:MOST_ITEMS] if item not in (None, "")]
    found = []
    for i, item in enumerate(given[:MOST_ITEMS]):
        if not isinstance(item, dict):
            raise Wrong(EXPECTED["object"])
        inner = checked(one.fields, item, now, f"{path}.{i}.")
        wrong += inner.wrong
        found.append(inner.values)
    return found


def plain(one: Part, given: Any, now: datetime) -> Any:
    """One value by its type. Raises Wrong."""
    match one.type:
        case "text":
            return _text(given)
        case "number":
            return _number(one, given, now)
        case "yes_no":
            return given if isinstance(given, bool) else _by_words(one, given, now)
        case "choice":
            return _choice(one, given, now)
        case "phone":
            digits = re.sub(r"[\s()-]", "", _text(given))
            return digits if PHONE.fullmatch(digits) else _by_words(one, given, now)
    return _by_words(one, given, now)


def _text(given: Any) -> str:
    if isinstance(given, bool | dict | list):
        raise Wrong(EXPECTED["text"])
    return str(given).strip()[:LONGEST]


def _number(one: Part, given: Any, now: datetime) -> int | float:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise Wrong(EXPECTED["number"])
    number = _by_words(one, given, now) if isinstance(given, str) else given
    if not isinstance(number, int | float) or not math.isfinite(number) or abs(number) > 1e15:
        raise Wrong(EXPECTED["number"])
    return number


def _choice(one: Part, given: Any, now: datetime) -> str:
    if str(given) in one.choices:
        return str(given)
    if isinstance(given, str) and (found := spotted.one(one, given, now)):
        return str(found)
    raise Wrong(ONE_OF.fill(choices=listed(one.choices)))


def _by_words(one: Part, given: Any, now: datetime) -> Any:
    found = spotted.one(one, given, now) if isinstance(given, str) else None
    if found is None:
        raise Wrong(EXPECTED[one.type])
    return found
