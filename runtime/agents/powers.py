"""What an agent may do to the world and use of its owner's: what is in it, less what its owner withholds."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.granting import granted
from runtime.agents.holding import Need, needs
from runtime.lang import Text, as_it_is, joined
from runtime.tools import FOREIGN, Power, Tool


@dataclass(frozen=True)
class May:
    """One power that an agent's tools have, or one thing of its owner's, whether it is allowed or not.

    `key`: by which it is allowed; `uses`: what has it, and with whom; `asked`: whether the new owner of a
    foreign agent is asked for it.
    """

    key: str
    words: Text
    uses: tuple[Text, ...]
    allowed: bool
    asked: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "power": self.key,
            "title": self.words.by_language(),
            "uses": [use.by_language() for use in self.uses],
            "allowed": self.allowed,
            "asked": self.asked,
        }


def may(agent: Agent) -> list[May]:
    """Every power that one of its tools has, or of those agents that came with it, in one order always; then
    what of the owner's they use."""
    everybody = (agent, *agent.others.values())
    uses = [(tool.powers, one.withheld, use_of(tool)) for one in everybody for _, _, tool in granted(one)]
    found = []
    for power in Power:
        having = [(withheld, use) for powers, withheld, use in uses if power in powers]
        allowed = not any(power in (*agent.withheld, *withheld) for withheld, _ in having)
        if having:
            told_by = tuple({use.en: use for _, use in having}.values())
            found.append(May(power.value, power.words, told_by, allowed, power in FOREIGN))
    named: dict[str, list[tuple[Need, bool]]] = {}
    for one in everybody:
        for need in needs(one):
            named.setdefault(need.key, []).append((need, one.may_use(need.key)))
    for key, where in sorted(named.items()):
        by = tuple({need.by.en: need.by for need, _ in where}.values())
        found.append(May(key, where[0][0].words, by, all(allowed for _, allowed in where), asked=True))
    return found


def use_of(tool: Tool) -> Text:
    """What has a power, and with whom."""
    titled = Text("{title}（{name}）", "{title} ({name})").fill(
        title=tool.about.title, name=tool.name or tool.type
    )
    return joined([titled, as_it_is(tool.where)], Text("：", ": ")) if tool.where else titled


def from_elsewhere(agent: Agent) -> Agent:
    """The agent as it comes in: whatever its file says, what its new owner has to allow is withheld, in it
    and in each that came with it."""
    inside = {id: _bound(one) for id, one in agent.others.items()}
    return Agent.load({**_bound(agent), "agents": inside})


def _bound(agent: Agent) -> dict[str, Any]:
    """As JSON, without what is asked for, and holding nothing of its new owner's."""
    asked = {power for _, _, tool in granted(agent) for power in tool.powers & FOREIGN}
    inside = {id: {**one, "holds": []} for id, one in agent.agents.items()}
    bound = agent.model_copy(update={"holds": [], "agents": inside})
    return {**bound.to_json(), "withheld": sorted({*agent.withheld, *asked})}


def allowing(agent: Agent, keys: Collection[str]) -> Agent:
    """What its owner allows from now on is not withheld any more, and it holds what it names of the rest."""
    withheld = [one for one in agent.withheld if one not in keys]
    held = agent.holds
    if held is not None:
        held = sorted({*held, *(need.key for need in needs(agent) if need.key in keys)})
    return agent.model_copy(update={"withheld": withheld, "holds": held})


def told(agent: Agent) -> Iterator[Text]:
    """What its new owner should know, a sentence a power."""
    for one in may(agent):
        if one.asked and one.key in FOREIGN:
            uses = joined(one.uses, Text("；", "; "))
            yield Text("它可以{power}：{uses}", "It may {power}: {uses}").fill(power=one.words, uses=uses)


def to_allow(agent: Agent) -> Iterator[tuple[str, Text]]:
    """What its new owner is asked for and has not allowed, by key."""
    for one in may(agent):
        if one.asked and not one.allowed:
            yield one.key, one.words
