"""What an agent from elsewhere asks of its new owner."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from runtime.agents.agent import Agent
from runtime.agents.check import granted
from runtime.agents.pasted_keys import keys
from runtime.errors import BadTemplate, ToolFailed
from runtime.lang import Text


@dataclass(frozen=True)
class Ask:
    """A secret that the agent names. `hosts`: where it would be sent, as far as that is written."""

    name: str
    hosts: tuple[str, ...]
    is_set: bool


def asks(agent: Agent, there: Collection[str]) -> list[Ask]:
    """Every secret once, by name. `there`: names of those that are set."""
    found: dict[str, set[str]] = {}
    for _, _, tool in granted(agent):
        try:
            for name, host in tool.secrets().items():
                found.setdefault(name, set()).update({host} - {""})
        except (ToolFailed, BadTemplate):
            continue  # the check tells
    return [Ask(name, tuple(sorted(hosts)), name in there) for name, hosts in sorted(found.items())]


def told(agent: Agent, there: Collection[str]) -> Iterator[Text]:
    """What its new owner should know and do, a sentence each."""
    for ask in asks(agent, there):
        zh, en = (
            "、".join(ask.hosts) or "由变量决定的地址",
            ", ".join(ask.hosts) or "an address in a variable",
        )
        if ask.is_set:
            yield Text(
                f"注意：这个智能体会把已设置的密钥「{ask.name}」发给 {zh}。",
                f"Note: this agent sends the secret {ask.name!r}, which is set, to {en}.",
            )
        else:
            yield Text(
                f"它要用密钥「{ask.name}」（发给 {zh}）：python app.py secret set {ask.name}",
                f"It needs the secret {ask.name!r}, sent to {en}: python app.py secret set {ask.name}",
            )
    for field, text in keys(agent.to_json()):
        yield Text("{field}：{text}。", "{field}: {text}.").fill(field=field, text=text)
