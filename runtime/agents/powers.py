"""What an agent may do to the world: what its tools can, less what its owner withholds."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.check import granted
from runtime.lang import Text, as_it_is, joined
from runtime.tools import ASKED, Power, Tool


@dataclass(frozen=True)
class Use:
    """A tool that has a power. `where`: with whom, "" when that is not told."""

    block: str
    tool: Tool
    where: str

    @property
    def words(self) -> Text:
        name = self.tool.name or self.tool.type
        titled = Text("{title}（{name}）", "{title} ({name})").fill(title=self.tool.about.title, name=name)
        return joined([titled, as_it_is(self.where)], Text("：", ": ")) if self.where else titled


@dataclass(frozen=True)
class May:
    """One power that an agent's tools have, whether it is allowed or not."""

    power: Power
    uses: tuple[Use, ...]
    allowed: bool

    @property
    def asked(self) -> bool:
        """Whether the new owner of a foreign agent is asked for it."""
        return self.power in ASKED

    def to_json(self) -> dict[str, Any]:
        return {
            "power": self.power.value,
            "title": self.power.words.by_language(),
            "uses": [use.words.by_language() for use in self.uses],
            "allowed": self.allowed,
            "asked": self.asked,
        }


def may(agent: Agent) -> list[May]:
    """Every power that one of its tools has, or of those agents that came with it, in one order always."""
    uses = [
        (tool.powers, one.withheld, Use(block.id, tool, tool.where))
        for one in (agent, *agent.others.values())
        for _, block, tool in granted(one)
    ]
    found = []
    for power in Power:
        having = [(withheld, use) for powers, withheld, use in uses if power in powers]
        allowed = not any(power in (*agent.withheld, *withheld) for withheld, _ in having)
        if having:
            found.append(May(power, tuple(use for _, use in having), allowed))
    return found


def from_elsewhere(agent: Agent) -> Agent:
    """The agent as it comes in: whatever its file says, what its new owner has to allow is withheld, in it
    and in each that came with it."""
    inside = {id: _bound(one) for id, one in agent.others.items()}
    return Agent.load({**_bound(agent), "agents": inside})


def _bound(agent: Agent) -> dict[str, Any]:
    """As JSON, without what is asked for."""
    asked = {power for _, _, tool in granted(agent) for power in tool.powers & ASKED}
    return {**agent.to_json(), "withheld": sorted({*agent.withheld, *asked})}


def allowing(agent: Agent, powers: Collection[str]) -> Agent:
    """What its owner allows from now on is not withheld any more."""
    return agent.model_copy(update={"withheld": [one for one in agent.withheld if one not in powers]})


def told(agent: Agent) -> Iterator[Text]:
    """What its new owner should know, a sentence a power."""
    for one in may(agent):
        if one.asked:
            uses = joined((use.words for use in one.uses), Text("；", "; "))
            yield Text("它可以{power}：{uses}", "It may {power}: {uses}").fill(
                power=one.power.words, uses=uses
            )
