"""Who works here: their passwords, and what each of them may do by now."""

import time
from collections.abc import Callable
from typing import Any

from runtime.access.actor import OWNER, Actor
from runtime.access.changes import Change, tell
from runtime.access.passwords import NONE, hash_password, is_outdated, is_password
from runtime.access.roles import OWNER_ROLE, Roles
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given, UserRecord

NOBODY_THERE = Text("没有「{id}」这个人。", "There is nobody called {id!r}.")


class Users:
    """Reading costs microseconds, except `is_password` and `set_password`: 50 ms of CPU each."""

    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        self._control = control
        self._rows = control.users
        self._roles = Roles(control, clock)
        self._clock = clock

    def exists(self) -> bool:
        """Whether anybody can sign in at all."""
        return any(one.password for one in self.all())

    def all(self) -> list[UserRecord]:
        """Who came first comes first; also those who may not come in just now."""
        return [one for one in self._rows.all().values() if one.removed_at is None]

    def find(self, id: str) -> UserRecord | None:
        found = self._rows.get(id)
        return found if found and found.removed_at is None else None

    def must(self, id: str) -> UserRecord:
        """Raises NotFound."""
        if (found := self.find(id)) is None:
            raise NotFound(self.gone(id))
        return found

    @staticmethod
    def gone(id: str) -> Text:
        return NOBODY_THERE.fill(id=id)

    def is_free(self, id: str) -> bool:
        """Whether nobody has it, or ever had."""
        return self._rows.get(id) is None

    def actor(self, id: str) -> Actor | None:
        """Who may come in, with what they may do by now."""
        found = self.find(id)
        return self._roles.actor(id, found.all_roles) if found and found.enabled else None

    def allowed(self, user: UserRecord) -> Actor:
        """What somebody's roles allow, whether they may come in just now or not."""
        return self._roles.actor(user.id, user.all_roles)

    def is_password(self, id: str, password: str) -> bool:
        """False as slowly for somebody who is not there. What is hashed by an older way is hashed anew."""
        found = self.find(id)
        hashed = found.password if found and found.enabled else ""
        is_right = is_password(password, hashed or NONE)
        if not (found and hashed and is_right):
            return False
        if is_outdated(hashed):
            anew = hash_password(password)
            with self._rows.exclusive():
                if (now := self.find(id)) and now.password == hashed:
                    self._rows.put(now.model_copy(update={"password": anew}))
        return True

    def set_password(self, id: str, password: str, *, by: str = "") -> None:
        """Also ends every session of theirs, and a link that is not used yet. The first password of all makes
        the owner. Raises NotFound."""
        hashed = hash_password(password)
        with self._rows.exclusive():
            if id == OWNER.id and self.is_free(id) and not self.exists():
                self._rows.put(first_owner(hashed, self._clock()))
            generation = self.must(id).generation + 1
            self.change(id, password=hashed, generation=generation, invitation="", invited_until=0.0, by=by)
        if self._control.owner.get() is None:
            self._control.owner.begin()
        tell(Change("user.password", by or id, f"user {id}"))

    def change(self, id: str, **fields: Any) -> UserRecord:
        """Raises NotFound."""
        with self._rows.exclusive():
            changed = self.must(id).model_copy(update=fields)
            self._rows.put(changed)
        return changed

    def generation(self, id: str) -> int | None:
        """That of the sessions which count; None for whom none does."""
        found = self.find(id)
        return found.generation if found and found.enabled else None


def first_owner(password: str, at: float) -> UserRecord:
    roles = (Given(role=OWNER_ROLE),)
    return UserRecord(id=OWNER.id, password=password, roles=roles, created_at=at)
