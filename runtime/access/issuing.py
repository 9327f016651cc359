"""Making and ending API keys: nobody makes one that may more than they may themselves."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from pydantic import Field, ValidationError

from runtime.access.actor import Actor, missing
from runtime.access.changes import Change, tell
from runtime.access.keys import OF_KEYS, Keys, agents_of, permissions_of
from runtime.access.permissions import Permission
from runtime.errors import Conflict, Forbidden, Invalid, NotFound
from runtime.lang import Text
from runtime.schema import Id, Strict, first_problem
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey

DAY = 86_400
USUAL: Mapping[str, float | None] = {
    "per_minute": 120,
    "per_day": 10_000,
    "tokens_per_day": 5_000_000,
    "megabytes_per_day": 200,
}
"""What a key may do when its owner says nothing: keys leak, and whoever finds one spends his money."""
MOST_OF_ONE = 50
"""Keys of one person, and ten times as many that are nobody's."""
LONGEST = 3_650
"""Days."""
Amount = Annotated[int, Field(ge=1, le=10**12)]
NO_RIGHT = Text("至少选一项权限。", "Choose at least one thing that it may do.")
NO_AGENT = Text("至少选一个智能体。", "Choose at least one agent.")
ENOUGH = Text("最多 {most} 个密钥，先作废不用的。", "There may be {most} keys: revoke one that is not used.")
NOT_MORE = Text(
    "最多 {most}。要更多，请能管理密钥的人发一个。",
    "At most {most}. For more, ask somebody who may issue keys.",
)


NAME = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
"""Something that is seen, and no sign that moves a terminal."""


class Wish(Strict):
    """A key that is to be made. `days`: how long it is good for; None: without end."""

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=NAME)]
    permissions: Annotated[tuple[str, ...], Field(max_length=20)]
    agents: Annotated[tuple[Id, ...], Field(max_length=50)]
    days: Annotated[int, Field(ge=1, le=LONGEST)] | None = None
    per_minute: Amount | None = None
    per_day: Amount | None = None
    tokens_per_day: Amount | None = None
    money_per_day: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] | None = None


def wish(given: Mapping[str, object]) -> Wish:
    """Raises Invalid, naming the field."""
    try:
        return Wish.model_validate({name: value for name, value in given.items() if value not in (None, "")})
    except ValidationError as e:
        problem = first_problem(e)
        raise Invalid(problem.sentence(), field=problem.field) from None


class Issuing:
    """`who` does it. Every method may raise NotSaved."""

    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        self._keys, self._clock, self._table = Keys(control, clock), clock, control.keys

    def own(self, wanted: Wish, who: Actor, *, by: Actor | None = None) -> str:
        """A key of their own, shown once. It may no more than they may, by then and by now. `by`: who makes
        it for them. Raises Invalid, Forbidden, Conflict."""
        if not (by or who).may(Permission.KEYS_EDIT):
            for name, most in USUAL.items():
                asked = getattr(wanted, name, most)
                if most is not None and (asked is None or asked > most):
                    raise Invalid(NOT_MORE.fill(most=f"{most:,.0f}"), field=name)
        return self._made(wanted, who, who.id, MOST_OF_ONE, by or who)

    def service(self, wanted: Wish, who: Actor) -> str:
        """A program's, which is nobody's and stays when people go. Raises as `own`."""
        who.must(Permission.KEYS_EDIT)
        return self._made(wanted, who, "", 10 * MOST_OF_ONE, who)

    def end(self, id: str, who: Actor, *, user: str | None = None) -> ApiKey:
        """At once. `user`: whose it has to be; None: anybody's, for who may. Raises NotFound, Forbidden."""
        found = self._keys.named(id)
        if user is not None and found.user != user:
            raise NotFound(Text("您没有这个密钥。", "You have no such key."))
        if user is None:
            for agent in agents_of(found):
                who.must(Permission.KEYS_EDIT, agent)
        ended = self._keys.revoke(found.id, by=who.id)
        tell(Change("key.revoke", who.id, f"key {found.prefix}", _said(found), ()))
        return ended

    def _made(self, wanted: Wish, who: Actor, user: str, most: int, by: Actor) -> str:
        permissions = permissions_named(wanted.permissions)
        agents = tuple(dict.fromkeys(wanted.agents))
        if not agents:
            raise Invalid(NO_AGENT, field="agents")
        for permission in permissions:
            if not all(who.may(permission, agent) for agent in agents):
                raise Forbidden(missing(permission), code=permission.id)
        expires_at = self._clock() + wanted.days * DAY if wanted.days else None
        with self._table.exclusive():
            if len(self._keys.of(user)) >= most:
                raise Conflict(ENOUGH.fill(most=most))
            key = self._keys.create(
                agents[0],
                agents=agents[1:],
                by=by.id,
                name=wanted.name.strip(),
                user=user,
                permissions=tuple(one.id for one in permissions),
                expires_at=expires_at,
                megabytes_per_day=USUAL["megabytes_per_day"],
                **{name: getattr(wanted, name) for name in LIMITS},
            )
        made = self._keys.find(key)
        tell(Change("key.create", by.id, f"key {made.prefix if made else ''}", (), _said(made)))
        return key


LIMITS = ("per_minute", "per_day", "tokens_per_day", "money_per_day")


def permissions_named(ids: Sequence[str]) -> list[Permission]:
    """Raises Invalid."""
    known = {one.id: one for one in OF_KEYS}
    if not ids:
        raise Invalid(NO_RIGHT, field="permissions")
    for id in ids:
        if id not in known:
            text = Text("密钥不能有「{id}」这个权限。", "A key cannot be allowed {id!r}.")
            raise Invalid(text.fill(id=id), field="permissions")
    return [known[id] for id in dict.fromkeys(ids)]


def _said(key: ApiKey | None) -> tuple[str, ...]:
    if key is None:
        return ()
    whose = (f"of {key.user}",) if key.user else ()
    may = (one.id for one in permissions_of(key))
    return (key.name, *whose, *may, *(f"agent {one}" for one in agents_of(key)))
