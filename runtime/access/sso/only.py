"""Single sign-on only: passwords are off, but for one owner's: for the day on which nothing else opens."""

from runtime.access.actor import Actor
from runtime.access.changes import Change, tell
from runtime.access.membership import is_owner
from runtime.access.permissions import ALWAYS, Permission
from runtime.access.roles import covers
from runtime.access.sign_ins import SignIns
from runtime.access.users import Users
from runtime.errors import Conflict, Invalid
from runtime.lang import Text
from runtime.store.control.control import Control
from runtime.store.control.sso_records import SsoOptions

NOBODY_YET = Text(
    "还没有人用单点登录进来过。请先自己用它登录一次，确认能用，再打开。",
    "Nobody has come in by single sign-on yet. Sign in by it once yourself, so that you know it works.",
)
NO_OWNER = Text(
    "请指定一位应急的主人：要有「主人」角色、有密码、能登录。",
    "Name an owner for emergencies: with the role Owner, a password, and the right to come in.",
)
CLOSED = Text(
    "这里只用单点登录，密码登录已关闭。", "People come in by single sign-on here; passwords are off."
)


class Only:
    """Reading costs microseconds."""

    def __init__(self, control: Control) -> None:
        self._control, self._sso, self._users = control, control.sso, Users(control)

    def is_on(self) -> bool:
        return self._sso.options().only

    def shuts_out(self, user: str) -> Text | None:
        """Why that one comes in by nothing that is kept here; None for whoever does.

        Where the named one is gone or no owner any more, every owner's password opens: nobody is locked out.
        """
        options = self._sso.options()
        if not options.only or user == options.break_glass:
            return None
        named, one = self._users.find(options.break_glass), self._users.find(user)
        if not (named and is_owner(named)) and one and is_owner(one):
            return None
        return CLOSED

    def switch(self, on: bool, break_glass: str, who: Actor) -> None:
        """Raises Forbidden for whoever may not do everything, Conflict, Invalid, NotSaved."""
        covers(who, frozenset(Permission) - ALWAYS)
        before = self._sso.options()
        if on:
            one = self._users.find(break_glass)
            if one is None or not is_owner(one):
                raise Invalid(NO_OWNER, field="break_glass")
            if not self.is_proved():
                raise Conflict(NOBODY_YET)
        self._sso.save_options(SsoOptions(only=on, break_glass=break_glass if on else "", by=who.id))
        if on:  # for good: switched off again, passwords open, and what they had opened does not
            shut = {one.id for one in self._users.all() if self.shuts_out(one.id)}
            SignIns(self._control).end_opened_here(shut)
        said = [
            f"only, but for {options.break_glass}" if options.only else "passwords too"
            for options in (before, self._sso.options())
        ]
        tell(Change("sso.only", who.id, "settings sso", (said[0],), (said[1],)))

    def is_proved(self) -> bool:
        """Whether somebody has come in by a provider that is there now."""
        enabled = {one.id for one in self._sso.all() if one.enabled}
        return any(
            one.last_at is not None and one.provider in enabled for one in self._sso.identities.all().values()
        )
