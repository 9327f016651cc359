"""Who acts: every click, request and command is somebody's, and what it writes down says whose it was."""

from collections.abc import Collection
from dataclasses import dataclass, field

from runtime.access.permissions import Permission
from runtime.errors import Forbidden
from runtime.lang import Text


@dataclass(frozen=True)
class Actor:
    """Somebody, or a part of the program, that does things."""

    id: str
    """What records say under `by`."""
    permissions: Collection[Permission] = field(repr=False)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def lacks(self, permission: Permission) -> Text | None:
        """A sentence that names what is missing; None when nothing is."""
        if self.may(permission):
            return None
        words, id = permission.words, permission.id
        return Text(
            "您没有「{words}」（{id}）的权限，什么也没有做。需要的话，请向这里的主人要。",
            "You may not {words} ({id}), so nothing was done. Ask the owner if you need to.",
        ).fill(words=words, id=id)

    def must(self, permission: Permission) -> None:
        """Raises Forbidden."""
        if missing := self.lacks(permission):
            raise Forbidden(missing, code=permission.id)


OWNER = Actor("owner", frozenset(Permission))
COMMAND_LINE = Actor("command line", frozenset(Permission))
"""Whoever can run commands on this machine can read and write its files as well."""
SYSTEM = Actor("system", frozenset(Permission))
"""The program by itself, with nobody asking."""
NOBODY = Actor("nobody", frozenset())


def actor_named(id: str) -> Actor | None:
    """Of those who sign in."""
    return OWNER if id == OWNER.id else None


LONGEST_NAME = 30


def operator(who: Actor, name: str) -> str:
    """As tickets name an operator: several may work under one sign-in, each with a name of their own."""
    own = " ".join(name.split())[:LONGEST_NAME]
    return f"{who.id}/{own}" if own else who.id
