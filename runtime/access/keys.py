"""API keys: each belongs to one agent, is shown once and kept as a hash."""

import hashlib
import secrets
import time
from collections.abc import Callable

from runtime.errors import NotFound
from runtime.lang import Text
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey

PREFIX = "hy-"
SHOWN = len(PREFIX) + 4


class Keys:
    """Times are seconds since 1970."""

    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        self._table = control.keys
        self._clock = clock

    def create(self, agent: str, *, by: str = "", **limits: float | None) -> str:
        """A new key, which cannot be shown again. `limits`: fields of ApiKey; None leaves one as usual."""
        key = PREFIX + secrets.token_urlsafe(32)
        given = {name: value for name, value in limits.items() if value is not None}
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

    def find(self, key: str) -> ApiKey | None:
        """None when the key is unknown, revoked or expired."""
        record = self._table.get(_digest(key))
        return record if record and is_valid(record, self._clock()) else None

    def all(self) -> list[ApiKey]:
        """Oldest first, also those that are no longer valid."""
        return list(self._table.all().values())

    def revoke(self, prefix: str, *, by: str = "") -> ApiKey:
        """End the valid key that is shown as `prefix` (or whose id it is), at once. Raises NotFound."""
        with self._table.exclusive():
            changes = {"revoked_at": self._clock(), "revoked_by": by}
            revoked = self.named(prefix).model_copy(update=changes)
            self._table.put(revoked)
        return revoked

    def named(self, prefix: str) -> ApiKey:
        """The valid key that is shown as `prefix`, or whose id it is. Raises NotFound."""
        now = self._clock()
        found = [key for key in self.all() if is_valid(key, now) and prefix in (key.prefix, key.id)]
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


def _digest(key: str) -> str:
    # The key has 256 random bits, so a plain hash cannot be guessed backwards.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
