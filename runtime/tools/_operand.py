"""The arguments of an operation, and where each goes in the request."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote, urlencode

from pydantic import field_validator

from runtime.errors import ToolFailed, Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting
from runtime.tools._arguments import as_text
from runtime.tools._by_schema import is_small

Style = Literal["", "repeat", "comma", "space", "pipe", "deep", "json", "path"]
BETWEEN: Mapping[Style, str] = {"comma": ",", "space": " ", "pipe": "|", "": ","}
FORM = "application/x-www-form-urlencoded"
LONGEST_URL = 4000
"""Characters of path and query, as they are sent."""

TOO_LONG = Text(
    "填好的网址太长，主机名后面最多 {most} 个字符。",
    "The finished address is too long: {most} characters at most after the host.",
)
NO_PART = Text(
    "路径参数 {field} 不能为空，也不能是「.」。", "{field} in the path must not be empty, nor “.”."
)
TOO_LARGE = Text("描述太大或嵌套太深", "its schema is too large or nested too deep")


class Operand(Strict):
    """One argument. `of`: what the interface calls it, "" for the same name; `shape`: its JSON schema."""

    name: str = setting(title=Text("参数名", "Name"), pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")
    place: Literal["path", "query", "header", "body", "file", "whole"] = setting(title=Text("位置", "Place"))
    of: str = setting("", title=Text("接口里的名称", "Its name there"), max_length=100)
    required: bool = setting(True, title=Text("必填", "Required"))
    style: Style = setting("", title=Text("列表的写法", "How a list is written"))
    shape: dict[str, Any] = setting({}, title=Text("格式", "Schema"))

    @field_validator("shape")
    @classmethod
    def _is_small(cls, shape: dict[str, Any]) -> dict[str, Any]:
        if not is_small(shape):
            raise Wrong(TOO_LARGE)
        return shape

    @property
    def there(self) -> str:
        return self.of or self.name


def target(
    path: str,
    operands: Sequence[Operand],
    values: Mapping[str, Any],
    more: Sequence[tuple[str, str]] = (),
) -> str:
    """Path and query, in which no value can change the structure of either. Raises ToolFailed.

    `more`: for the end of the query.
    """
    query: list[tuple[str, str]] = []
    for one in operands:
        if one.name not in values or one.place not in ("path", "query"):
            continue
        if one.place == "path":
            written = _joined(one, values[one.name])
            parts = written.split("/") if one.style == "path" else [written]
            if {"", ".", ".."} & set(parts):
                raise ToolFailed(NO_PART.fill(field=one.name))
            path = path.replace("{" + one.there + "}", "/".join(quote(part, safe="") for part in parts))
        else:
            query += _pairs(one, values[one.name])
    query += more
    found = path + (f"?{urlencode(query)}" if query else "")
    if len(found) > LONGEST_URL:
        raise ToolFailed(TOO_LONG.fill(most=LONGEST_URL))
    return found


def headers(operands: Sequence[Operand], values: Mapping[str, Any]) -> dict[str, str]:
    asked = [one for one in operands if one.place == "header" and one.name in values]
    return {one.there: _joined(one, values[one.name]) for one in asked}


def body(content: str, operands: Sequence[Operand], values: Mapping[str, Any]) -> bytes | None:
    """None where there is none."""
    if not content:
        return None
    fields = {one.there: values[one.name] for one in operands if one.place == "body" and one.name in values}
    whole = next((one for one in operands if one.place == "whole"), None)
    if whole is not None:
        if whole.name not in values:
            return None
        said = values[whole.name]
    else:
        said = fields
    if content.startswith(FORM):
        pairs = said.items() if isinstance(said, Mapping) else ()
        return urlencode([(name, written(value)) for name, value in pairs]).encode()
    if "json" in content:
        return json.dumps(said, ensure_ascii=False).encode()
    return written(said).encode()


def placed(path: str) -> set[str]:
    """The names that stand in braces in a path."""
    return set(re.findall(r"\{([^{}]*)\}", path))


def _pairs(one: Operand, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, list) and one.style == "repeat":
        return [(one.there, written(item)) for item in value]
    if isinstance(value, Mapping) and one.style == "deep":
        return [(f"{one.there}[{name}]", written(item)) for name, item in value.items()]
    if isinstance(value, Mapping) and one.style == "repeat":
        return [(str(name), written(item)) for name, item in value.items()]
    return [(one.there, _joined(one, value))]


def _joined(one: Operand, value: Any) -> str:
    if one.style == "json" or not isinstance(value, list | Mapping):
        return written(value)
    items = value if isinstance(value, list) else [part for pair in value.items() for part in pair]
    return BETWEEN.get(one.style, ",").join(map(written, items))


def written(value: Any) -> str:
    if isinstance(value, list | Mapping):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(as_text(value))
