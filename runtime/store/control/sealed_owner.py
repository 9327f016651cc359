"""What signs the cookies of all who sign in, sealed. In older homes the one owner's password is beside it."""

import logging
import secrets
from contextlib import AbstractContextManager

from runtime.errors import BadSettings, NotSaved
from runtime.store.control.records import OwnerRecord
from runtime.store.control.secrets import SecretBox
from runtime.store.control.table import Table
from runtime.store.control.user_records import Given, UserRecord

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

    def begin(self) -> None:
        """With a new key, unless there is one."""
        with self.exclusive():
            if self.get() is None:
                self.put(OwnerRecord(session_key=self.new_session_key()))

    def move_to(self, users: Table[UserRecord]) -> None:
        """The owner of an older home is a user like others, with the same password and sessions."""
        record = self.get()
        if record is None or not record.password:
            return
        try:
            with users.exclusive(), self.exclusive():
                if not users.all():
                    owner = Given(role="owner")
                    users.put(UserRecord(id="owner", password=record.password, roles=(owner,)))
                self.put(record.model_copy(update={"password": ""}))
        except NotSaved as e:
            log.error("the owner's password stays where it was, and opens nothing yet: %s", e.text.en)

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
