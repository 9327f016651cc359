"""Tools that a client gives of its own, and what it says that their calls gave: bounded, and data throughout.

https://platform.openai.com/docs/guides/function-calling
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from runtime.errors import Invalid, Wrong
from runtime.lang import Text, as_it_is
from runtime.message import Wishes
from runtime.schema import first_problem
from runtime.turn.fields.json_schema import check_schema

MOST_TOOLS = 128
LARGEST = 200_000
"""Bytes of all of them, and of the schema of an answer."""
ANY, NO_TOOL, AS_IT_LIKES = "required", "none", "auto"
FIRST_OF_OURS = re.compile(r"call_([0-9a-f]{24})[0-9a-f]{8}")
"""An id of ours: it tells the conversation in which the turn waits."""

UNKNOWN_CHOICE = Text(
    "tool_choice 里的工具「{name}」不在 tools 里。",
    "The tool {name!r} of tool_choice is not among the tools.",
)
NO_CHOICE = Text(
    "tool_choice 应为 none、auto、required，或指定一个工具。",
    "tool_choice should be none, auto, required, or name a tool.",
)
TWICE = Text("工具「{name}」写了两次。", "The tool {name!r} is there twice.")
LARGE = Text("最大 {most} KB。", "It has at most {most} kB.").fill(most=LARGEST // 1000)
FORM = Text(
    "这个智能体按它自己的字段回答，请去掉「{name}」。",
    "This agent answers in fields of its own; leave {name!r} out.",
)
FORM = Text(
    "response_format 应为 text、json_object，或带 schema 的 json_schema。",
    "The format should be text, json_object, or json_schema with a schema.",
)


class Typed(BaseModel):
    """As JSON has it: "yes" is not true and "3" is no number."""

    model_config = ConfigDict(strict=True)


class Function(Typed):
    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    description: str | None = Field(None, max_length=10_000)
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Tool(Typed):
    type: Literal["function"]
    function: Function


class Called(Typed):
    """`arguments`: JSON text as a model wrote it."""

    name: str = Field(max_length=64)
    arguments: str = Field("", max_length=100_000)


class Call(Typed):
    """A call of an earlier round, as the client brings it back."""

    id: str = Field(max_length=100)
    type: Literal["function"] = "function"
    function: Called


def tools_of(given: Sequence[Any], field: str = "tools") -> list[dict[str, Any]]:
    """In OpenAI's form, as models are told of them. Raises Invalid."""
    if len(given) > MOST_TOOLS:
        text = Text("最多 {most} 个工具。", "There are at most {most} tools.").fill(most=MOST_TOOLS)
        raise Invalid(text, field=field, code="invalid")
    found: dict[str, dict[str, Any]] = {}
    for place, one in enumerate(given):
        at = f"{field}[{place}]"
        function = _read(Tool, one, at).function
        if function.name in found:
            raise Invalid(TWICE.fill(name=function.name), field=at, code="invalid")
        parameters = function.parameters or {"type": "object", "properties": {}}
        told = {"name": function.name, "description": function.description, "parameters": parameters}
        known = {name: value for name, value in told.items() if value is not None}
        found[function.name] = {"type": "function", "function": known}
    _bounded(list(found.values()), field)
    return list(found.values())


def choice_of(given: Any, tools: Sequence[Mapping[str, Any]], field: str = "tool_choice") -> str | None:
    """None for no tool at all; empty for as the model likes. Raises Invalid."""
    if given in (None, AS_IT_LIKES):
        return ""
    if given == NO_TOOL:
        return None
    name = _named(given)
    if name is None and given != ANY:
        raise Invalid(NO_CHOICE, field=field, code="unsupported_value")
    names = [one["function"]["name"] for one in tools]
    if (name or given == ANY) and (not names or (name and name not in names)):
        raise Invalid(UNKNOWN_CHOICE.fill(name=(name or ANY)[:64]), field=field, code="invalid")
    return name or ANY


def _named(given: Any) -> str | None:
    if not isinstance(given, dict) or given.get("type") != "function":
        return None
    held = given.get("function", given)
    name = held.get("name") if isinstance(held, dict) else None
    return name if isinstance(name, str) and name else None


def form_of(given: Mapping[str, Any], field: str = "response_format") -> dict[str, Any] | None:
    """The schema of the answer, {} for any object; None where it may be any text. Raises Invalid."""
    kind = given.get("type")
    if kind == "text":
        return None
    if kind == "json_object":
        return {}
    held = given.get("json_schema", given)
    schema = held.get("schema") if isinstance(held, dict) else None
    if kind != "json_schema" or not isinstance(schema, dict) or not schema:
        raise Invalid(FORM, field=field, code="unsupported_value")
    _bounded(schema, field)
    try:
        check_schema(schema)
    except Wrong as e:
        raise Invalid(e.text, field=field, code="invalid") from None
    return schema


def with_tools(wishes: Wishes, tools: list[dict[str, Any]], choice: Any, *, parallel: bool | None) -> None:
    """Raises Invalid."""
    chosen = choice_of(choice, tools)
    if not tools or chosen is None:
        return
    wishes["tools"] = tools
    if chosen:
        wishes["choice"] = chosen
    if parallel is False:
        wishes["one_call"] = True


def _bounded(value: Any, field: str) -> None:
    if len(orjson.dumps(value)) > LARGEST:
        raise Invalid(LARGE, field=field, code="invalid")


def _read(kind: type[Tool], given: Any, field: str) -> Tool:
    try:
        return kind.model_validate(given)
    except ValidationError as e:
        problem = first_problem(e)
        at = f"{field}.{problem.field}" if problem.field else field
        raise Invalid(problem.sentence() or as_it_is(field), field=at, code="invalid") from None
