"""What each of those who work here may take of a day: by all their API keys together, also revoked ones, and
by what they try out. Whoever may issue keys is bounded by their own limit alone, where they have one, as they
could issue a key that is nobody's, too."""

from runtime.access.issuing import USUAL
from runtime.access.permissions import Permission
from runtime.access.users import Users
from runtime.caps import Cap
from runtime.readable import if_readable
from runtime.store.control.control import Control
from runtime.store.control.user_records import UserLimit

EVERYBODY = "everybody"
"""A name that nobody has, see membership.RESERVED."""
AT_FIRST = Cap(messages=int(USUAL["per_day"] or 0), tokens=int(USUAL["tokens_per_day"] or 0))
"""For everybody until somebody says otherwise: as much as one key."""


class UserCaps:
    """Asked for each message: costs microseconds. Where the limits cannot be read, the usual one holds."""

    def __init__(self, control: Control) -> None:
        self._rows, self._users = control.user_limits, Users(control)

    def own(self, user: str) -> Cap | None:
        """That was set for them alone; None: as everybody."""
        return _cap(self._rows.get(user))

    def everybody(self) -> Cap:
        found = _cap(self._rows.get(EVERYBODY))
        return AT_FIRST if found is None else found

    def cap(self, user: str) -> Cap:
        return if_readable(lambda: self._cap(user), AT_FIRST)

    def _cap(self, user: str) -> Cap:
        if (own := self.own(user)) is not None:
            return own
        actor = self._users.actor(user)
        return Cap() if actor and actor.may(Permission.KEYS_EDIT) else self.everybody()

    def title(self, user: str) -> str:
        """What others call them."""
        found = self._users.find(user)
        return (found.name if found else "") or user


def _cap(limit: UserLimit | None) -> Cap | None:
    return None if limit is None else Cap(limit.messages, limit.tokens, limit.money)
