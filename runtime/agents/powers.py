"""What an agent may do to the world: what its tools can, less what its owner withholds."""

from collections.abc import Iterator
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
    """Every power that one of its tools has, in one order always."""
    uses = [(tool.powers, Use(block.id, tool, tool.where)) for _, block, tool in granted(agent)]
    return [
        May(power, tuple(use for powers, use in uses if power in powers), power not in agent.withheld)
        for power in Power
        if any(power in powers for powers, _ in uses)
    ]


def from_elsewhere(agent: Agent) -> Agent:
    """The agent as it comes in: whatever its file says, what its new owner has to allow is withheld."""
    withheld = sorted({*agent.withheld, *(one.power for one in may(agent) if one.asked)})
    return agent.model_copy(update={"withheld": withheld})


def told(agent: Agent) -> Iterator[Text]:
    """What its new owner should know, a sentence a power."""
    for one in may(agent):
        if one.asked:
            uses = joined((use.words for use in one.uses), Text("；", "; "))
            yield Text("它可以{power}：{uses}", "It may {power}: {uses}").fill(
                power=one.power.words, uses=uses
            )
