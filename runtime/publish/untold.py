"""Beginnings that wait for what a surface never tells."""

from collections.abc import Iterable, Iterator

from runtime.agents.agent import Agent
from runtime.agents.check import Finding
from runtime.agents.starts import EVENTS, Happened
from runtime.channels import Channel, registry
from runtime.lang import Text
from runtime.store.control.control import Control

NEVER = Text(
    "「{channel}」不会告诉我们「{event}」，在那里它不会开始",
    "{channel} never tells of “{event}”: there it does not begin",
)


def untold(agent: Agent, kinds: Iterable[type[Channel]]) -> Iterator[Finding]:
    """Warnings, for each of those surfaces."""
    for kind in kinds:
        for i, start in enumerate(agent.starts):
            if isinstance(start, Happened) and start.event not in kind.tells:
                text = NEVER.fill(channel=kind.about.title, event=EVENTS[start.event])
                yield Finding("warning", f"starts.{i}.event", text)


def untold_where_published(control: Control, agent: Agent) -> Iterator[Finding]:
    """Of every surface on which it answers."""
    there = {one.channel: None for one in control.publications() if one.enabled and one.agent == agent.id}
    kinds = registry()
    yield from untold(agent, (kinds[name] for name in there if name in kinds))
