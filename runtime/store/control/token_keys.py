"""What signs the tokens of people who are signed in: made here, sealed, and replaced every month."""

import secrets

from pydantic import Field

from runtime.errors import BadSettings
from runtime.schema import Strict
from runtime.store.control.secrets import SecretBox
from runtime.store.control.table import Table

MONTH = 30 * 86_400.0
"""Seconds for which a key signs."""
KEPT = 2
"""The newest signs; the one before only opens: what it signed is over minutes after it was replaced."""
BYTES = 32


class TokenKey(Strict):
    """`id`: by which a token names it. `at`: when it was made, seconds since 1970."""

    id: str = Field(pattern=r"^[0-9a-f]{8}$")
    sealed: str = Field(repr=False)
    at: float


class TokenKeys:
    """Reading costs microseconds. Every method may raise Unreadable and, when it writes, NotSaved."""

    def __init__(self, table: Table[TokenKey], box: SecretBox) -> None:
        self._table, self._box = table, box
        self._opened: dict[str, bytes] = {}

    def newest(self, now: float) -> tuple[str, bytes]:
        """Which signs now, and its name. Raises BadSettings when it does not open."""
        record = self._current(now)
        if record is None:
            with self._table.exclusive():
                record = self._current(now) or self._made(now)
        return record.id, self._open(record)

    def find(self, id: str) -> bytes | None:
        """None where there is no such key, or no more. Raises BadSettings when it does not open."""
        record = self._table.get(id)
        return self._open(record) if record else None

    def catch_up(self) -> None:
        """What another instance made until now is known here after this. May block."""
        with self._table.exclusive():
            self._table.all()

    def rotate(self, now: float) -> None:
        """Another one signs from now on; what the one before the last signed opens nothing any more."""
        with self._table.exclusive():
            self._made(now)

    def reseal(self) -> int:
        """Seal anew what an older key sealed; what does not open is left as it is. How many open."""
        opened = 0
        for record in self._table.all().values():
            try:
                key = self._box.open(record.sealed, _owner(record.id))
            except BadSettings:
                continue
            opened += 1
            if not self._box.is_current(record.sealed):
                sealed = self._box.seal(key, _owner(record.id))
                self._table.put(record.model_copy(update={"sealed": sealed}))
        return opened

    def _current(self, now: float) -> TokenKey | None:
        """A clock that was put back makes no key young again."""
        newest = max(self._table.all().values(), key=lambda one: one.at, default=None)
        return newest if newest and abs(now - newest.at) < MONTH else None

    def _made(self, now: float) -> TokenKey:
        id = secrets.token_hex(4)
        latest = max((one.at for one in self._table.all().values()), default=0.0)
        sealed = self._box.seal(secrets.token_hex(BYTES), _owner(id))
        made = TokenKey(id=id, sealed=sealed, at=max(now, latest + 1e-3))
        self._table.put(made)
        by_age = sorted(self._table.all().values(), key=lambda one: -one.at)
        for old in by_age[KEPT:]:
            self._table.remove(old.id)
        return made

    def _open(self, record: TokenKey) -> bytes:
        known = self._opened.get(record.sealed)
        if known is None:
            known = bytes.fromhex(self._box.open(record.sealed, _owner(record.id)))
            self._opened = {**dict(list(self._opened.items())[-KEPT:]), record.sealed: known}
        return known


def _owner(id: str) -> str:
    return f"token_key.{id}"
