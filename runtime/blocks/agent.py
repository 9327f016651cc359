"""Let another agent answer."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from runtime.blocks import AsksAgents, Block
from runtime.blocks._groups import ACT, Group
from runtime.lang import Text
from runtime.schema import About, Id, Name, setting
from runtime.turn.others import asked
from runtime.turn.turn import Turn


class AskAgent(AsksAgents, Block):
    """With its own flow, tools and limits, within those of this one. What it answers is data here."""

    about: ClassVar[About] = About(
        Text("别的智能体", "Another agent"),
        Text(
            "把一件事交给另一个智能体，后面用它的回答",
            "Gives another agent a task; later blocks use its answer",
        ),
        "person",
        "#4f46e5",
    )
    group: ClassVar[Group] = ACT
    type: Literal["agent"]
    agent: Id = setting(
        title=Text("哪个智能体", "Agent"),
        hint=Text(
            "它有自己的流程、资料和工具，答完把回答交回来",
            "It has a flow, sources and tools of its own, and gives its answer back",
        ),
        widget="agent",
    )
    input: str = setting(
        "{{ message.text }}",
        title=Text("对它说", "What it is told"),
        hint=Text("留着不改，就是用户的原话", "Left as it is: what the person wrote"),
        widget="area",
        min_length=1,
    )
    values: dict[Name, str] = setting(
        {},
        title=Text("它的变量", "Its variables"),
        hint=Text("不写的用它自己的默认值", "Its own defaults for those that are not named"),
        widget="pairs",
        max_length=50,
    )

    @property
    def agents(self) -> Sequence[str]:
        return (self.agent,)

    @property
    def takes_time(self) -> bool:
        return True

    async def run(self, turn: Turn) -> dict[str, Any]:
        values = {name: turn.render(template) for name, template in self.values.items()}
        told = await turn.decide(self.id, lambda: {"text": turn.render(self.input), "values": values})
        answered = await asked(turn, self.id, self.agent, told["text"], told["values"])
        return {"text": answered.text, "handoff": answered.handoff}

    def outputs(self) -> dict[str, Text]:
        return {
            "text": Text("它的回答", "its answer"),
            "handoff": Text("它要不要转人工", "whether it wants a person to take over"),
        }

    def sample(self) -> dict[str, Any] | None:
        return {"text": "1", "handoff": False}


BLOCK = AskAgent
