"""Roles: sets of permissions under a name. Some come with the program, others are made here."""

import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from runtime.access.actor import Actor, missing
from runtime.access.changes import Change, Changed, tell
from runtime.access.permissions import ALWAYS, Permission
from runtime.errors import Conflict, Forbidden, Invalid, NotFound
from runtime.lang import Text, as_it_is
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given, RoleRecord

P = Permission
LOOKING = frozenset({P.AGENTS_VIEW, P.KNOWLEDGE_VIEW, P.MODELS_VIEW})
MOST = 100
"""Roles that are made here."""
BY_ID: Mapping[str, Permission] = {one.id: one for one in Permission}


@dataclass(frozen=True)
class Role:
    id: str
    name: Text
    permissions: frozenset[Permission]
    is_own: bool = False
    """Made here, so it can be changed."""


TEMPLATES: Mapping[str, Role] = {
    role.id: role
    for role in (
        Role("owner", Text("主人", "Owner"), frozenset(Permission) - ALWAYS),
        Role(
            "admin",
            Text("管理员", "Admin"),
            frozenset(Permission) - ALWAYS - {P.BACKUP, P.RESTORE},
        ),
        Role(
            "editor",
            Text("编辑", "Editor"),
            LOOKING
            | {P.AGENTS_EDIT, P.AGENTS_DELETE, P.AGENTS_RUN, P.AGENTS_PUBLISH}
            | {P.KNOWLEDGE_EDIT, P.KEYS_VIEW, P.SECRETS_VIEW},
        ),
        Role(
            "operator",
            Text("运营", "Operator"),
            frozenset({P.AGENTS_VIEW, P.CONVERSATIONS_READ, P.CONVERSATIONS_ANSWER})
            | {P.CONVERSATIONS_EXPORT, P.WATCH},
        ),
        Role("analyst", Text("分析", "Analyst"), LOOKING | {P.CONVERSATIONS_READ, P.CONVERSATIONS_EXPORT}),
        Role("viewer", Text("只看", "Viewer"), LOOKING),
        Role("guest", Text("来宾", "Guest"), frozenset({P.AGENTS_VIEW, P.AGENTS_RUN})),
    )
}
OWNER_ROLE = "owner"
TAKEN = Text("已有叫「{name}」的角色，请换个名字。", "There is a role {name!r} already: take another name.")
NO_ROLE = Text("没有「{id}」这个角色。", "There is no role {id!r}.")
FIXED = Text(
    "「{name}」是自带的角色，不能改；请复制一份再改。",
    "{name!r} comes with the program and stays as it is: copy it and change the copy.",
)
IN_USE = Text(
    "「{name}」还有人在用（{people}），先给他们换角色。",
    "{name!r} is still somebody's ({people}): give them another role first.",
)
CHANGED = Text("这个角色刚被别人改过，请重新打开。", "Somebody has just changed that role: open it again.")
ROLE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
NO_ID = Text("角色的编号用小写字母、数字、- 和 _。", "A role's id has lower-case letters, digits, - and _.")
TOO_MANY = Text("自建角色最多 {most} 个。", "There may be {most} roles of your own.")


