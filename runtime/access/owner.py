"""The one person who may enter the builder: a password, and the sessions that were opened with it."""

import logging
import secrets

from runtime.access.passwords import hash_password, is_password
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.store.control.records import OwnerRecord
from runtime.store.control.secrets import SecretBox
from runtime.store.control.table import Table

SEALED = "owner.session_key"

log = logging.getLogger(__name__)


class Owner:
    """Reading costs microseconds, except `is_password` and `set_password`: 50 ms of CPU each."""

    def __init__(self, table: Table[OwnerRecord], box: SecretBox) -> None:
        self._table = table
        self._box = box

    def reseal(self) -> int:
        """Seal the session key anew if an older key sealed it; how many there are. Raises BadSettings."""
        record = self._table.get("owner")
        if record is None:
            return 0
        key = self._box.open(record.session_key, SEALED)
        if not self._box.is_current(record.session_key):
            self._table.put(record.model_copy(update={"session_key": self._box.seal(key, SEALED)}))
        return 1

    def renew_damaged_session(self) -> None:
        """A session key that does not open is made anew: everybody signs in again with the same password."""
        record = self._table.get("owner")
        try:
            if record:
                self._box.open(record.session_key, SEALED)
        except BadSettings:
            assert record
            key = self._box.seal(secrets.token_hex(32), SEALED)
            self._table.put(record.model_copy(update={"session_key": key}))
            log.error("the session key was damaged and is a new one: please sign in again")

    def exists(self) -> bool:
        """Whether a password was ever set."""
        return self._table.get("owner") is not None

    def set_password(self, password: str) -> None:
        """Also ends every session."""
        key = self._box.seal(secrets.token_hex(32), SEALED)
        self._table.put(OwnerRecord(password=hash_password(password), session_key=key))

    def is_password(self, password: str) -> bool:
        record = self._table.get("owner")
        return record is not None and is_password(password, record.password)

    def session_key(self) -> bytes:
        """Signs login cookies; another one after each change of the password. Raises NotFound without one."""
        return self._box.open(self._record().session_key, SEALED).encode()

    def end_session(self, session: str, *, expires_at: float, now: float) -> None:
        """Remember that it was logged out, until it would have expired anyway."""
        with self._table.exclusive():
            record = self._record()
            ended = {id: expires for id, expires in record.ended.items() if expires > now}
            self._table.put(record.model_copy(update={"ended": {**ended, session: expires_at}}))

    def is_ended(self, session: str) -> bool:
        return session in self._record().ended

    def _record(self) -> OwnerRecord:
        record = self._table.get("owner")
        if record is None:
            raise NotFound(Text("还没有设置密码。", "No password was set yet."))
        return record
