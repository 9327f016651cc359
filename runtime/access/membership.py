"""Letting people in and out, and what they may do: nobody gives or takes what they lack themselves, and
somebody who may do everything is always left."""

import hashlib
import re
import secrets
import time
from collections.abc import Callable, Sequence

from pydantic import TypeAdapter, ValidationError

from runtime.access.actor import OWNER, Actor
from runtime.access.changes import Change, Changed, tell
from runtime.access.passwords import hash_password
from runtime.access.roles import OWNER_ROLE, Roles, covers
from runtime.access.users import Users
from runtime.errors import Conflict, Forbidden, Invalid, Refused
from runtime.lang import Text
from runtime.store.control.control import Control
from runtime.store.control.user_records import MOST_ROLES, Given, UserId, UserRecord

MOST = 1_000
"""People, with those who were removed."""
HOURS = 72.0
"""That an invitation is good for, unless somebody says otherwise."""
MOST_HOURS = 30 * 24.0
RESERVED = ("system", "nobody", "command-line", "everybody", OWNER.id)
"""What records say of others than people."""
LAST = Text(
    "「{id}」是最后一位主人，要留下；先让另一个人也当主人。",
    "{id!r} is the last owner, and stays: make somebody else an owner first.",
)
GONE = Text(
    "这个邀请链接用过了、过期了，或者被新的链接代替了。请向邀请您的人再要一个。",
    "This link was used, has expired, or was replaced by a newer one. Ask whoever invited you for another.",
)
BAD_ID = Text(
    "登录名用小写字母、数字、点、- 和 _，最多 40 个字，以字母或数字开头。",
    "A name has up to 40 lower-case letters, digits, dots, - and _; a letter or digit comes first.",
)
TAKEN = Text("已经有人用过「{id}」，请换一个登录名。", "{id!r} is or was somebody's name: take another one.")
NO_SUCH_ROLES = Text("要选一个或几个角色，最多 {most} 个。", "Choose one role or some, at most {most}.")
NO_AGENT = Text(
    "「{role}」要在哪些智能体上？至少选一个，或者给全部。",
    "On which agents is {role!r}? Choose one at least, or give it on all.",
)
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
BAD_EMAIL = Text("这不是邮箱地址。", "That is no e-mail address.")
EMAIL_TAKEN = Text("另一个人已经有这个邮箱。", "Somebody else has that address.")
HIMSELF = Text("不能停用或移除自己。", "You cannot disable or remove yourself.")
TOO_MANY = Text("最多 {most} 个人。", "There may be {most} people.")


