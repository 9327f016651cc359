"""Whom humans have, asked and told beside a running gateway."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from runtime.store.messages.handed import Handed, everybody, returning
from runtime.store.opening import connect, failed


class HandedList:
    """A running gateway tells the platform of what is changed here within seconds, else the next start does.

    Raises StoreFailed. Each may block for up to 2 s.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def everybody(self, now: float) -> list[Handed]:
        """The longest first."""
        if not self._path.exists():
            return []
        try:
            uri = f"file:{quote(str(self._path))}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True, timeout=2)) as db:
                db.row_factory = sqlite3.Row
                return everybody(db, now)
        except sqlite3.Error as e:
            if "no such table" in str(e):
                return []  # of an older version, not brought forward yet
            raise failed(self._path, e) from e

    def give_back(self, publication: str, sender: str, now: float) -> bool:
        """The agent is to answer the person again; False when no human has them."""
        if not any((one.publication, one.sender) == (publication, sender) for one in self.everybody(now)):
            return False
        try:
            with closing(connect(self._path)) as db:
                return returning(db, publication, sender)
        except sqlite3.Error as e:
            raise failed(self._path, e) from e
