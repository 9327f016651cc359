"""Codes by which people prove which customer they are, made and undone beside a running gateway."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from runtime.store.database import Db
from runtime.store.messages.beside import writing
from runtime.store.messages.customers import claim, unbind_all

T = TypeVar("T")


class CustomersBeside:
    """Raises StoreFailed. Each may block for up to 2 s."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def claim(self, agent: str, customer: str, now: float, seconds: float) -> str:
        """See Customers.claim."""
        return self._write(lambda db: claim(db, agent, customer, now, seconds))

    def unbind_all(self, publications: Sequence[str], customer: str) -> int:
        """See Customers.unbind_all."""
        return self._write(lambda db: unbind_all(db, publications, customer))

    def _write(self, work: Callable[[Db], T]) -> T:
        with writing(self._path) as db:
            return work(db)
