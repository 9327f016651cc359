"""What of its owner's an agent names: secrets with where they are sent, knowledge bases, publications.

A name is nobody's permission: in a file from elsewhere it means the new owner's things. So such an agent
holds none of them until its owner says so, each by itself, a secret for each host (Agent.holds).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from runtime.agents.agent import Agent
from runtime.agents.bases import used
from runtime.agents.granting import granted
from runtime.agents.wants import said_through
from runtime.errors import BadTemplate, ToolFailed
from runtime.lang import Text, as_it_is
from runtime.owned import base, publication, secret
from runtime.tools import Tool

Kind = Literal["secret", "base", "publication"]

WORDS: dict[Kind, Text] = {
    "secret": Text("使用密钥「{name}」，发给 {host}", "use the secret “{name}”, sent to {host}"),
    "base": Text("查资料库「{name}」", "look into the knowledge base “{name}”"),
    "publication": Text("通过发布「{name}」发消息", "write through the publication “{name}”"),
}
LATER = Text(
    "它要{what}，还没有允许；请到「设置」里的「它可以做什么」打开",
    "it would {what}, which is not allowed yet; allow it under “What it may do” in the settings",
)


@dataclass(frozen=True)
class Need:
    """`key`: as it stands in `Agent.holds`; `path`: where it is named; `by`: what names it."""

    kind: Kind
    key: str
    name: str
    path: str
    by: Text
    host: str = ""

    @property
    def words(self) -> Text:
        return WORDS[self.kind].fill(name=self.name, host=self.host)


def needs(agent: Agent) -> Iterator[Need]:
    """Each place that names something."""
    variables = {variable.name: variable.default for variable in agent.variables}
    for path, _, tool in granted(agent):
        for name, host in _revealed(tool, variables):
            yield Need("secret", secret(name, host), name, path, as_it_is(tool.name or tool.type), host)
    for path, id in used(agent):
        yield Need("base", base(id), id, path, _by(agent, path))
    for path, there in said_through(agent):
        id = there.publication
        yield Need("publication", publication(id), id, path, _by(agent, path))


def _revealed(tool: Tool, variables: Mapping[str, str]) -> list[tuple[str, str]]:
    """Of an address that is in an empty variable nothing can be said, nor allowed."""
    try:
        return [(name, host) for name, host in tool.reveals(variables) if host]
    except (ToolFailed, BadTemplate):
        return []  # the check tells


def unheld(agent: Agent) -> Iterator[tuple[str, Text]]:
    """By path, what it names and may not use."""
    for need in needs(agent):
        if not agent.may_use(need.key):
            yield need.path, LATER.fill(what=need.words)


def _by(agent: Agent, path: str) -> Text:
    """The block or start that names it there."""
    starts = {f"starts.{i}": start.id for i, start in enumerate(agent.starts)}
    places = {**starts, **{at: block.id for at, block in agent.walk()}}
    return as_it_is(places[max((at for at in places if path.startswith(f"{at}.")), key=len)])
