"""The blanks of an HTTP request that a model fills in, and what it may put there."""

import functools
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from runtime import wellformed
from runtime.lang import Text
from runtime.schema import Strict, setting

DEEPEST = 20
"""Lists and objects inside each other in an argument."""


def as_text(value: Any) -> Any:
    """Models often write an order number as a number."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        value = as_number(value)
        return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)
    return str(value) if isinstance(value, int) else value


def as_number(value: Any) -> Any:
    """JSON knows no difference between 5 and 5.0: in an address it is 5."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def as_data(value: Any) -> Any:
    """Models often write a list or an object as JSON inside a text."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            return wellformed.load(value, deepest=DEEPEST)
        except ValueError:
            return value
    return value


KINDS: dict[str, Any] = {
    "string": Annotated[str, BeforeValidator(as_text)],
    "number": Annotated[int | float, BeforeValidator(as_number)],
    "integer": int,
    "boolean": bool,
    "array": Annotated[list[Any], BeforeValidator(as_data)],
    "object": Annotated[dict[str, Any], BeforeValidator(as_data)],
    "": str | int | float | bool | list[Any] | dict[str, Any],
}
"""By an argument's type; "" is what `tojson` takes: any value."""


class Argument(Strict):
    """One blank that the model fills in."""

    name: str = setting(title=Text("参数名", "Name"), pattern=r"^[^\W\d]\w*$", max_length=64)
    description: str = setting(
        "",
        title=Text("说明", "Description"),
        hint=Text("告诉模型该填什么", "Tells the model what to fill in"),
    )
    type: Literal["string", "number", "integer", "boolean", "array", "object"] = setting(
        "string",
        title=Text("类型", "Type"),
        hint=Text(
            "array（列表）和 object（对象）在内容里写成 {{ x|tojson }}",
            "array and object are written as {{ x|tojson }} in the body",
        ),
    )
    required: bool = setting(True, title=Text("必填", "Required"))


class _Lenient(Strict):
    model_config = ConfigDict(allow_inf_nan=False)


def listed(arguments: tuple[Argument, ...]) -> type[BaseModel]:
    """What the model gives when the owner listed the arguments."""
    return _model(tuple((a.name, a.description, a.type, a.required) for a in arguments))


def found(names: frozenset[str], data: frozenset[str]) -> type[BaseModel]:
    """What the model gives for names that were found in templates; those of `data` may be any value."""
    return _model(tuple((name, "", "" if name in data else "string", True) for name in sorted(names)))


@functools.lru_cache(maxsize=256)
def _model(asked: tuple[tuple[str, str, str, bool], ...]) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for i, (name, description, type_, required) in enumerate(asked):
        kind = KINDS[type_]
        about: dict[str, Any] = {"alias": name, "description": description or None}
        # An owner's name, such as "copy", could be taken by pydantic: it is only the alias.
        fields[f"argument_{i}"] = (kind, Field(**about)) if required else (kind | None, Field(None, **about))
    return create_model("Arguments", __base__=_Lenient, **fields)