class Roles:
    """Reading costs microseconds. Nobody gives by a role what they lack."""

    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        self._control = control
        self._rows = control.roles
        self._clock = clock

    def all(self) -> list[Role]:
        """Those that come with the program first."""
        return [*TEMPLATES.values(), *map(_role, self._rows.all().values())]

    def find(self, id: str) -> Role | None:
        record = self._rows.get(id)
        return TEMPLATES.get(id) or (_role(record) if record else None)

    def must(self, id: str) -> Role:
        """Raises NotFound."""
        if (role := self.find(id)) is None:
            raise NotFound(NO_ROLE.fill(id=id))
        return role

    def save(
        self,
        id: str,
        name: str,
        permissions: Iterable[str],
        before: Iterable[str],
        who: Actor,
        *,
        was: str = "",
    ) -> Role:
        """Make it or change it. `before`: what it allowed when it was opened, nothing for a new one.

        `was`: how it was called then; "": that does not matter.

        Raises Invalid, Conflict, Changed, Forbidden.
        """
        named = " ".join(name.split())
        if id in TEMPLATES:
            raise Conflict(FIXED.fill(name=TEMPLATES[id].name))
        if not ROLE_ID.fullmatch(id):
            raise Invalid(NO_ID, field="name")
        wanted = _permissions(permissions)
        if not named or len(named) > 60:
            raise Invalid(Text("名字要有 1 到 60 个字。", "A name has 1 to 60 characters."), field="name")
        with self._control.users.exclusive(), self._rows.exclusive():
            known = self._rows.get(id)
            had = _role(known).permissions if known else frozenset[Permission]()
            if had != _permissions(before) or (was and was != (known.name if known else "")):
                raise Changed(CHANGED)
            if known is None and len(self._rows.all()) >= MOST:
                raise Conflict(TOO_MANY.fill(most=MOST))
            if any(named in role.name.by_language().values() for role in self.all() if role.id != id):
                raise Conflict(TAKEN.fill(name=named))
            covers(who, wanted | had)
            ids = tuple(sorted(one.id for one in wanted))
            saved = RoleRecord(id=id, name=named, permissions=ids, at=self._clock(), by=who.id)
            self._rows.put(saved)
        tell(Change("role.save", who.id, f"role {id}", tuple(sorted(one.id for one in had)), ids))
        return _role(saved)

    def remove(self, id: str, who: Actor) -> None:
        """Raises NotFound, Conflict while somebody has it, Forbidden."""
        role = self.must(id)
        if not role.is_own:
            raise Conflict(FIXED.fill(name=role.name))
        covers(who, role.permissions)
        with self._control.users.exclusive(), self._rows.exclusive():
            users = self._control.users.all().values()
            if people := [one.id for one in users if any(given.role == id for given in one.all_roles)]:
                raise Conflict(IN_USE.fill(name=role.name, people=", ".join(people[:5])))
            self._rows.remove(id)
            self._control.role_rules.remove(id)
        before = tuple(sorted(one.id for one in role.permissions))
        tell(Change("role.remove", who.id, f"role {id}", before, ()))

    def actor(self, id: str, given: Iterable[Given]) -> Actor:
        """Somebody with these roles; one that is gone allows nothing."""
        everywhere, on = set(ALWAYS), dict[Permission, set[str]]()
        for one in given:
            role = self.find(one.role)
            allowed = role.permissions if role else frozenset[Permission]()
            if one.agents is None:
                everywhere |= allowed
                continue
            for permission in allowed:
                if permission.is_of_agents:
                    on.setdefault(permission, set()).update(one.agents)
        scoped = {permission: frozenset(agents) for permission, agents in on.items()}
        return Actor(id, frozenset(everywhere), scoped)


def covers(who: Actor, wanted: Collection[Permission], on: Mapping[Permission, Iterable[str]] = {}) -> None:
    """Whoever gives or takes something has it. `on`: what is on these agents alone. Raises Forbidden."""
    for permission in sorted(wanted, key=lambda one: one.id):
        who.must(permission)
    for permission, agents in on.items():
        if not all(who.may(permission, agent) for agent in agents):
            raise Forbidden(missing(permission), code=permission.id)


def _permissions(ids: Iterable[str]) -> frozenset[Permission]:
    """Raises Invalid."""
    found = set()
    for id in ids:
        permission = BY_ID.get(id)
        if permission is None or permission in ALWAYS:
            text = Text("没有「{id}」这个权限。", "There is no permission {id!r}.")
            raise Invalid(text.fill(id=id), field="permissions")
        found.add(permission)
    return frozenset(found)


def _role(record: RoleRecord) -> Role:
    known = frozenset(BY_ID[id] for id in record.permissions if id in BY_ID)
    return Role(record.id, as_it_is(record.name), known - ALWAYS, is_own=True)
