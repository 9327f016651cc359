"""Who acts: every click, request and command is somebody's, and what it writes down says whose it was."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from runtime.access.permissions import Permission
from runtime.errors import Forbidden
from runtime.lang import Text

NONE: Mapping[Permission, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Actor:
    """Somebody, or a part of the program, that does things."""

    id: str
    """What records say under `by`."""
    permissions: Collection[Permission] = field(repr=False)
    """On everything."""
    on: Mapping[Permission, frozenset[str]] = field(default_factory=lambda: NONE, repr=False, hash=False)
    """On these agents alone."""

    def may(self, permission: Permission, agent: str | None = None) -> bool:
        """On that agent; None: on everything there is."""
        if permission in self.permissions:
            return True
        return agent is not None and agent in self.on.get(permission, ())

    def may_somewhere(self, permission: Permission) -> bool:
        """On everything, or on some agent: enough to come to where one sees what is one's own."""
        return permission in self.permissions or bool(self.on.get(permission))

    def agents(self, permission: Permission) -> frozenset[str] | None:
        """On which agents; None: on all, also those to come."""
        return None if permission in self.permissions else self.on.get(permission, frozenset())

    def has_all_of(self, before: "Actor") -> bool:
        """Whether nothing was taken away that they were allowed then."""
        return all(map(self.may, before.permissions)) and all(
            self.may(permission, agent) for permission, agents in before.on.items() for agent in agents
        )

    def lacks(self, permission: Permission, agent: str | None = None) -> Text | None:
        """A sentence that names what is missing; None when nothing is."""
        return None if self.may(permission, agent) else missing(permission)

    def must(self, permission: Permission, agent: str | None = None) -> None:
        """Raises Forbidden."""
        if lacking := self.lacks(permission, agent):
            raise Forbidden(lacking, code=permission.id)


def missing(permission: Permission) -> Text:
    """What somebody is told who may not."""
    words, id = permission.words, permission.id
    return Text(
        "您没有「{words}」（{id}）的权限，什么也没有做。需要的话，请向这里的主人要。",
        "You may not {words} ({id}), so nothing was done. Ask the owner if you need to.",
    ).fill(words=words, id=id)


OWNER = Actor("owner", frozenset(Permission))
"""The first who signs in, as a home has them from its beginning."""
COMMAND_LINE = Actor("command line", frozenset(Permission))
"""Whoever can run commands on this machine can read and write its files as well."""
SYSTEM = Actor("system", frozenset(Permission))
"""The program by itself, with nobody asking."""
NOBODY = Actor("nobody", frozenset())


LONGEST_NAME = 30


def operator(who: Actor, name: str) -> str:
    """As tickets name an operator: several may work under one sign-in, each with a name of their own."""
    own = " ".join(name.split())[:LONGEST_NAME]
    return f"{who.id}/{own}" if own else who.id
