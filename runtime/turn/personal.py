"""Values of each person that an agent declares: their types, and what may stand in them."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import model_validator

from runtime import wellformed
from runtime.errors import Wrong
from runtime.lang import Text
from runtime.person import FIELDS, TAGS, tags_in
from runtime.schema import Name, Strict, setting

Type = Literal["text", "number", "yes_no", "date", "list", "counter"]
Writer = Literal["agent", "model", "operator"]
Plain = str | int | float | bool | list[Any]

TYPES: Mapping[Type, Text] = {
    "text": Text("文字", "Text"),
    "number": Text("数字", "Number"),
    "yes_no": Text("是或否", "Yes or no"),
    "date": Text("日期", "Date"),
    "list": Text("列表", "List"),
    "counter": Text("计数", "Counter"),
}
WRITERS: Mapping[Writer, Text] = {
    "agent": Text("流程（设置变量）", "The flow, by “Set values”"),
    "model": Text("流程和大模型", "The flow and the model"),
    "operator": Text("只有您", "Only you"),
}

LONGEST_TEXT = 2000
"""Characters of a text."""
MOST_ITEMS = 200
"""Of a list…"""
LONGEST_ITEM = 500
"""…with characters in each."""
LARGEST = 1e15
"""A whole number beyond is not exact any more."""
YES = frozenset(("true", "yes", "y", "on", "1", "是", "对", "有", "真"))
NO = frozenset(("false", "no", "n", "off", "0", "", "否", "不", "不是", "没有", "无", "假", "none"))

TOO_LONG = Text("最多 {most} 个字", "{most} characters at most")
NO_NUMBER = Text("「{value}」不是数字", "{value!r} is no number")
NOT_WHOLE = Text("「{value}」不是整数", "{value!r} is no whole number")
TOO_LARGE = Text("数字太大，最多 15 位", "the number is too large; 15 digits at most")
NEITHER = Text("「{value}」不是「是」或「否」", "{value!r} is neither yes nor no")
NO_DATE = Text("「{value}」不是日期，例如 2026-01-31", "{value!r} is no date such as 2026-01-31")
NO_LIST = Text("「{value}」不是列表", "{value!r} is no list")
TOO_MANY = Text("列表最多 {most} 项", "a list has {most} items at most")
NO_ITEM = Text("列表里只能是文字、数字、是或否", "a list holds texts, numbers, yes or no")
ARE_TAGS = Text(
    "「tags」是每个人的标签：类型要选列表，一开始没有",
    "“tags” are everybody's tags: a list, and empty at first",
)
TAKEN = Text("「{name}」每个人本来就有，请换一个名称", "everybody has {name!r} already; take another name")


class PersonValue(Strict):
    """Something that an agent keeps of each person, across conversations."""

    name: Name = setting(title=Text("名称", "Name"))
    type: Type = setting(
        "text", title=Text("类型", "Type"), choices=lambda: {name: text for name, text in TYPES.items()}
    )
    default: Plain | None = setting(
        None,
        title=Text("一开始是", "At first"),
        hint=Text("还没有值时用它", "Used while there is no value yet"),
    )
    title: str = setting("", title=Text("显示名", "Label"), max_length=60)
    who: Writer = setting(
        "agent",
        title=Text("谁能改", "Who may change it"),
        hint=Text("用户自己、流程，或只有您", "The person, the flow, or only you"),
        choices=lambda: {name: text for name, text in WRITERS.items()},
    )

    @model_validator(mode="after")
    def _fits(self) -> "PersonValue":
        if self.name == TAGS:
            if self.type != "list" or self.default not in (None, "", []):
                raise Wrong(ARE_TAGS, "type" if self.type != "list" else "default")
        elif self.name in FIELDS:
            raise Wrong(TAKEN.fill(name=self.name), "name")
        try:
            _ = self.initial
        except Wrong as e:
            raise Wrong(e.text, "default") from None
        return self

    @property
    def initial(self) -> Any:
        """What it is of somebody of whom nothing is kept. Raises Wrong."""
        return EMPTY[self.type]() if self.default in (None, "") else self.read(self.default)

    def read(self, value: Any) -> Any:
        """As its type, plain JSON. Raises Wrong with what is wrong with it."""
        return tags_in(coerced(self.type, value)) if self.name == TAGS else coerced(self.type, value)


def coerced(type: Type, value: Any) -> Any:
    """The value as that type, plain JSON. Raises Wrong with what is wrong with it."""
    return _KINDS[type](value)


def seen(declared: Sequence[PersonValue], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Each declared value: what is kept of the person, if it can be read as its type, or its default."""
    return {one.name: _seen(one, kept) for one in declared}


