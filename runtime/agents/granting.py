"""The tools of an agent."""

from collections.abc import Iterator

from runtime.agents.agent import Agent
from runtime.blocks import Block, GrantsTools
from runtime.tools import Tool


def granted(agent: Agent) -> Iterator[tuple[str, Block, Tool]]:
    """Every one, with its path and its block."""
    for path, block in agent.walk():
        for name, tool in granted_by(block):
            yield f"{path}.{name}", block, tool


def granted_by(block: Block) -> Iterator[tuple[str, Tool]]:
    return block.granted() if isinstance(block, GrantsTools) else iter(())
