"""A piece of an agent's flow, to be tried by itself: one block alone, or all from it on."""

from collections.abc import Iterator, Sequence

from runtime.agents.agent import Agent, walk
from runtime.agents.granting import granted
from runtime.agents.scope import places
from runtime.agents.sources import sources
from runtime.blocks import Block
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.tools import ASKED, Power

NO_BLOCK = Text("流程里没有「{id}」这块积木。", "There is no block {id!r} in the flow.")


def piece(agent: Agent, id: str, *, on: bool) -> Agent:
    """The agent with that block as its flow; `on`: with all that a turn would walk after it, too.

    Raises NotFound.
    """
    found = next((rest for _, flow in agent.flows() if (rest := _rest(flow, id))), None)
    if found is None:
        raise NotFound(NO_BLOCK.fill(id=id))
    first, *others = found
    # Whoever tries one that is switched off wants to see it.
    flow = [first.model_copy(update={"disabled": False}), *(others if on else ())]
    bare = agent.model_copy(update={"flow": flow, "starts": [], "keywords": [], "agents": {}})
    return Agent.load(bare.to_json())


def _rest(flow: Sequence[Block], id: str) -> list[Block] | None:
    for i, block in enumerate(flow):
        if block.id == id:
            return list(flow[i:])
        for _, way in block.flows():
            if (found := _rest(way, id)) is not None:
                return [*found, *flow[i + 1 :]]
    return None


def wanted(agent: Agent, id: str, *, on: bool) -> list[str]:
    """What the piece refers to of earlier blocks and of the rounds around it, such as `docs.text`.

    Raises NotFound.
    """
    inner = {block.id for _, block in walk(piece(agent, id, on=on).flow)}
    here = next(place for place in places(agent) if place.block.id == id)
    outer = {*here.given, *(block.id for block in here.before)} - inner
    return list(dict.fromkeys(_asked(agent, inner, outer)))


def _asked(agent: Agent, inner: set[str], outer: set[str]) -> Iterator[str]:
    for place in places(agent):
        asked = sources(place.block) if place.block.id in inner else ()
        for use in (use for source in asked for use in source.asks()):
            if use.name in outer:
                first = next(iter(use.fields), None)
                yield f"{use.name}.{first}" if isinstance(first, str) else use.name


def acts(agent: Agent) -> list[Power]:
    """What its tools, and those of agents that came with it, would really do."""
    tools = [tool for one in (agent, *agent.others.values()) for _, _, tool in granted(one)]
    return sorted({power for tool in tools for power in tool.powers & ASKED})
