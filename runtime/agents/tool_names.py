"""Tools of one block that a model could not tell apart: each needs a name of its own."""

from collections.abc import Iterator

from runtime.agents.agent import Agent
from runtime.blocks import GrantsTools
from runtime.lang import Text

TWICE = Text(
    "有两个工具都叫「{name}」，模型分不清；请给其中一个换个函数名",
    "two tools are called {name!r}, which a model cannot tell apart; give one another function name",
)


def same_names(agent: Agent) -> Iterator[tuple[str, Text]]:
    """Each that has the name of an earlier one, by its field."""
    for path, block in agent.walk():
        taken: set[str] = set()
        for below, tool in block.granted() if isinstance(block, GrantsTools) else ():
            name = tool.name or tool.type
            if name in taken:
                yield f"{path}.{below}.name", TWICE.fill(name=name)
            taken.add(name)
