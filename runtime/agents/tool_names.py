"""Names around tools: a model has to tell them apart, and what they name has to be declared."""

from collections.abc import Iterator

from runtime.agents.agent import Agent
from runtime.blocks import GrantsTools
from runtime.lang import Text
from runtime.tools import is_own

TWICE = Text(
    "有两个工具都叫「{name}」，模型分不清；请给其中一个换个函数名",
    "two tools are called {name!r}, which a model cannot tell apart; give one another function name",
)
OURS = Text(
    "「{name}」是我们自己的工具的名字（或看起来像它），记下来的事会被发到别处；请换一个函数名",
    "{name!r} is, or looks like, the name of a tool of ours: what is to be kept would go elsewhere; give it "
    "another function name",
)

ABSENT = Text(
    "没有声明名额「{name}」，请在设置的「名额」里加上",
    "no places {name!r} are declared; add them under “Places” in the settings",
)


def tool_problems(agent: Agent) -> Iterator[tuple[str, Text, str]]:
    """Each with its field, and the name that is there twice; "" for another problem."""
    yield from same_names(agent)
    yield from ((path, text, "") for path, text in undeclared(agent))


def undeclared(agent: Agent) -> Iterator[tuple[str, Text]]:
    """Places that a tool claims, and that the agent does not share out."""
    declared = {one.name for one in agent.shared}
    for path, block in agent.walk():
        for below, tool in block.granted() if isinstance(block, GrantsTools) else ():
            for name in tool.shares:
                if name.strip() and name not in declared:
                    yield f"{path}.{below}.of", ABSENT.fill(name=name)


def same_names(agent: Agent) -> Iterator[tuple[str, Text, str]]:
    """Each that has the name of an earlier one, or one of ours, by its field."""
    for path, block in agent.walk():
        taken: set[str] = set()
        for below, tool in block.granted() if isinstance(block, GrantsTools) else ():
            name = tool.name or tool.type
            if is_own(name):
                yield f"{path}.{below}.name", OURS.fill(name=name), ""
            if name in taken:
                yield f"{path}.{below}.name", TWICE.fill(name=name), name
            taken.add(name)
