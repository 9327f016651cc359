"""Which roles ask for a second factor, and of whom it is asked."""

import time
from collections.abc import Callable

from runtime.access.actor import Actor
from runtime.access.changes import Change, tell
from runtime.access.roles import Roles, covers
from runtime.store.control.control import Control
from runtime.store.control.user_records import RoleRule, UserRecord


class Required:
    """Reading costs microseconds."""

    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        self._rules = control.role_rules
        self._roles = Roles(control, clock)
        self._clock = clock

    def by(self, role: str) -> bool:
        rule = self._rules.get(role)
        return rule is not None and rule.second_factor

    def of(self, user: UserRecord) -> bool:
        return any(self.by(given.role) for given in user.all_roles)

    def put(self, role: str, required: bool, who: Actor) -> None:
        """From now on. Sessions by one factor end where it is required.

        Raises NotFound; Forbidden for whoever may less than the role.
        """
        covers(who, self._roles.must(role).permissions)
        with self._rules.exclusive():
            before = self.by(role)
            self._rules.put(RoleRule(id=role, second_factor=required, at=self._clock(), by=who.id))
        tell(Change("role.second-factor", who.id, f"role {role}", _said(before), _said(required)))


def _said(required: bool) -> tuple[str, ...]:
    return ("required" if required else "not required",)
