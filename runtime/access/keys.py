"""API keys: each is of one agent or some, is shown once and kept as a hash.

A key is somebody's, and then may no more than they may at that moment; or nobody's, a program's own.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runtime.access.actor import Actor
from runtime.access.permissions import Permission
from runtime.access.users import Users
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey

PREFIX = "hy-"
SHOWN = len(PREFIX) + 4
REMEMBERED = 90 * 86_400.0
"""Seconds for which a key that is over is still listed."""
ASKS = Permission.AGENTS_RUN
"""What every key may that says nothing else…"""
OPERATES = (Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_ANSWER, Permission.CONVERSATIONS_ERASE)
"""…and what one that operates may besides: see who waits, answer them, change what is kept of them."""
OF_KEYS = (ASKS, *OPERATES)
"""All that a key can be allowed…"""
WORDS: Mapping[Permission, Text] = {
    ASKS: Text("向智能体提问，拿到回答", "ask agents, and get their answers"),
    Permission.CONVERSATIONS_READ: Text(
        "查看工单和等人决定的事，连同里面的话",
        "see tickets and what waits for a decision, with what was written there",
    ),
    Permission.CONVERSATIONS_ANSWER: Text(
        "以客服身份回复、接手和交还工单，替人做决定",
        "answer as an operator, take tickets and hand them back, and decide what waits",
    ),
    Permission.CONVERSATIONS_ERASE: Text(
        "给人加标签，说明谁是哪位客户", "put tags on people, and say whose customer they are"
    ),
}
"""…and what a program may then do, where that is more or less than what a person does by it."""


class Keys:
    """Times are seconds since 1970. Reading costs microseconds."""

    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        self._control = control
        self._table = control.keys
        self._clock = clock

    def create(self, agent: str, *, by: str = "", **fields: Any) -> str:
        """A new key, which cannot be shown again. `fields` of ApiKey; None leaves one as usual."""
        key = PREFIX + secrets.token_urlsafe(32)
        self.prune()
        given = {name: value for name, value in fields.items() if value is not None}
        self._table.put(
            ApiKey.model_validate(
                {
                    "id": _digest(key),
                    "agent": agent,
                    "prefix": key[:SHOWN],
                    "created_at": self._clock(),
                    "by": by,
                    **given,
                }
            )
        )
        return key

    def prune(self) -> int:
        """How many records went of keys that opened nothing for so long: the audit log tells of them."""
        before, gone = self._clock() - REMEMBERED, 0
        for key in self.all():
            ends = [one for one in (key.revoked_at, key.expires_at) if one is not None]
            if ends and min(ends) < before:
                gone += bool(self._table.remove(key.id))
                self._control.key_uses.remove(key.id)
        return gone

    def find(self, key: str) -> ApiKey | None:
        """None when the key is unknown, revoked or expired, or whose it was may not come in."""
        record = self._table.get(_digest(key))
        return record if record and self.opens(record) else None

    def opens(self, key: ApiKey) -> bool:
        """Whether it opens anything now."""
        if not is_valid(key, self._clock()):
            return False
        return not key.user or Users(self._control).generation(key.user) is not None

    def actor(self, key: ApiKey) -> Actor:
        """Who comes with it: no more than it was given, and no more than whose it is may do by now."""
        whose = Users(self._control).actor(key.user) if key.user else None
        on = {}
        for permission in permissions_of(key):
            agents = agents_of(key)
            if key.user:
                agents = tuple(one for one in agents if whose and whose.may(permission, one))
            on[permission] = frozenset(agents)
        return Actor(f"api {key.name or key.prefix}", frozenset(), on)

    def may_now(self, key: str) -> Actor | None:
        """Who comes with that key; None for one that opens nothing."""
        found = self.find(key)
        return self.actor(found) if found else None

    def all(self) -> list[ApiKey]:
        """Oldest first, also those that are no longer valid."""
        return list(self._table.all().values())

    def of(self, user: str) -> list[ApiKey]:
        """Theirs that are not revoked, also those that are over; of "": those that are nobody's."""
        return [key for key in self.all() if key.user == user and key.revoked_at is None]

    def revoke(self, prefix: str, *, by: str = "") -> ApiKey:
        """End the valid key that is shown as `prefix` (or whose id it is), at once. Raises NotFound."""
        with self._table.exclusive():
            changes = {"revoked_at": self._clock(), "revoked_by": by}
            revoked = self.named(prefix).model_copy(update=changes)
            self._table.put(revoked)
        return revoked

    def named(self, prefix: str) -> ApiKey:
        """The key that is not revoked and is shown as `prefix`, or whose id it is. Raises NotFound."""
        found = [key for key in self.all() if key.revoked_at is None and prefix in (key.prefix, key.id)]
        if len(found) != 1:
            raise NotFound(
                Text(
                    "没有唯一的有效密钥「{prefix}」。请从 key list 里复制编号。",
                    "There is not exactly one valid key {prefix!r}. Copy the id from key list.",
                ).fill(prefix=prefix)
            )
        return found[0]


def is_valid(key: ApiKey, now: float) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)


def agents_of(key: ApiKey) -> tuple[str, ...]:
    return (key.agent, *(one for one in key.agents if one != key.agent))


def permissions_of(key: ApiKey) -> Sequence[Permission]:
    """Of those that there are: one of a newer version allows nothing."""
    if key.permissions is None:
        return OF_KEYS if key.operates else (ASKS,)
    return [one for one in OF_KEYS if one.id in key.permissions]


def _digest(key: str) -> str:
    # The key has 256 random bits, so a plain hash cannot be guessed backwards.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
