"""Secrets that agents name: set, list, remove. A value goes in and never comes out again."""

from collections.abc import Sequence
from typing import Any

from builder.actions import Notice
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.asks import asks
from runtime.errors import BadAgent
from runtime.lang import Text

Json = dict[str, Any]


@needs(Permission.SECRETS_VIEW)
def list_secrets(studio: Studio, who: Actor) -> list[Json]:
    """Names, where each may be sent, and the agents that ask for it, of those that they may see."""
    users: dict[str, list[Json]] = {}
    mine = [one for one in studio.library.list().agents if who.may(Permission.AGENTS_VIEW, one.agent.id)]
    for file in mine:
        for ask in asks(file.agent, ()):
            users.setdefault(ask.name, []).append({"id": file.agent.id, "name": file.agent.name})
    there = {one.id: one for one in studio.control.secrets.all()}
    return [
        {
            "name": name,
            "set": name in there,
            "hosts": list(there[name].hosts) if name in there else [],
            "at": there[name].at if name in there else None,
            "used_by": users.get(name, []),
        }
        for name in sorted({*there, *users})
    ]


@needs(Permission.SECRETS_EDIT)
def set_secret(
    studio: Studio, who: Actor, name: str, value: str, hosts: Sequence[str] = (), fresh: bool = False
) -> Notice:
    """A `fresh` one must not replace another. Raises BadSettings naming the field."""
    studio.control.secrets.put(name, value, hosts, by=who.id, fresh=fresh)
    return Notice(
        Text("密钥「{name}」已保存。", "The secret “{name}” is saved.").fill(name=name), {"name": name}
    )


@needs(Permission.SECRETS_EDIT)
@for_good("secrets.remove.hint")
def remove_secret(studio: Studio, name: str) -> Notice:
    studio.control.secrets.remove(name)
    return Notice(Text("密钥「{name}」已删除。", "The secret “{name}” is removed.").fill(name=name))


def asked_by(studio: Studio, id: str) -> list[Json]:
    """What an agent that was brought in asks for. Raises NotFound, BadAgent."""
    try:
        agent = studio.library.with_others(id)
    except BadAgent:
        return []
    found = asks(agent, studio.control.secrets.names())
    return [{"name": ask.name, "hosts": list(ask.hosts), "set": ask.is_set} for ask in found]
