"""Every template and condition of a block, wherever its settings model has one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from runtime.blocks import Block
from runtime.errors import BadTemplate
from runtime.schema import sees_inside, widget
from runtime.templating.sandbox.reading import Use, uses
from runtime.tools import Tool

TEMPLATES = ("area", "template", "pairs", "prompt", "tool", "tools", "cases")
"""Widgets whose text, own or nested, is rendered."""


@dataclass(frozen=True)
class Source:
    """`given` are names that the tool's caller supplies."""

    field: str
    text: str
    is_condition: bool = False
    given: frozenset[str] = frozenset()
    inside: bool = False
    """Whether it sees what the block's flow sees."""
    may_ask: bool = False
    """Whether `{{ secret.name }}` may stand there."""

    def asks(self) -> Sequence[Use]:
        """For what of the turn; nothing where it is broken, which is told of the block itself."""
        try:
            return uses(self.text, is_condition=self.is_condition)
        except BadTemplate:
            return ()


def sources(block: Block) -> Iterator[Source]:
    """Those of this block only, not of blocks nested in it."""
    yield from _of_model(block)


def _of_model(model: BaseModel, given: frozenset[str] = frozenset()) -> Iterator[Source]:
    secret = model.secret_fields if isinstance(model, Tool) else ()
    for name, info in type(model).model_fields.items():
        shown = widget(info)
        value = getattr(model, name)
        if shown == "expression" and isinstance(value, str):
            if value or info.is_required():
                yield Source(name, value, is_condition=True, given=given, inside=sees_inside(info))
        elif not shown and isinstance(value, list) and all(isinstance(one, BaseModel) for one in value):
            named = frozenset(one.name for one in value if getattr(one, "sees", ()))  # and those beside it
            yield from (_under(name, source) for source in _of_value(value, given | named))
        elif shown in TEMPLATES:
            for source in _of_value(value, given):
                asks = source.may_ask or name in secret
                yield replace(_under(name, source), may_ask=asks, inside=sees_inside(info))


def _of_value(value: Any, given: frozenset[str]) -> Iterator[Source]:
    match value:
        case str():
            yield Source("", value, given=given)
        case Mapping():
            for key, inner in value.items():
                yield from (_under(str(key), source) for source in _of_value(inner, given))
        case list():
            for i, inner in enumerate(value):
                yield from (_under(str(i), source) for source in _of_value(inner, given))
        case BaseModel():
            own = _arguments(value)
            yield from _of_model(value, own | given if getattr(value, "sees", ()) else own)


def _under(key: str, source: Source) -> Source:
    return replace(source, field=f"{key}.{source.field}".rstrip("."))


def _arguments(model: BaseModel) -> frozenset[str]:
    """What its templates see besides the turn's values: a tool's its own arguments, others what they say."""
    if isinstance(model, Tool):
        return frozenset(model.parameters().get("properties", {})) | model.supplied
    return frozenset(getattr(model, "sees", ()))
