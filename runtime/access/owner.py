"""The one person who may enter the builder: a password, and the sessions that were opened with it."""

from runtime.access.passwords import hash_password, is_password
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.store.control.control import Control
from runtime.store.control.records import OwnerRecord


class Owner:
    """Reading costs microseconds, except `is_password` and `set_password`: 50 ms of CPU each."""

    def __init__(self, control: Control) -> None:
        self._kept = control.owner

    def exists(self) -> bool:
        """Whether a password was ever set."""
        return self._kept.get() is not None

    def set_password(self, password: str) -> None:
        """Also ends every session."""
        self._kept.put(
            OwnerRecord(password=hash_password(password), session_key=self._kept.new_session_key())
        )

    def is_password(self, password: str) -> bool:
        record = self._kept.get()
        return record is not None and is_password(password, record.password)

    def session_key(self) -> bytes:
        """Signs login cookies; another one after each change of the password. Raises NotFound without one."""
        return self._kept.session_key(self._record())

    def end_session(self, session: str, *, expires_at: float, now: float) -> None:
        """Remember that it was logged out, until it would have expired anyway."""
        with self._kept.exclusive():
            record = self._record()
            ended = {id: expires for id, expires in record.ended.items() if expires > now}
            self._kept.put(record.model_copy(update={"ended": {**ended, session: expires_at}}))

    def is_ended(self, session: str) -> bool:
        return session in self._record().ended

    def _record(self) -> OwnerRecord:
        record = self._kept.get()
        if record is None:
            raise NotFound(Text("还没有设置密码。", "No password was set yet."))
        return record
