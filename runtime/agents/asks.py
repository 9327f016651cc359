"""What an agent from elsewhere asks of its new owner."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from runtime.agents.agent import Agent
from runtime.agents.granting import granted
from runtime.agents.pasted_keys import keys
from runtime.errors import BadTemplate, ToolFailed
from runtime.lang import Text, listed


@dataclass(frozen=True)
class Ask:
    """A secret that the agent names. `hosts`: where it would be sent, as far as that is written."""

    name: str
    hosts: tuple[str, ...]
    is_set: bool


def asks(agent: Agent, there: Collection[str]) -> list[Ask]:
    """Every secret once, by name, also of the agents that came with it. `there`: those that are set."""
    found: dict[str, set[str]] = {}
    for one in (agent, *agent.others.values()):
        variables = {variable.name: variable.default for variable in one.variables}
        for _, _, tool in granted(one):
            try:
                for name, host in tool.reveals(variables):
                    found.setdefault(name, set()).update({host} - {""})
            except (ToolFailed, BadTemplate):
                continue  # the check tells
    return [Ask(name, tuple(sorted(hosts)), name in there) for name, hosts in sorted(found.items())]


SOMEWHERE = Text("由变量决定的地址", "an address in a variable")


def told(agent: Agent, there: Collection[str]) -> Iterator[Text]:
    """What its new owner should know and do, a sentence each."""
    for ask in asks(agent, there):
        hosts = listed(ask.hosts) if ask.hosts else SOMEWHERE
        if not ask.is_set:
            yield Text(
                "它要用密钥「{name}」（发给 {hosts}）：python app.py secret set {name}",
                "It needs the secret {name!r}, sent to {hosts}: python app.py secret set {name}",
            ).fill(name=ask.name, hosts=hosts)
    for field, text in keys(agent.to_json()):
        yield Text("{field}：{text}。", "{field}: {text}.").fill(field=field, text=text)
