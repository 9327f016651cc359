"""What is inside: flows in rounds, agents in agents."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from runtime.agents.agent import MOST_AGENTS, Agent, walk
from runtime.agents.file import load, path_of
from runtime.agents.prompts_held import holding
from runtime.agents.scope import places
from runtime.blocks import AsksAgents, Block, GrantsTools, Rounds, Waits
from runtime.errors import BadAgent, NotFound
from runtime.lang import Text

FOLDER = "agents"
"""Of the library, in the home."""
DEEPEST = 4
"""Agents inside each other, the outermost counted."""

ABSENT = Text("没有「{id}」这个智能体", "there is no agent {id!r}")
BROKEN = Text("智能体「{id}」读不了：{why}", "the agent {id!r} cannot be read: {why}")
CIRCLE = Text("智能体绕成了圈：{way}", "these agents use each other in a circle: {way}")
TOO_DEEP = Text("智能体套得太深，最多 {most} 层：{way}", "agents are nested deeper than {most}: {way}")
TOO_MANY = Text("用到的智能体太多，最多 {most} 个", "it uses too many agents; {most} at most")

CANNOT_WAIT = Text(
    "它会等人，而外面的「重复」同时做几轮：把那里的「同时做几轮」改成 1",
    "it waits, and the rounds around it run side by side: set these to one at a time",
)


def is_side_by_side(block: Block) -> bool:
    return isinstance(block, Rounds) and block.side_by_side


def side_by_side(agent: Agent) -> Iterator[tuple[str, Text]]:
    """By path: rounds that run at the same time cannot wait for one person."""
    for place in places(agent):
        if is_side_by_side(place.block):
            for below, way in place.block.flows():
                for path, inner in walk(way, f"{place.path}.{below}"):
                    if isinstance(inner, Waits):
                        yield path, CANNOT_WAIT


def nested(agent: Agent, home: Path) -> Iterator[tuple[str, Text]]:
    """By path, what is wrong with what is inside of it."""
    yield from side_by_side(agent)
    if next(used(agent, enabled=True), None):
        try:
            gathered(agent, home)
        except BadAgent as e:
            yield e.field, e.text


def gathered(agent: Agent, home: Path) -> Agent:
    """With all agents that it uses, and that these use, and the owner's prompt templates, as they are now.

    What is in no file any more stays as it came with it. Raises BadAgent, whose field is where it is used.
    """
    return _gathered(agent, home, whole=True)


def handed_on(agent: Agent, home: Path) -> Agent:
    """With all agents that it uses, where these are there."""
    return _gathered(agent, home, whole=False)


def _gathered(agent: Agent, home: Path, *, whole: bool) -> Agent:
    """Raises BadAgent when it is to be `whole` and cannot be."""
    found: dict[str, Agent] = {}

    def visit(one: Agent, way: tuple[str, ...], at: str) -> None:
        for field, id in used(one, enabled=whole):
            try:
                _check_way((*way, id), len({*found, id}), at or field)
                found[id] = found.get(id) or _read(agent, id, home, at or field)
            except BadAgent:
                if whole:
                    raise
            else:
                visit(found[id], (*way, id), at or field)

    visit(agent, (agent.id,), "")
    agent = holding(agent, home)
    if not found and not agent.agents:
        return agent
    inside = {id: {**holding(one, home).to_json(), "agents": {}} for id, one in found.items()}
    return Agent.load({**agent.to_json(), "agents": inside})


def _check_way(way: tuple[str, ...], count: int, field: str) -> None:
    """Raises BadAgent: it comes to itself, is too deep, or there are too many."""
    path = " → ".join(way)
    if way[-1] in way[:-1]:
        raise BadAgent(CIRCLE.fill(way=path), field=field)
    if len(way) > DEEPEST:
        raise BadAgent(TOO_DEEP.fill(most=DEEPEST, way=path), field=field)
    if count > MOST_AGENTS:
        raise BadAgent(TOO_MANY.fill(most=MOST_AGENTS), field=field)


def used(agent: Agent, *, enabled: bool = False) -> Iterator[tuple[str, str]]:
    """The place of each agent that it asks, such as `flow.0.agent`, and its id.

    `enabled`: only those that may run.
    """
    for path, block in agent.enabled() if enabled else agent.walk():
        if isinstance(block, AsksAgents):
            yield from ((f"{path}.agent", id) for id in block.agents)
        if isinstance(block, GrantsTools):
            for name, tool in block.granted():
                yield from ((f"{path}.{name}.agent", id) for id in tool.agents)


def _read(outer: Agent, id: str, home: Path, field: str) -> Agent:
    try:
        return load(path_of(id, home / FOLDER)).agent
    except NotFound:
        if id in outer.others:
            return outer.others[id]
        raise BadAgent(ABSENT.fill(id=id), field=field) from None
    except BadAgent as e:
        raise BadAgent(BROKEN.fill(id=id, why=e.text), field=field) from None


def parted(
    agent: Agent, free: Callable[[str], str], *, foreign: bool = False
) -> tuple[Agent, Sequence[Agent]]:
    """It, and each of those that came with it, as agents of their own whose ids are `free`.

    None of these may do what its owner was not asked for: they withhold what it withholds. What a `foreign`
    one asks and did not bring along is not there: no agent of the owner's is meant by that name.
    """
    asked = {id for one in (agent, *agent.others.values()) for _, id in used(one)} if foreign else set()
    ids = {id: free(id) for id in sorted({*agent.others, *asked})}
    kept = set(agent.withheld)
    inner = [
        Agent.load(
            {
                **_renamed(one.to_json(), ids),
                "id": ids[id],
                "withheld": sorted({*one.withheld, *kept}),
            }
        )
        for id, one in agent.others.items()
    ]
    return Agent.load({**_renamed(agent.to_json(), ids), "agents": {}}), inner


def _renamed(value: Any, ids: Mapping[str, str]) -> Any:
    """With agents asked by their new ids."""
    if isinstance(value, list):
        return [_renamed(one, ids) for one in value]
    if not isinstance(value, dict):
        return value
    asks = value.get("type") == "agent" and isinstance(value.get("agent"), str)
    changed = {"agent": ids.get(value["agent"], value["agent"])} if asks else {}
    return {name: _renamed(one, ids) for name, one in value.items()} | changed
