"""Setting up who signs people in: nobody lets in by a provider whom they could not let in themselves."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from runtime.access.actor import Actor
from runtime.access.changes import Change, tell
from runtime.access.permissions import ALWAYS, Permission
from runtime.access.roles import Roles, covers
from runtime.access.sso.identities import Identities
from runtime.access.sso.kinds import kind_of
from runtime.errors import BadSettings, Conflict, Forbidden, NotFound
from runtime.lang import Text
from runtime.schema import first_problem
from runtime.store.control.control import Control
from runtime.store.control.sso_records import ProviderRecord

MOST = 20
LONGEST = 2000
"""Characters of a secret."""
TOO_MANY = Text("最多 {most} 种登录方式。", "There may be {most} providers.")
FIXED = Text(
    "「{name}」由环境变量 HONGYAN_SIGN_IN 设置，请在那里改。",
    "{name!r} is set by the environment (HONGYAN_SIGN_IN): change it there.",
)
TAKEN = Text(
    "已经有地址是「{id}」的登录方式了，请换一个名称，或关闭后点它的「修改」。",
    "There is a provider {id!r} already; choose another name, or close this and edit it.",
)
NEEDED = Text(
    "现在只能用单点登录进来，这是最后一种。请先把「只用单点登录」关掉。",
    "People come in by single sign-on only, and this is the last provider: switch “Single sign-on only” off "
    "first.",
)
MUST = Text("请填写「{title}」。", "Fill in {title!r}.")
BAD_SECRET = Text(
    "密钥太长，或含有看不见的字符。", "The secret is too long, or holds characters that cannot be seen."
)
NO_EMAIL = Text(
    "这种登录方式不会证明邮箱属于谁，不能按邮箱认人。",
    "This kind of provider proves nobody's address, so nobody can be known by it.",
)


class Providers:
    """Every method may raise Forbidden, Conflict, BadSettings, NotFound and NotSaved. `who` does it."""

    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        self._control, self._clock = control, clock
        self._sso, self._roles = control.sso, Roles(control, clock)

    def save(
        self, told: Mapping[str, Any], secret: str, who: Actor, *, fresh: bool = False
    ) -> ProviderRecord:
        """`told`: the record's fields. `secret` "": the kept one, as long as it goes to the same place.
        A `fresh` one must not replace another."""
        record = self.read({**told, "secret": "", "at": self._clock(), "by": who.id})
        with self._sso.rows.exclusive():
            before = self._sso.rows.get(record.id)
            if fresh and any(one.id == record.id for one in self._sso.all()):
                raise BadSettings(TAKEN.fill(id=record.id), field="name")
            self._must_change(before or record, who)
            self._must_change(record, who)
            if before is None and len(self._sso.all()) >= MOST:
                raise Conflict(TOO_MANY.fill(most=MOST))
            sealed = self._sealed(record, before, secret)
            if before and before.enabled and not record.enabled:
                self._must_leave_another(record.id)
            self._sso.rows.put(record.model_copy(update={"secret": sealed}))
        changed = ("secret: changed",) if secret else ()
        was = _said(before) if before else ()
        tell(Change("sso.save", who.id, f"provider {record.id}", was, (*_said(record), *changed)))
        return record

    def read(self, told: Mapping[str, Any]) -> ProviderRecord:
        """Raises BadSettings."""
        try:
            record = ProviderRecord.model_validate(dict(told))
        except ValidationError as e:
            problem = first_problem(e)
            raise BadSettings(problem.sentence(), field=problem.field) from None
        kind = kind_of(record.kind)
        for field in kind.fields:
            if field.must and field.name != "secret" and not getattr(record, field.name):
                raise BadSettings(MUST.fill(title=field.title), field=field.name)
        if record.by_email and not kind.proves_email:
            raise BadSettings(NO_EMAIL, field="by_email")
        for rule in record.rules:
            self._roles.must(rule.role)
        if record.default_role:
            self._roles.must(record.default_role)
        return record

    def remove(self, id: str, who: Actor) -> None:
        """Whom it signed in is known by it no more, and the roles that it gave are gone."""
        with self._sso.rows.exclusive():
            record = self._sso.must(id)
            self._must_change(record, who)
            self._must_leave_another(id)
            self._sso.rows.remove(id)
        Identities(self._control, self._clock).forget(id, who.id)
        tell(Change("sso.remove", who.id, f"provider {id}", _said(record), ()))

    def may_change(self, record: ProviderRecord, who: Actor) -> bool:
        try:
            self._must_change(record, who)
        except (Conflict, Forbidden, NotFound):
            return False
        return True

    def _must_change(self, record: ProviderRecord, who: Actor) -> None:
        """What it gives, they have: whoever may change where it asks may come in as anybody that it lets in.

        Raises Forbidden; Conflict for one of the environment.
        """
        if self._sso.is_fixed(record.id):
            raise Conflict(FIXED.fill(name=record.name))
        who.must(Permission.SETTINGS_EDIT)
        actor = self._roles.actor("", [rule.given for rule in record.rules])
        covers(who, actor.permissions, actor.on)
        if record.default_role:
            covers(who, self._roles.must(record.default_role).permissions)
        if record.by_email or record.is_strong:  # it then speaks for everybody
            covers(who, frozenset(Permission) - ALWAYS)

    def _must_leave_another(self, id: str) -> None:
        others = [one for one in self._sso.all() if one.enabled and one.id != id]
        if self._sso.options().only and not others:
            raise Conflict(NEEDED)

    def _sealed(self, record: ProviderRecord, before: ProviderRecord | None, secret: str) -> str:
        """A kept secret goes where it went: for another address it is asked for anew. Raises BadSettings."""
        field = next(one for one in kind_of(record.kind).fields if one.name == "secret")
        secret = secret.strip()
        if secret:
            if len(secret) > LONGEST or not secret.isprintable():
                raise BadSettings(BAD_SECRET, field="secret")
            return self._sso.seal(record.id, secret)
        if before and (before.kind, before.issuer, before.client_id) == (
            record.kind,
            record.issuer,
            record.client_id,
        ):
            return before.secret
        if field.must:
            raise BadSettings(MUST.fill(title=field.title), field="secret")
        return ""


def _said(record: ProviderRecord) -> tuple[str, ...]:
    """For the record of what was done; no secret."""
    rules = [f"{rule.claim} = {rule.value} → {rule.role}" for rule in record.rules]
    switches = [name for name in ("enabled", "by_email", "is_strong") if getattr(record, name)]
    about = [record.kind, record.issuer or record.client_id, f"default role: {record.default_role or '-'}"]
    return (*about, *switches, *rules)
