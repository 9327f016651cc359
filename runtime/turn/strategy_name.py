"""The name of a strategy of memory, as agents say it."""

from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from runtime.errors import Wrong
from runtime.lang import Text, as_it_is, joined
from runtime.turn.memory import registry


class _Known:
    """Names a strategy of runtime.turn.memory."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(_known, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        return {**handler(schema), "enum": _names()}


StrategyName = Annotated[str, _Known()]


def _names() -> list[str]:
    """The usual one first."""
    return sorted(registry(), key=lambda name: (name != "window", name))


def titles() -> dict[str, Text]:
    return {name: kind.title for name, kind in registry().items()}


def _known(name: str) -> str:
    if name in registry():
        return name
    known = joined((as_it_is(repr(one)) for one in _names()), Text(" 或 ", " or "))
    raise Wrong(Text("只能是 {known}", "should be {known}").fill(known=known))
