"""The sessions that are open, by person: where somebody is signed in, and an end to each."""

from collections.abc import Collection

from runtime.access.changes import Change, tell
from runtime.access.networks import network_of
from runtime.access.proof import WORDS
from runtime.access.users import Users
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.store.control.control import Control
from runtime.store.control.user_records import SignIn

MOST = 50
"""Of one person: with more, the oldest ends."""


class SignIns:
    """Reading costs microseconds. `now`: seconds since 1970."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._rows = control.sign_ins
        self._users = Users(control)

    def open(self, sign_in: SignIn) -> None:
        """Also forgets those that are over."""
        with self._rows.exclusive():
            for over in self._over(sign_in.opened_at):
                self._rows.remove(over.id)
            for oldest in self.of(sign_in.user, sign_in.opened_at)[MOST - 1 :]:
                self._rows.remove(oldest.id)
            self._rows.put(sign_in)
        self._users.change(sign_in.user, last_sign_in=sign_in.opened_at)
        tell(Change("session.begin", sign_in.user, f"user {sign_in.user}"))

    def find(self, id: str, user: str, generation: int) -> SignIn | None:
        """Theirs that is open."""
        found = self._rows.get(id)
        return found if found and (found.user, found.generation) == (user, generation) else None

    def of(self, user: str, now: float) -> list[SignIn]:
        """The newest first."""
        generation = self._users.generation(user)
        mine = [one for one in self._rows.all().values() if (one.user, one.generation) == (user, generation)]
        return sorted((one for one in mine if one.expires_at > now), key=lambda one: -one.opened_at)

    def networks(self, user: str, now: float) -> set[str]:
        """From which they are signed in."""
        return {network_of(one.address) for one in self.of(user, now)}

    def end(self, id: str, user: str, *, by: str = "") -> None:
        """Raises NotFound, also for somebody else's."""
        with self._rows.exclusive():
            found = self._rows.get(id)
            if found is None or found.user != user:
                raise NotFound(Text("这个登录已经结束了。", "That session is over already."))
            self._rows.remove(id)
        tell(Change("session.end", by or user, f"user {user}"))

    def end_opened_by(self, user: str, factor: str) -> None:
        """Those that a proof opened which opens no more: a key of proof.WORDS; "": whoever else's word."""
        with self._rows.exclusive():
            for one in list(self._rows.all().values()):
                by = [factor] if factor else [told for told in one.by if told not in WORDS]
                if one.user == user and set(by) & set(one.by):
                    self._rows.remove(one.id)
                    tell(Change("session.end", user, f"user {user}"))

    def end_opened_here(self, users: Collection[str]) -> None:
        """Theirs that no provider vouched for: opened by what is kept here alone."""
        with self._rows.exclusive():
            for one in list(self._rows.all().values()):
                if one.user in users and all(told in WORDS for told in one.by):
                    self._rows.remove(one.id)
                    tell(Change("session.end", one.user, f"user {one.user}"))

    def _over(self, now: float) -> list[SignIn]:
        return [
            one
            for one in self._rows.all().values()
            if one.expires_at <= now or self._users.generation(one.user) != one.generation
        ]
