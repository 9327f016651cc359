"""Run a tool directly, without a model deciding."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from runtime.blocks import Block, RunsTool
from runtime.blocks._groups import ACT, Group
from runtime.errors import ToolFailed, TurnFailed
from runtime.lang import Text, as_it_is
from runtime.schema import About, setting
from runtime.tools import AnyTool, Tool, check_person
from runtime.turn.turn import Turn
from runtime.turn.using import Used

WRITTEN_HOST = re.compile(r"\s*https?://[^/?#{}@\\\s]+(?=[/?#]|\s*\Z)", re.IGNORECASE)
"""An address whose host the owner wrote: what is filled in behind it was decided with it."""

WHO = re.compile(r"\s*\{\{\s*person\.\w+\s*\}\}\s*")
"""An argument that is somebody, and not a text that also names them."""


class RunTool(RunsTool, Block):
    """A failing tool does not end the turn: `failed` and `error` say so to later blocks."""

    about: ClassVar[About] = About(
        Text("用工具", "Use a tool"),
        Text("直接运行一个工具，结果给后面用", "Runs one tool; later blocks use the result"),
        "tool",
        "#ea580c",
    )
    group: ClassVar[Group] = ACT
    type: Literal["tool"]
    tool: AnyTool = setting(
        title=Text("工具", "Tool"),
        hint=Text("每次走到这里都会运行，不用模型决定", "It runs each time; no model decides"),
        widget="tool",
    )
    arguments: dict[str, str] = setting(
        {},
        title=Text("参数", "Arguments"),
        hint=Text("参数名和内容，内容可以用变量", "Names and templates"),
        widget="pairs",
    )

    @property
    def given(self) -> Mapping[str, str]:
        return self.arguments

    def granted(self) -> Iterator[tuple[str, Tool]]:
        yield "tool", self.tool

    @property
    def takes_time(self) -> bool:
        return True

    async def run(self, turn: Turn) -> dict[str, Any]:
        arguments = {name: turn.render(template) for name, template in self.arguments.items()}
        for name, template in self.arguments.items():
            if WRITTEN_HOST.match(template):
                turn.addresses.give(arguments[name])
        used = self._for_nobody(turn)
        used = used or await turn.use(self.tool, arguments, block=self.id, call=self.id)
        if used.failed and self.otherwise:
            raise TurnFailed(as_it_is(used.text), code="tool")
        return {"result": used.value, "failed": used.failed, "error": used.text if used.failed else ""}

    def _for_nobody(self, turn: Turn) -> Used | None:
        """Where an argument is who somebody is and nobody knows that, nothing is asked about nobody."""
        try:
            check_person(filter(WHO.fullmatch, self.arguments.values()), turn.values.get("person"))
        except ToolFailed as e:
            return Used(e.text.to(turn.agent.language), failed=True)
        return None

    def outputs(self) -> dict[str, Text]:
        return {
            "result": Text("结果", "the result"),
            "failed": Text("是否失败", "whether it failed"),
            "error": Text("失败原因", "why it failed"),
        }


BLOCK = RunTool
