"""The owner's record, whose session key is sealed."""

import logging
import secrets
from contextlib import AbstractContextManager

from runtime.errors import BadSettings
from runtime.store.control.records import OwnerRecord
from runtime.store.control.secrets import SecretBox
from runtime.store.control.table import Table

SEALED = "owner.session_key"

log = logging.getLogger(__name__)


class SealedOwner:
    """Reading costs microseconds."""

    def __init__(self, table: Table[OwnerRecord], box: SecretBox) -> None:
        self._table = table
        self._box = box

    def get(self) -> OwnerRecord | None:
        return self._table.get("owner")

    def put(self, record: OwnerRecord) -> None:
        self._table.put(record)

    def exclusive(self) -> AbstractContextManager[None]:
        return self._table.exclusive()

    def new_session_key(self) -> str:
        """Sealed."""
        return self._box.seal(secrets.token_hex(32), SEALED)

    def session_key(self, record: OwnerRecord) -> bytes:
        """Raises BadSettings when it does not open."""
        return self._box.open(record.session_key, SEALED).encode()

    def reseal(self) -> int:
        """Seal the session key anew if an older key sealed it; how many there are. Raises BadSettings."""
        record = self.get()
        if record is None:
            return 0
        key = self._box.open(record.session_key, SEALED)
        if not self._box.is_current(record.session_key):
            self.put(record.model_copy(update={"session_key": self._box.seal(key, SEALED)}))
        return 1

    def renew_damaged_session(self) -> None:
        """A session key that does not open is made anew: everybody signs in again with the same password."""
        record = self.get()
        try:
            if record:
                self.session_key(record)
        except BadSettings:
            assert record
            self.put(record.model_copy(update={"session_key": self.new_session_key()}))
            log.error("the session key was damaged and is a new one: please sign in again")
