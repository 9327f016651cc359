"""Keep values under names of their own."""

from typing import Any, ClassVar, Literal

from runtime.blocks import Block
from runtime.lang import Text, as_it_is
from runtime.schema import About, Name, setting
from runtime.turn.turn import Turn


class Set(Block):
    """Renders each template once; later blocks use `{{ id.name }}`."""

    about: ClassVar[About] = About(
        Text("设置变量", "Set values"),
        Text("算好几个值，后面直接用", "Works out values for later blocks"),
        "set",
        "#64748b",
    )
    type: Literal["set"]
    values: dict[Name, str] = setting(
        title=Text("变量", "Values"),
        hint=Text("名称和内容，内容可以用变量", "Names and templates"),
        widget="pairs",
        min_length=1,
    )

    async def run(self, turn: Turn) -> dict[str, Any]:
        return {name: turn.render(template) for name, template in self.values.items()}

    def outputs(self) -> dict[str, Text]:
        return {name: as_it_is(name) for name in self.values}

    def sample(self) -> dict[str, Any] | None:
        return dict.fromkeys(self.values, "1")


BLOCK = Set
