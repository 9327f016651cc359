"""Blocks from a clipboard: somebody else may have written them.

They are read as strictly as a file. What could act, or use something of the owner's, comes in switched off:
to switch it on is the owner's own decision.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.granting import granted
from runtime.agents.holding import needs
from runtime.agents.nesting import used
from runtime.errors import BadAgent
from runtime.lang import Text, as_it_is, joined
from runtime.tools import FOREIGN

Json = dict[str, Any]

ASKS = Text("让智能体「{id}」回答", "let the agent {id!r} answer")
BY_TOOL = Text("{power}（{tool}）", "{power} ({tool})")


def pasted(blocks: Any) -> tuple[Sequence[Json], Sequence[tuple[str, Text]]]:
    """The blocks as they come in, and for each that is switched off its id and what it could do.

    Raises BadAgent that names what is wrong, and where.
    """
    agent = Agent.load({"id": "pasted", "name": "pasted", "flow": blocks})
    flow: list[Json] = agent.to_json().get("flow", [])
    acts: dict[str, list[Text]] = {}
    for path, words in _acts(agent):
        acts.setdefault(_block(agent, path), []).append(words)
    found = []
    for path, words_of in acts.items():
        block = _at(flow, path)
        block["disabled"] = True
        found.append((str(block["id"]), joined(list(dict.fromkeys(words_of)), Text("、", ", "))))
    # In the order of the model, as a file would have it.
    return Agent.load({"id": "pasted", "name": "pasted", "flow": flow}).to_json().get("flow", []), found


def _acts(agent: Agent) -> Iterator[tuple[str, Text]]:
    for path, _, tool in granted(agent):
        where = as_it_is(tool.where or tool.name or tool.type)
        for power in sorted(tool.powers & FOREIGN):
            yield path, BY_TOOL.fill(power=power.words, tool=where)
    yield from ((need.path, need.words) for need in needs(agent))
    yield from ((path, ASKS.fill(id=id)) for path, id in used(agent))


def _block(agent: Agent, path: str) -> str:
    """The path of the block that has it."""
    return max((at for at, _ in agent.walk() if f"{path}.".startswith(f"{at}.")), key=len)


def _at(flow: list[Json], path: str) -> Json:
    found: Any = {"flow": flow}
    for key in path.split("."):
        found = found[int(key)] if isinstance(found, list) else found[key]
    if not isinstance(found, dict):
        raise BadAgent(Text("这里没有积木。", "There is no block here."), field=path)
    return found
