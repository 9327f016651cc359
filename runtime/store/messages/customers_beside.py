"""Codes by which people prove which customer they are, made and undone beside a running gateway."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from runtime.store.messages.customers import claim, unbind_all
from runtime.store.messages.tables import TABLES
from runtime.store.opening import failed, open_store

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

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with closing(open_store(self._path, TABLES)) as db:
                db.execute("begin immediate")
                result = work(db)
                db.execute("commit")
                return result
        except sqlite3.Error as e:
            raise failed(self._path, e) from e
