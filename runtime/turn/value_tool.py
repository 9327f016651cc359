"""The tool by which a model changes what an agent keeps of the person, as far as its owner lets it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from runtime.errors import ToolFailed, TurnFailed
from runtime.lang import Text, listed
from runtime.schema import About, Strict
from runtime.tools import Env, Tool, checked, schema_of
from runtime.turn.personal import PersonValue, named
from runtime.turn.turn import Turn
from runtime.turn.who import change

UNKNOWN = Text("没有「{name}」，可用的有：{there}。", "There is no {name!r}; there are: {there}.")
NO_ADDING = Text("「{name}」不能累加，只能写成新的值。", "Nothing can be added to {name!r}; set it.")


class KeepArguments(Strict):
    name: Annotated[str, Field(max_length=64, description="Which value.")]
    value: Annotated[
        str | int | float | bool | list[Any], Field(description="The new value, or what is added.")
    ]
    how: Annotated[
        Literal["set", "add"],
        Field(description="add: to a number, or as one more item of a list."),
    ] = "set"


class KeepOfPerson(Tool):
    """Keep a value about the person you talk to, for later conversations. Only what was really found out."""

    about: ClassVar[About] = About(
        Text("记到这个人身上", "Keep of the person"), Text("写一个值", "Writes a value"), "memory"
    )
    type: Literal["keep_of_person"] = "keep_of_person"

    def __init__(self, turn: Turn, declared: Sequence[PersonValue]) -> None:
        super().__init__(type="keep_of_person")
        self._turn, self._declared = turn, named(declared)

    _turn: Turn
    _declared: dict[str, PersonValue]

    @property
    def repeatable(self) -> bool:
        return True  # it is written with the step that says so, once

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        schema = schema_of(KeepArguments)
        said = "; ".join(f"{one.name} ({one.type}){_titled(one)}" for one in self._declared.values())
        name = {**schema["properties"]["name"], "enum": list(self._declared), "description": said}
        return {**schema, "properties": {**schema["properties"], "name": name}}

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        given = checked(KeepArguments, arguments)
        one = self._declared.get(given.name)
        if one is None:
            raise ToolFailed(UNKNOWN.fill(name=given.name[:64], there=listed(self._declared)))
        if given.how == "add" and one.type not in ("number", "counter", "list"):
            raise ToolFailed(NO_ADDING.fill(name=one.name))

        def work(now: Mapping[str, Any]) -> Mapping[str, Any]:
            return {one.name: given.value if given.how == "set" else _added(now[one.name], given.value)}

        try:
            return dict(await change(self._turn, env.call, "model", work))
        except TurnFailed as e:
            raise ToolFailed(e.text) from None


def value_tools(turn: Turn) -> list[KeepOfPerson]:
    """None where the owner lets the model change nothing."""
    declared = [one for one in turn.agent.person if one.who == "model"]
    return [KeepOfPerson(turn, declared)] if declared else []


def _titled(one: PersonValue) -> str:
    return f": {one.title}" if one.title else ""


def _added(now: Any, more: Any) -> Any:
    if isinstance(now, list):
        return [*now, *(more if isinstance(more, list) else [more])]
    try:
        return now + (more if isinstance(more, int | float) else float(more))
    except (TypeError, ValueError):
        return more  # it is told why that is no number
