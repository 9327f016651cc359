"""Who is who: a provider's word for somebody, and the user that it stands for here."""

import hashlib
import re
import time
from collections.abc import Callable, Iterable

from runtime.access.changes import Change, tell
from runtime.access.membership import MOST, RESERVED, TOO_MANY, Membership
from runtime.access.sign_ins import SignIns
from runtime.access.sso.asking.way import Came
from runtime.access.sso.claims import joined, roles_of
from runtime.access.users import Users
from runtime.errors import Conflict, NotFound, Refused
from runtime.lang import Text
from runtime.store.control.control import Control
from runtime.store.control.sso_records import IdentityRecord, ProviderRecord
from runtime.store.control.user_records import Given, UserRecord

NOT_KNOWN = Text(
    "「{name}」已经证明了您是谁，但这里没有您的账号。请向这里的主人要一个邀请链接，打开后再用它登录。",
    "{name} says who you are, but you have no account here. Ask the owner for an invitation, open it, and "
    "sign in from there.",
)
SHUT_OUT = Text("您的账号在这里停用了或被移除了。", "Your account here was disabled or removed.")
NO_ROLE = Text(
    "您在「{name}」的分组已经不能进来了。请找管理员。",
    "Your groups at {name} do not let you in any more. Ask whoever looks after them.",
)
ELSEWHERE = Text(
    "这个身份已经属于这里的另一个账号，不能再关联。",
    "That identity is another account's here: it cannot be linked twice.",
)
OTHER_ONE = Text(
    "您在「{name}」的账号已经关联了一个身份，请先解除它。",
    "Your account has an identity at {name} already: unlink that first.",
)
LAST_WAY = Text(
    "这是您唯一的登录方式。请先设置密码（让管理成员的人给一个新链接），再解除。",
    "This is your only way to sign in. Get a password first, by a link from whoever looks after people.",
)
GONE = Text("没有关联这个身份。", "That identity is not linked.")


