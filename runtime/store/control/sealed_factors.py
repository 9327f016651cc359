"""The secrets that people's codes are made of, sealed."""

from contextlib import AbstractContextManager

from runtime.errors import BadSettings
from runtime.store.control.secrets import SecretBox
from runtime.store.control.table import Table
from runtime.store.control.user_records import SecondFactorRecord


class SealedFactors:
    """Reading costs microseconds. Every method may raise Unreadable and, when it writes, NotSaved."""

    def __init__(self, table: Table[SecondFactorRecord], box: SecretBox) -> None:
        self._table = table
        self._box = box

    def get(self, user: str) -> SecondFactorRecord | None:
        return self._table.get(user)

    def put(self, record: SecondFactorRecord) -> None:
        self._table.put(record)

    def remove(self, user: str) -> bool:
        """Whether there was one."""
        return bool(self._table.remove(user))

    def exclusive(self) -> AbstractContextManager[None]:
        return self._table.exclusive()

    def seal(self, user: str, secret: str) -> str:
        """It opens for nobody else."""
        return self._box.seal(secret, _owner(user))

    def open(self, record: SecondFactorRecord) -> str:
        """Raises BadSettings when it does not open."""
        return self._box.open(record.secret, _owner(record.id))

    def reseal(self) -> int:
        """Seal anew what an older key sealed; what does not open is left as it is. How many open."""
        opened = 0
        for record in self._table.all().values():
            try:
                secret = self.open(record)
            except BadSettings:
                continue
            opened += 1
            if not self._box.is_current(record.secret):
                self.put(record.model_copy(update={"secret": self.seal(record.id, secret)}))
        return opened


def _owner(user: str) -> str:
    return f"second_factor.{user}"
