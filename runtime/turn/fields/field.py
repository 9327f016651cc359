"""What is wanted of a text: fields with a name and a type."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import model_validator

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Name, Strict, setting

Plain = Literal["text", "number", "date", "time", "phone", "email", "yes_no", "choice"]
Kind = Literal["text", "number", "date", "time", "phone", "email", "yes_no", "choice", "list", "object"]

KINDS: Mapping[Kind, Text] = {
    "text": Text("文字", "Text"),
    "number": Text("数字", "Number"),
    "date": Text("日期", "Date"),
    "time": Text("时间", "Time"),
    "phone": Text("电话", "Phone"),
    "email": Text("邮箱", "E-mail"),
    "yes_no": Text("是或否", "Yes or no"),
    "choice": Text("几个里选一个", "One of several"),
    "list": Text("列表", "List"),
    "object": Text("一组", "Group"),
}
SAMPLES: Mapping[Kind, Any] = {
    "text": "1",
    "number": 1,
    "date": "2026-01-01",
    "time": "09:00",
    "phone": "13800000000",
    "email": "a@example.com",
    "yes_no": True,
    "choice": "1",
}
MOST_ITEMS = 100
"""Of a list that is found."""
LONGEST = 5000
"""Characters of a text that is found."""


def _names(*kinds: Kind) -> dict[str, Text]:
    return {kind: KINDS[kind] for kind in kinds}


class Part(Strict):
    """A value inside of another."""

    name: Name = setting(
        title=Text("字段名", "Name"),
        hint=Text(
            "小写字母、数字和 _，后面用它引用", "Small letters, digits and _; later blocks refer to it"
        ),
    )
    title: str = setting(
        "",
        title=Text("是什么", "What it is"),
        hint=Text("例如：几位客人、取货日期", "For example: number of guests, day of pick-up"),
        max_length=200,
    )
    type: Plain = setting(
        "text",
        title=Text("类型", "Type"),
        hint=Text(
            "按类型认：日期认「明天」，电话认 11 位，选项只认列出来的",
            "Known by its type: a day knows “tomorrow”, a phone its digits, a choice what is listed",
        ),
        choices=lambda: _names(*(kind for kind in KINDS if kind not in ("list", "object"))),
    )
    choices: list[str] = setting(
        [],
        title=Text("可选的值", "Choices"),
        hint=Text("只在类型是选项时用", "For a choice only"),
        when=("type", "choice"),
        max_length=50,
    )

    @model_validator(mode="after")
    def _has_choices(self) -> "Part":
        if self.type == "choice" and not any(map(str.strip, self.choices)):
            raise Wrong(Text("至少写一个可选的值", "needs at least one choice"), "choices")
        return self

    @property
    def sample(self) -> Any:
        return self.choices[0] if self.type == "choice" else SAMPLES[self.type]

    def as_schema(self) -> dict[str, Any]:
        """JSON schema; null is a value that is not there."""
        told = {"description": self.title} if self.title else {}
        return {**_plain(self.type, self.choices), **told}


class Field(Part):
    """A value; a list or a group holds parts."""

    type: Kind = setting(  # type: ignore[assignment] # everything that a part may be, and more
        "text", title=Text("类型", "Type"), choices=lambda: _names(*KINDS)
    )
    fields: list[Part] = setting(
        [],
        title=Text("里面有什么", "What is in it"),
        hint=Text("列表留空就是一列文字", "A list without any is a list of texts"),
        when=("type", ("list", "object")),
        max_length=20,
    )

    @model_validator(mode="after")
    def _has_parts(self) -> "Field":
        if self.type == "object" and not self.fields:
            raise Wrong(Text("至少写一个字段", "needs at least one field"), "fields")
        if twice := repeated(self.fields):
            raise Wrong(TWICE.fill(name=twice), "fields")
        return self

    @property
    def sample(self) -> Any:
        inner = {part.name: part.sample for part in self.fields}
        match self.type:
            case "object":
                return inner
            case "list":
                return [inner or "1"]
        return super().sample

    def as_schema(self) -> dict[str, Any]:
        told = {"description": self.title} if self.title else {}
        match self.type:
            case "object":
                return {**schema_of(self.fields), "type": ["object", "null"], **told}
            case "list":
                items = schema_of(self.fields) if self.fields else {"type": "string"}
                return {"type": ["array", "null"], "items": items, **told}
        return super().as_schema()


TWICE = Text("名称「{name}」重复了", "the name {name!r} is taken")


def repeated(fields: Sequence[Part]) -> str:
    """A name that two of them have, or ""."""
    names = [field.name for field in fields]
    return next((name for name in names if names.count(name) > 1), "")


def unrepeated(fields: Sequence[Part], setting: str) -> None:
    """Raises Wrong when two have one name."""
    if twice := repeated(fields):
        raise Wrong(TWICE.fill(name=twice), setting)


def schema_of(fields: Sequence[Part]) -> dict[str, Any]:
    """An object with just these, each of which may be null."""
    return {
        "type": "object",
        "properties": {field.name: field.as_schema() for field in fields},
        "required": [field.name for field in fields],
        "additionalProperties": False,
    }


def _plain(kind: Kind, choices: Sequence[str]) -> dict[str, Any]:
    match kind:
        case "number":
            return {"type": ["number", "null"]}
        case "yes_no":
            return {"type": ["boolean", "null"]}
        case "choice":
            return {"type": ["string", "null"], "enum": [*choices, None]}
        case "date":
            return {"type": ["string", "null"], "format": "date"}
        case "time":
            return {"type": ["string", "null"], "format": "time"}
    return {"type": ["string", "null"]}