def _seen(one: PersonValue, kept: Mapping[str, Any]) -> Any:
    if kept.get(one.name) is None:
        return one.initial
    try:
        return one.read(kept[one.name])
    except Wrong:
        return one.initial  # declared anew as another type: what was kept stays where it is


def fits(one: PersonValue, value: Any) -> bool:
    try:
        one.read(value)
    except Wrong:
        return False
    return True


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else _printed(value)
    if len(text) > LONGEST_TEXT:
        raise Wrong(TOO_LONG.fill(most=LONGEST_TEXT))
    return text


def _printed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | Mapping) else str(value)


def _number(value: Any) -> int | float:
    if isinstance(value, str) and len(value) <= 40:
        try:
            value = float(value.strip().replace(",", "") or "x")
        except ValueError:
            raise Wrong(NO_NUMBER.fill(value=value[:40])) from None
    if isinstance(value, bool):
        value = int(value)
    if not isinstance(value, int | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise Wrong(NO_NUMBER.fill(value=str(value)[:40]))
    if abs(value) > LARGEST:
        raise Wrong(TOO_LARGE)
    return int(value) if value == int(value) else value


def _counter(value: Any) -> int:
    number = _number(value)
    if isinstance(number, float):
        raise Wrong(NOT_WHOLE.fill(value=number))
    return number


def _yes_no(value: Any) -> bool:
    if isinstance(value, bool | int | float):
        return bool(value)
    word = value.strip().lower() if isinstance(value, str) else None
    if word not in YES | NO:
        raise Wrong(NEITHER.fill(value=str(value)[:40]))
    return word in YES


def _date(value: Any) -> str:
    """A day, or a day and a time; "" for none."""
    text = value.strip() if isinstance(value, str) else "?"
    if not text:
        return ""
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            found = read(text)
        except ValueError:
            continue
        return found.strftime("%Y-%m-%d %H:%M") if isinstance(found, datetime) else found.isoformat()
    raise Wrong(NO_DATE.fill(value=str(value)[:40]))


def _list(value: Any) -> list[Any]:
    items = _items(value) if isinstance(value, str) else value
    if not isinstance(items, list | tuple):
        raise Wrong(NO_LIST.fill(value=str(value)[:40]))
    if len(items) > MOST_ITEMS:
        raise Wrong(TOO_MANY.fill(most=MOST_ITEMS))
    return [_item(item) for item in items]


def _items(text: str) -> Any:
    """JSON, or an item a line."""
    if text.lstrip()[:1] == "[":
        try:
            return wellformed.load(text)
        except ValueError:
            raise Wrong(NO_LIST.fill(value=text[:40])) from None
    return [line.strip() for line in text.splitlines() if line.strip()]


def _item(item: Any) -> Any:
    if isinstance(item, str):
        if len(item) > LONGEST_ITEM:
            raise Wrong(TOO_LONG.fill(most=LONGEST_ITEM))
        return item
    if not isinstance(item, bool | int | float):
        raise Wrong(NO_ITEM)
    return item if isinstance(item, bool) else _number(item)


_KINDS: Mapping[Type, Callable[[Any], Any]] = {
    "text": _text,
    "number": _number,
    "yes_no": _yes_no,
    "date": _date,
    "list": _list,
    "counter": _counter,
}
EMPTY: Mapping[Type, Callable[[], Any]] = {
    "text": str, "number": int, "yes_no": bool, "date": str, "list": list, "counter": int,
}  # fmt: skip
"""What a value is before there is any."""


def named(declared: Iterable[PersonValue]) -> dict[str, PersonValue]:
    return {one.name: one for one in declared}


TAGS_OF_ALL = PersonValue(name=TAGS, type="list", who="operator")
"""What everybody has, whether or not an agent declares that its flow may change them."""