class Identities:
    """Every method may raise NotSaved. What is decided for one browser is seen by the next."""

    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        self._control, self._clock = control, clock
        self._sso, self._users = control.sso, Users(control, clock)
        self._members, self._sign_ins = Membership(control, clock), SignIns(control)

    def of(self, user: str) -> list[IdentityRecord]:
        return [one for one in self._sso.identities.all().values() if one.user == user]

    def find(self, provider: ProviderRecord, came: Came) -> IdentityRecord | None:
        for subject in came.subjects:
            if found := self._sso.identities.get(identity_id(provider.id, came.realm, subject)):
                return found
        return None

    def come(self, provider: ProviderRecord, came: Came, invitation: str = "") -> UserRecord:
        """Who it is that came, with their roles by now. Raises Refused for who may not come in."""
        given = roles_of(provider, came.claims)
        with self._control.users.exclusive(), self._sso.identities.exclusive():
            found = self.find(provider, came)
            user = self._user(provider, came, found, invitation, given)
            self._keep(provider, came, user.id, found, given, at=self._clock())
            user = self._renew(user)
            if not user.enabled:
                raise Refused(SHUT_OUT, code="unknown")
            if not user.all_roles:
                raise Refused(NO_ROLE.fill(name=provider.name), code="unknown")
            return user

    def link(self, provider: ProviderRecord, came: Came, user: str) -> None:
        """Theirs from now on, as who is signed in proved to be both. Raises Conflict, NotFound."""
        with self._control.users.exclusive(), self._sso.identities.exclusive():
            one, found = self._users.must(user), self.find(provider, came)
            if found and found.user != user:
                raise Conflict(ELSEWHERE)
            if not found and any(other.provider == provider.id for other in self.of(user)):
                raise Conflict(OTHER_ONE.fill(name=provider.name))
            self._keep(provider, came, user, found, roles_of(provider, came.claims), at=None)
            self._renew(one)
        tell(Change("user.link-identity", user, f"user {user}", (), (f"{provider.id} {_label(came)}",)))

    def unlink(self, id: str, user: str, *, by: str = "") -> None:
        """Raises NotFound, also for somebody else's; Conflict where nothing would be left to come in by."""
        with self._control.users.exclusive(), self._sso.identities.exclusive():
            one, mine = self._users.must(user), self.of(user)
            found = next((each for each in mine if each.id == id), None)
            if found is None:
                raise NotFound(GONE)
            options = self._sso.options()
            may_password = bool(one.password) and (not options.only or options.break_glass == user)
            if not may_password and len(mine) == 1:
                raise Conflict(LAST_WAY)
            self._sso.identities.remove(id)
            self._renew(one)
        self._ended(found, by or user)

    def forget(self, provider: str, by: str) -> None:
        """All that a provider said, and the roles that it gave."""
        with self._control.users.exclusive(), self._sso.identities.exclusive():
            for one in list(self._sso.identities.all().values()):
                if one.provider == provider:
                    self._sso.identities.remove(one.id)
                    if user := self._users.find(one.user):
                        self._renew(user)
                    self._ended(one, by)

    def _ended(self, one: IdentityRecord, by: str) -> None:
        """It opens no more, nor does what was opened by it."""
        self._sign_ins.end_opened_by(one.user, "")
        before = (f"{one.provider} {one.label}",)
        tell(Change("user.unlink-identity", by, f"user {one.user}", before, ()))

    def _user(
        self,
        provider: ProviderRecord,
        came: Came,
        found: IdentityRecord | None,
        invitation: str,
        given: tuple[Given, ...],
    ) -> UserRecord:
        """Under the lock. Raises Refused."""
        if found:
            if (user := self._users.find(found.user)) is None or not user.enabled:
                raise Refused(
                    SHUT_OUT, code="unknown"
                )  # whoever was removed does not come back as somebody new
            return user
        if invitation:
            user = self._members.accept_by(invitation, f"{provider.id} {_label(came)}")
            for one in self.of(user.id):
                if one.provider == provider.id:  # as the password way replaces the password
                    self._sso.identities.remove(one.id)
                    self._ended(one, user.id)
            return user
        if user := self._by_email(provider, came):
            return user
        if given:
            return self._new(came, provider)
        raise Refused(NOT_KNOWN.fill(name=provider.name), code="unknown")

    def _by_email(self, provider: ProviderRecord, came: Came) -> UserRecord | None:
        """An address takes over an account only where the owner says so and the provider verified it."""
        if not (provider.by_email and came.is_email_verified and came.email):
            return None
        having = [one for one in self._users.all() if one.email == came.email]
        if len(having) != 1 or any(each.provider == provider.id for each in self.of(having[0].id)):
            return None
        if not having[0].enabled:
            raise Refused(SHUT_OUT, code="unknown")
        tell(
            Change(
                "user.link-identity", having[0].id, f"user {having[0].id}", (), (f"{provider.id} by e-mail",)
            )
        )
        return having[0]

    def _new(self, came: Came, provider: ProviderRecord) -> UserRecord:
        """A name that nobody has or had: what a provider calls somebody never makes them somebody else."""
        if len(self._control.users.all()) >= MOST:
            raise Refused(TOO_MANY.fill(most=MOST), code="unknown")
        id, name = self._free(came.login or came.name), " ".join(came.name.split())[:60]
        user = UserRecord(id=id, name=name, created_at=self._clock(), by=f"sso {provider.id}")
        self._control.users.put(user)
        tell(Change("user.new", f"sso {provider.id}", f"user {id}", (), (_label(came),)))
        return user

    def _free(self, wanted: str) -> str:
        plain = re.sub(r"[^a-z0-9._-]+", "-", wanted.partition("@")[0].lower()).strip("._-")[:34] or "person"
        n = 1
        while True:
            id = plain if n == 1 else f"{plain}-{n}"
            if id not in RESERVED and id != "owner" and self._users.is_free(id):
                return id
            n += 1

    def _keep(
        self,
        provider: ProviderRecord,
        came: Came,
        user: str,
        found: IdentityRecord | None,
        given: tuple[Given, ...],
        *,
        at: float | None,
    ) -> None:
        """Under the first of its names there. `at`: when they came by it; None: they did not."""
        id = identity_id(provider.id, came.realm, came.subjects[0])
        if found and found.id != id:
            self._sso.identities.remove(found.id)
        self._sso.identities.put(
            IdentityRecord(
                id=id,
                provider=provider.id,
                realm=came.realm,
                subject=came.subjects[0],
                user=user,
                label=_label(came),
                at=found.at if found else self._clock(),
                last_at=at if at is not None else (found.last_at if found else None),
                roles=given,
            )
        )

    def _renew(self, user: UserRecord) -> UserRecord:
        """The roles that providers give, as they say by now."""
        mapped = joined(given for one in self.of(user.id) for given in one.roles)
        if mapped == user.mapped:
            return user
        tell(Change("user.mapped-roles", user.id, f"user {user.id}", _said(user.mapped), _said(mapped)))
        return self._users.change(user.id, mapped=mapped)


def identity_id(provider: str, realm: str, subject: str) -> str:
    """The same subject at another issuer, enterprise or application is somebody else."""
    return hashlib.sha256("\0".join((provider, realm, subject)).encode()).hexdigest()[:40]


def _label(came: Came) -> str:
    return (came.email or came.name or came.login or came.subjects[0])[:200]


def _said(roles: Iterable[Given]) -> tuple[str, ...]:
    return tuple(one.role if one.agents is None else f"{one.role} ({', '.join(one.agents)})" for one in roles)
