"""Ask another agent, as a tool of a model."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from runtime.errors import HongyanError, ToolFailed
from runtime.lang import Text
from runtime.schema import About, Id, Strict, setting
from runtime.tools import Env, Tool, checked, schema_of

LONGEST = 8000
"""Characters of a task."""
ONLY_IN_TURNS = Text("只有在对话里才能问别的智能体。", "Other agents are asked in conversations only.")


class Task(Strict):
    task: str = Field(
        description="All that it needs to know, in one message: it sees nothing of this conversation.",
        min_length=1,
        max_length=LONGEST,
    )


class AgentTool(Tool):
    """Give a task to a specialist and get its answer. It sees only what you write."""

    about: ClassVar[About] = About(
        Text("问别的智能体", "Ask another agent"),
        Text(
            "模型把事情交给另一个智能体，得到它的回答",
            "The model gives another agent a task and gets its answer",
        ),
        "person",
    )
    called: ClassVar[Mapping[str, Text]] = {
        "task": Text("交给它的事", "What it is to do"),
    }
    type: Literal["agent"]
    agent: Id = setting(
        title=Text("哪个智能体", "Agent"),
        hint=Text("模型把一件事交给它，看它的回答", "The model hands it a task and reads its answer"),
        widget="agent",
    )

    @property
    def repeatable(self) -> bool:
        """What it did is in the journal, step by step."""
        return True

    @property
    def agents(self) -> Sequence[str]:
        return (self.agent,)

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(Task)

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        task = checked(Task, arguments).task
        if env.ask is None:
            raise ToolFailed(ONLY_IN_TURNS)
        try:
            return (await env.ask(self.agent, task)).text
        except HongyanError as e:
            raise ToolFailed(e.text) from e


TOOL = AgentTool
