"""What an agent counts on besides answering whoever wrote: to be heard later, or elsewhere."""

from collections.abc import Iterator

from runtime.agents.agent import Agent, walk_enabled
from runtime.agents.starts import Start
from runtime.blocks import Answers, GrantsTools, Waits, Writes
from runtime.through import SpeaksThrough, Through


def comes_unasked(agent: Agent) -> Iterator[str]:
    """The places from which something comes for the person when they did not just write."""
    for path, block in agent.enabled():
        if isinstance(block, Waits) and block.comes_unasked:
            yield path
        if isinstance(block, GrantsTools):
            yield from (f"{path}.{name}" for name, tool in block.granted() if tool.comes_unasked)


def said_through(agent: Agent) -> Iterator[tuple[str, Through]]:
    """What is said on other publications, each with the setting that names it."""
    for path, one in _who_says_it(agent):
        yield from ((f"{path}.{there.field}", there) for there in one.speaks_through)


def _who_says_it(agent: Agent) -> Iterator[tuple[str, SpeaksThrough]]:
    for i, start in enumerate(agent.starts):
        yield f"starts.{i}", start
    for path, block in agent.enabled():
        if isinstance(block, SpeaksThrough):
            yield path, block
        if isinstance(block, GrantsTools):
            tools = ((f"{path}.{name}", tool) for name, tool in block.granted())
            yield from ((at, tool) for at, tool in tools if isinstance(tool, SpeaksThrough))


def says_to_nobody(start: Start) -> bool:
    """Its flow has an answer, and nobody and no other publication gets it."""
    if start.audience != "nobody" or start.to:
        return False
    return any(isinstance(block, Answers | Writes) for _, block in walk_enabled(start.flow))