class Membership:
    """Every method may raise NotFound, Forbidden, Conflict and NotSaved. `who` does it."""

    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        self._rows = control.users
        self._roles = Roles(control, clock)
        self._users = Users(control, clock)
        self._control = control
        self._clock = clock

    def invite(self, id: str, name: str, roles: Sequence[Given], who: Actor, *, hours: float = HOURS) -> str:
        """What the link holds by which they choose a password: shown once. Raises Invalid."""
        try:
            id = TypeAdapter(UserId).validate_python(id)
        except ValidationError:
            raise Invalid(BAD_ID, field="id") from None
        named = " ".join(name.split())[:60]
        given = self._may_give(roles, who)
        token, until = secrets.token_urlsafe(32), self._until(hours)
        with self._rows.exclusive():
            if id in RESERVED or not self._users.is_free(id):
                raise Conflict(TAKEN.fill(id=id))
            if len(self._rows.all()) >= MOST:
                raise Conflict(TOO_MANY.fill(most=MOST))
            self._rows.put(
                UserRecord(
                    id=id,
                    name=named,
                    roles=given,
                    invitation=_digest(token),
                    invited_until=until,
                    created_at=self._clock(),
                    by=who.id,
                )
            )
        tell(Change("user.invite", who.id, f"user {id}", (), _said(given)))
        return token

    def link(self, id: str, who: Actor, *, hours: float = HOURS) -> str:
        """A new link for somebody who lost theirs, or the password; an older link ends."""
        token, until = secrets.token_urlsafe(32), self._until(hours)
        with self._rows.exclusive():
            self._touch(id, who)
            self._users.change(id, invitation=_digest(token), invited_until=until, by=who.id)
        tell(Change("user.link", who.id, f"user {id}"))
        return token

    def invited(self, token: str) -> UserRecord:
        """Whom the link is for. Raises Refused (gone)."""
        digest = _digest(token)
        for one in self._users.all():
            if one.invitation == digest and one.enabled and self._clock() < one.invited_until:
                return one
        raise Refused(GONE, code="gone")

    def accept(self, token: str, password: str) -> UserRecord:
        """They have that password from now on, and the link is used. Raises Refused (gone)."""
        self.invited(token)  # before anything is hashed
        hashed = hash_password(password)
        with self._rows.exclusive():
            one = self.invited(token)
            generation = one.generation + 1
            changed = self._users.change(
                one.id, password=hashed, generation=generation, invitation="", invited_until=0.0, by=one.id
            )
        tell(Change("user.accept", one.id, f"user {one.id}"))
        return changed

    def accept_by(self, token: str, identity: str) -> UserRecord:
        """The same for whom a provider knows: what opened before opens no more, and they have no password.
        The last owner's stays, since somebody who may do everything has to. Raises Refused (gone)."""
        with self._rows.exclusive():
            one = self.invited(token)
            ended = {
                "password": one.password if self.is_last(one) else "",
                "generation": one.generation + 1,
            }
            changed = self._users.change(one.id, invitation="", invited_until=0.0, by=one.id, **ended)
        tell(Change("user.accept", one.id, f"user {one.id}", (), (identity,)))
        return changed

    def give(
        self, id: str, roles: Sequence[Given], who: Actor, *, before: Sequence[Given] | None = None
    ) -> None:
        """Their roles from now on. `before`: those that were seen when it was decided. Raises Invalid."""
        given = self._may_give(roles, who)
        with self._rows.exclusive():
            one = self._touch(id, who)
            if before is not None and set(before) != set(one.roles):
                raise Changed(
                    Text(
                        "他的角色刚被别人改过，请重新打开。",
                        "Their roles were just changed: open them again.",
                    )
                )
            self._rows.put(self._with_owner_left(one, roles=given, by=who.id))
        tell(Change("user.roles", who.id, f"user {id}", _said(one.roles), _said(given)))

    def set_email(self, id: str, email: str, who: Actor) -> None:
        """By which a provider may know them, see runtime.access.sso; "": none. Raises Invalid."""
        email = email.strip().lower()
        if email and not EMAIL.fullmatch(email):
            raise Invalid(BAD_EMAIL, field="email")
        with self._rows.exclusive():
            one = self._touch(id, who)
            if email and any(other.email == email for other in self._users.all() if other.id != id):
                raise Conflict(EMAIL_TAKEN)
            self._users.change(id, email=email, by=who.id)
        before, after = (("e-mail",) if there else () for there in (one.email, email))
        tell(Change("user.email", who.id, f"user {id}", before, after))

    def enable(self, id: str, who: Actor) -> None:
        with self._rows.exclusive():
            self._touch(id, who)
            self._users.change(id, enabled=True, by=who.id)
        tell(Change("user.enable", who.id, f"user {id}"))

    def disable(self, id: str, who: Actor) -> None:
        """They are signed out everywhere, and cannot come in; a link that is not used yet ends."""
        with self._rows.exclusive():
            one = self._touch(id, who, but_himself=True)
            changes = {"enabled": False, "generation": one.generation + 1, "by": who.id}
            link = {"invitation": "", "invited_until": 0.0}
            self._rows.put(self._with_owner_left(one, **changes, **link))
        tell(Change("user.disable", who.id, f"user {id}"))

    def remove(self, id: str, who: Actor) -> None:
        """What they did stays theirs by name, which nobody else can take."""
        with self._rows.exclusive():
            one = self._touch(id, who, but_himself=True)
            changes = {
                "enabled": False,
                "removed_at": self._clock(),
                "password": "",
                "roles": (),
                "mapped": (),
            }
            ended = {
                "name": "",
                "email": "",
                "generation": one.generation + 1,
                "invitation": "",
                "by": who.id,
            }
            self._rows.put(self._with_owner_left(one, **changes, **ended))
        _forget_factors(self._control, id)
        self._control.user_limits.remove(id)
        tell(Change("user.remove", who.id, f"user {id}", _said(one.all_roles), ()))

    def is_last(self, one: UserRecord) -> bool:
        """Whether nobody else may do everything."""
        return is_owner(one) and not any(is_owner(other) for other in self._users.all() if other.id != one.id)

    def may_touch(self, one: UserRecord, who: Actor) -> bool:
        """Whether they may do everything that the other may."""
        try:
            self._covers(one.all_roles, who)
        except Forbidden:
            return False
        return True

    def must_touch(self, one: UserRecord, who: Actor) -> None:
        """Raises Forbidden for whoever may less than the other."""
        self._covers(one.all_roles, who)

    def _touch(self, id: str, who: Actor, *, but_himself: bool = False) -> UserRecord:
        one = self._users.must(id)
        if but_himself and id == who.id:
            raise Conflict(HIMSELF)
        self._covers(one.all_roles, who)
        return one

    def _may_give(self, roles: Sequence[Given], who: Actor) -> tuple[Given, ...]:
        given = tuple(dict.fromkeys(roles))
        if not 0 < len(given) <= MOST_ROLES:
            raise Invalid(NO_SUCH_ROLES.fill(most=MOST_ROLES), field="roles")
        for one in given:
            role = self._roles.must(one.role)
            if one.agents == ():
                raise Invalid(NO_AGENT.fill(role=role.name), field="roles")
        self._covers(given, who)
        return given

    def _covers(self, roles: Sequence[Given], who: Actor) -> None:
        allowed = self._roles.actor("", roles)
        covers(who, allowed.permissions, allowed.on)

    def _with_owner_left(self, one: UserRecord, **changes: object) -> UserRecord:
        """The record as it will be. Under the lock, so of two who go at once the second sees the first's."""
        changed = one.model_copy(update=changes)
        others = [other for other in self._users.all() if other.id != one.id]
        if is_owner(one) and not any(map(is_owner, [*others, changed])):
            raise Conflict(LAST.fill(id=one.id))
        return changed

    def _until(self, hours: float) -> float:
        if not 0 < hours <= MOST_HOURS:
            text = Text("链接的有效期是 1 到 {most} 小时。", "A link is good for 1 to {most} hours.")
            raise Invalid(text.fill(most=int(MOST_HOURS)), field="hours")
        return self._clock() + hours * 3600


def is_owner(one: UserRecord) -> bool:
    """Whether they may do everything, and can come in to do it."""
    whole = any(given.role == OWNER_ROLE and given.agents is None for given in one.roles)
    return whole and one.enabled and bool(one.password) and one.removed_at is None


def _forget_factors(control: Control, id: str) -> None:
    """Whoever is removed leaves nothing behind that opens, nor what they are called. At a provider they are
    known by a digest alone, so that they do not come in again as somebody new."""
    control.second_factors.remove(id)
    for passkey in control.passkeys.all().values():
        if passkey.user == id:
            control.passkeys.remove(passkey.id)
    for identity in control.sso.identities.all().values():
        if identity.user == id:
            control.sso.identities.put(identity.model_copy(update={"subject": "", "label": ""}))
    for table in (control.users, control.passkeys, control.sso.identities):
        table.leave_no_former()


def _said(roles: Sequence[Given]) -> tuple[str, ...]:
    return tuple(one.role if one.agents is None else f"{one.role} ({', '.join(one.agents)})" for one in roles)


def _digest(token: str) -> str:
    # 256 random bits cannot be guessed backwards
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
