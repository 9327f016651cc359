"""Every template and condition of a block, wherever its settings model has one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from runtime.blocks import Block

TEMPLATES = ("area", "template", "pairs", "prompt", "tool", "tools", "cases")
"""Widgets whose text, own or nested, is rendered."""


@dataclass(frozen=True)
class Source:
    """`given` are names that the tool's caller supplies."""

    field: str
    text: str
    is_condition: bool = False
    given: frozenset[str] = frozenset()


def sources(block: Block) -> Iterator[Source]:
    """Those of this block only, not of blocks nested in it."""
    yield from _of_model(block)


def _of_model(model: BaseModel, given: frozenset[str] = frozenset()) -> Iterator[Source]:
    for name, info in type(model).model_fields.items():
        widget = _widget(info)
        value = getattr(model, name)
        if widget == "expression" and isinstance(value, str):
            yield Source(name, value, is_condition=True)
        elif widget in TEMPLATES:
            for source in _of_value(value, given):
                yield Source(
                    f"{name}.{source.field}".rstrip("."), source.text, source.is_condition, source.given
                )


def _of_value(value: Any, given: frozenset[str]) -> Iterator[Source]:
    match value:
        case str():
            yield Source("", value, given=given)
        case Mapping():
            for key, inner in value.items():
                yield from _below(str(key), inner, given)
        case list():
            for i, inner in enumerate(value):
                yield from _below(str(i), inner, given)
        case BaseModel():
            yield from _of_model(value, _arguments(value))


def _below(key: str, value: Any, given: frozenset[str]) -> Iterator[Source]:
    for source in _of_value(value, given):
        yield Source(f"{key}.{source.field}".rstrip("."), source.text, source.is_condition, source.given)


def _arguments(model: BaseModel) -> frozenset[str]:
    """What a tool's templates see besides the turn's values: its own arguments."""
    parameters = getattr(model, "parameters", None)
    schema = parameters() if callable(parameters) else {}
    return frozenset(schema.get("properties", {})) if isinstance(schema, dict) else frozenset()


def _widget(info: FieldInfo) -> str:
    extra = info.json_schema_extra
    return str(extra.get("widget", "")) if isinstance(extra, dict) else ""
